import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { afterAll, describe, expect, it } from 'vitest'
import { openResults } from '../../src/index.js'
import { call } from './support.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const program = join(root, manifest.bin.tunewright)
// inside the repository, so that its packages are found; git ignores it
mkdirSync(join(root, 'tunewright-results'), { recursive: true })
const inside = mkdtempSync(join(root, 'tunewright-results', 'init-'))
const outside = mkdtempSync(join(tmpdir(), 'tunewright-init-'))
afterAll(() => {
  for (const folder of [inside, outside]) rmSync(folder, { recursive: true, force: true })
})

describe('tunewright init', () => {
  it('writes a package for npm, and says how to go on', async () => {
    const folder = join(outside, 'My Study!')
    const { code, stdout } = await call(['init', folder])
    expect(code).toBe(0)
    expect(stdout).toContain('npm install\n  npm start ')
    expect(readdirSync(folder).sort()).toEqual([
      '.gitignore',
      'README.md',
      'package.json',
      'study.ts',
      'train.ts',
      'tsconfig.json',
    ])
    const made = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    expect(made).toMatchObject({
      name: 'my-study',
      type: 'module',
      scripts: { start: 'node --import tsx study.ts', resume: 'tunewright resume --script study.ts' },
      dependencies: { tunewright: `^${manifest.version}` },
    })
    // what it is given is what the package says that it works with
    for (const [name, range] of Object.entries({ ...made.dependencies, ...made.devDependencies }))
      if (name in manifest.peerDependencies)
        expect(String(range).split('.')[0], name).toBe(manifest.peerDependencies[name].split('.')[0])
  })

  it('writes JavaScript when asked to, without anything of TypeScript', async () => {
    const folder = join(outside, 'plain')
    await call(['init', folder, '--js', '--tunewright', 'file:../x.tgz'])
    expect(readdirSync(folder).sort()).toEqual(['.gitignore', 'README.md', 'package.json', 'study.js', 'train.js'])
    const made = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    expect(made).toMatchObject({ scripts: { start: 'node study.js' }, dependencies: { tunewright: 'file:../x.tgz' } })
    expect(made.devDependencies).toBeUndefined()
    for (const name of ['study.js', 'train.js'])
      expect(spawnSync(process.execPath, ['--check', join(folder, name)]).status, name).toBe(0)
  })

  it('leaves files as they are that are there, and says which', async () => {
    const folder = join(outside, 'held')
    mkdirSync(folder)
    writeFileSync(join(folder, 'package.json'), '{}')
    symlinkSync(join(outside, 'nowhere'), join(folder, 'README.md'))
    const { code, stdout } = await call(['init', folder])
    expect(code).toBe(0)
    expect(stdout).toContain('Left as they were: package.json, README.md\n')
    expect(stdout).toContain(`npm install tunewright@^${manifest.version} echarts && npm install --save-dev tsx`)
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe('{}')
    expect(readdirSync(outside)).not.toContain('nowhere')
  })

  it('writes nothing where a study is already', async () => {
    const folder = join(outside, 'taken')
    mkdirSync(folder)
    writeFileSync(join(folder, 'train.ts'), 'mine')
    const { code, stderr } = await call(['init', folder])
    expect(code).toBe(1)
    expect(stderr).toContain('has train.ts already, and nothing was written')
    expect(readdirSync(folder)).toEqual(['train.ts'])
    writeFileSync(join(outside, 'file'), '')
    expect((await call(['init', join(outside, 'file')])).stderr).toContain("can't be written to")
  })
})

describe('the starter', () => {
  it('compiles as its own tsconfig.json says', { timeout: 60_000 }, async () => {
    const folder = await start('compiled')
    const read = ts.readConfigFile(join(folder, 'tsconfig.json'), ts.sys.readFile)
    const { options, fileNames } = ts.parseJsonConfigFileContent(read.config, ts.sys, folder)
    const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram(fileNames, options))
    expect(fileNames).toHaveLength(2)
    expect(diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([])
  })

  it.each(['ts', 'js'])(
    'runs in %s, stops when it is asked to, and goes on by `tunewright resume` to its end',
    { timeout: 180_000 },
    async language => {
      const folder = await start(language, ...(language === 'js' ? ['--js'] : []))
      const command = language === 'ts' ? ['--import', 'tsx', 'study.ts'] : ['study.js']
      const first = await run(folder, command, 'iterations: accuracy')
      expect(first).toMatchObject({ code: 130 })
      expect(first.output).toContain('Go on with: npm run resume')
      const resumeArgs = [program, 'resume', '--script', `study.${language}`]
      const second = await run(folder, resumeArgs, 'iterations: accuracy')
      expect(second, second.output).toMatchObject({ code: 130 })
      const last = await run(folder, resumeArgs)
      expect(last, last.output).toMatchObject({ code: 0 })
      expect(last.output).toContain('Best config, of trial')
      const again = await run(folder, resumeArgs)
      expect(again).toMatchObject({ code: 1 })
      expect(again.output).toContain('no study in tunewright-results was left unfinished: 1 finished')
      const studies = readdirSync(join(folder, 'tunewright-results'))
      expect(studies).toHaveLength(1)
      const results = openResults(join(folder, 'tunewright-results', studies[0] ?? ''))
      expect([results.length, results.numErrors]).toEqual([60, 0])
      expect(Number(results.getBestResult({ scope: 'all' }).metrics.accuracy)).toBeGreaterThan(0.9)
    },
  )
})

/** Writes a starter and installs this package for it. @returns its folder */
async function start(name: string, ...args: string[]): Promise<string> {
  const folder = join(inside, name)
  await call(['init', folder, ...args])
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(root, join(folder, 'node_modules', 'tunewright'), 'junction')
  // less to learn from, so that a test is quick
  const module = join(folder, `train.${args.includes('--js') ? 'js' : 'ts'}`)
  writeFileSync(module, readFileSync(module, 'utf8').replace('moons(10_000,', 'moons(1_000,'))
  return folder
}

/** Runs node in a folder; once it has printed a text, it is asked to stop. */
function run(cwd: string, args: readonly string[], stopAt?: string): Promise<{ code: number | null; output: string }> {
  return new Promise(resolve => {
    const child: ChildProcess = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let isAsked = false
    const read = (data: Buffer) => {
      output += data.toString()
      if (stopAt === undefined || isAsked || !output.includes(stopAt)) return
      isAsked = true
      child.kill('SIGINT')
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.on('close', code => resolve({ code, output }))
  })
}
