import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const readJson = (path: string) => JSON.parse(readFileSync(`${root}/${path}`, 'utf8'))

describe('the package', () => {
  const manifest = readJson('package.json')
  let files: string[] = []
  let unpackedSize = 0

  beforeAll(() => {
    const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      shell: process.platform === 'win32',
    })
    const [packed] = JSON.parse(output)
    files = packed.files.map((file: { path: string }) => file.path)
    unpackedSize = packed.unpackedSize
  })

  it('ships what its entry points name, and the sources of its source maps', () => {
    const targets = Object.values(manifest.exports).flatMap(target =>
      typeof target === 'string' ? [target] : Object.values(target as Record<string, string>),
    )
    const named = targets.map(target => target.replace('./', ''))
    expect(files).toEqual(expect.arrayContaining([...named, 'src/index.ts', 'LICENSE']))
  })

  it('ships nothing else: no tests, examples, benchmarks or build information', () => {
    const own =
      /^(?:(?:dist\/)?(?:src|searchers|schedulers|trainables|testing|analysis)\/|docs\/(?!api\/)|(?:package\.json|README\.md|LICENSE)$)/
    expect(files.filter(file => !own.test(file) || file.endsWith('.tsbuildinfo'))).toEqual([])
  })

  it('ships no compiled file without its source', () => {
    const compiled = files.filter(file => file.startsWith('dist/'))
    const sourceOf = (file: string) => file.replace(/^dist\//, '').replace(/\.(?:d\.ts|js)(?:\.map)?$/, '.ts')
    expect(compiled.filter(file => !files.includes(sourceOf(file)))).toEqual([])
  })

  it('stays small', () => {
    expect(unpackedSize).toBeLessThan(10e6)
  })

  it.each(Object.keys(manifest.exports).filter(path => !path.endsWith('.json')))('can be imported from %s', path => {
    // in a process of its own: Node.js resolves it, as it does for users
    const specifier = `${manifest.name}${path.slice(1)}`
    const script = `const names = Object.keys(await import('${specifier}')); console.log(names.length > 0)`
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: root,
      encoding: 'utf8',
    })
    expect(output.trim()).toBe('true')
  })

  it('has every optional peer marked as such', () => {
    const optional = Object.fromEntries(Object.keys(manifest.peerDependencies).map(name => [name, { optional: true }]))
    expect(manifest.peerDependenciesMeta).toEqual(optional)
  })
})

describe('the tools', () => {
  it('are pinned to exact versions', () => {
    const { dependencies, devDependencies } = readJson('package.json')
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)),
    )
    expect(loose).toEqual([])
  })

  it('are locked for every platform, by hash and from no particular host', () => {
    const { packages } = readJson('package-lock.json') as {
      packages: Record<string, { resolved?: string; integrity?: string; optionalDependencies?: Record<string, string> }>
    }
    const locked = new Set(Object.keys(packages).map(path => path.replace(/^.*node_modules\//, '')))
    const faults = Object.entries(packages).flatMap(([path, entry]) => [
      ...(entry.resolved === undefined ? [] : [`${path} names a host`]),
      ...(path === '' || entry.integrity !== undefined ? [] : [`${path} has no hash`]),
      ...Object.keys(entry.optionalDependencies ?? {})
        .filter(name => !locked.has(name))
        .map(name => `${path} lacks ${name}`),
    ])
    expect(faults).toEqual([])
  })
})
