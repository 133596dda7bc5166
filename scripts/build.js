// Compiles to dist, unless dist is newer than everything that it is made from. tsc's messages go to stderr, so that a command
// that builds first keeps stdout for itself; what dist holds of sources that are gone is removed, so that it never ships.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const output = join(root, 'dist')
// a stamp of our own: tsc writes its build info after a failed build too
const stamp = join(output, '.built')
const { include } = JSON.parse(readFileSync(join(root, 'tsconfig.build.json'), 'utf8'))
const folders = include.filter(folder => existsSync(join(root, folder)))

if (!isFresh()) build()

/** Compares modification times; those of folders tell of files added, removed and renamed. */
function isFresh() {
  if (!existsSync(stamp)) return false
  const built = statSync(stamp).mtimeMs
  const settings = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/build.js']
  return ![...settings, ...folders.flatMap(tree)].some(path => statSync(join(root, path)).mtimeMs > built)
}

function tree(folder) {
  return [folder, ...readdirSync(join(root, folder), { recursive: true }).map(path => join(folder, path))]
}

function build() {
  const started = performance.timeOrigin + performance.now()
  rmSync(stamp, { force: true })
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const result = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (result.status !== 0) {
    process.exitCode = 1
    return
  }
  prune()
  mkdirSync(output, { recursive: true })
  writeFileSync(stamp, '')
  // what was edited during the build counts as newer
  utimesSync(stamp, started / 1000, started / 1000)
}

function prune() {
  for (const path of readdirSync(output, { recursive: true })) {
    const source = path.replace(/\.(?:d\.ts|js)(?:\.map)?$/, '.ts')
    if (source !== path && !existsSync(join(root, source))) rmSync(join(output, path), { force: true })
  }
}
