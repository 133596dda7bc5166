// Runs every example from dist, one after another, in a temporary folder: `npm run examples -- --quick` at reduced size, without it in full.
// `--only NAME` (again for more) picks some, `--verbose` shows what they print, what follows a further `--` goes to the examples.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
/** Arguments of the short forms that are not `--quick` alone; the tests go by them too. */
const shortForms = JSON.parse(readFileSync(join(root, 'scripts', 'short-examples.json'), 'utf8'))

const { values: options, positionals: extra } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    verbose: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
const files = readdirSync(join(root, 'examples')).filter(file => file.endsWith('.ts'))
const all = files.map(file => file.slice(0, -'.ts'.length)).sort()
const names = options.only ?? all
const unknown = names.filter(name => !all.includes(name))
if (unknown.length > 0) {
  console.error(`There is no example ${unknown.join(', ')}: take one of ${all.join(', ')}`)
  process.exit(2)
}

/** What runs longer in its short form hangs. */
const quickLimitMs = 300_000

const folder = mkdtempSync(join(tmpdir(), 'tunewright-examples-'))
let running
process.on('exit', () => {
  running?.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})
for (const [signal, status] of Object.entries({ SIGINT: 130, SIGTERM: 143 }))
  process.on(signal, () => process.exit(status))

if (!options.quick) {
  console.log('In full, on 2 cores, by what each says:')
  for (const name of names) console.log(`  ${name.padEnd(28)}${statedTime(name) ?? 'it doesn’t say'}`)
}
const failed = []
for (const name of names) {
  const started = performance.now()
  const { problem, output } = await run(name, [...(options.quick ? (shortForms[name] ?? ['--quick']) : []), ...extra])
  const seconds = `${((performance.now() - started) / 1000).toFixed(1)} s`
  console.log(
    `${problem ? 'FAILED' : 'ok    '} ${name.padEnd(28)}${seconds.padStart(9)}${problem ? `  ${problem}` : ''}`,
  )
  if (problem === undefined) continue
  failed.push(name)
  if (!options.verbose) console.log(output.replaceAll(/^/gm, '    '))
}
if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`)
console.log(`${names.length - failed.length} passed, ${failed.length} failed`)
process.exitCode = failed.length > 0 ? 1 : 0

/** How long an example says that it takes; undefined for one that says nothing. */
function statedTime(name) {
  const source = readFileSync(join(root, 'examples', `${name}.ts`), 'utf8')
  const header = source.slice(0, source.indexOf('*/')).replaceAll(/\s*\n \* ?/g, ' ')
  return /takes (about \S+ \S+)/i.exec(header)?.[1]?.replace(/,$/, '')
}

/** Runs an example to its end; tells what went wrong, if anything, and what it printed. */
async function run(name, args) {
  const script = join(root, 'dist', 'examples', `${name}.js`)
  if (!existsSync(script)) return { problem: 'is not built: run npm run build', output: '' }
  const chunks = []
  const child = spawn(process.execPath, [script, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.quick && { timeout: quickLimitMs, killSignal: 'SIGKILL' }),
  })
  running = child
  for (const [stream, shown] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ])
    stream.on('data', chunk => {
      chunks.push(chunk)
      if (options.verbose) shown.write(chunk)
    })
  const problem = await new Promise(resolve => {
    child.on('error', error => resolve(error.message))
    child.on('close', (status, signal) => {
      if (status === 0) resolve(undefined)
      else resolve(signal === null ? `ended with status ${status}` : `was ended by ${signal}`)
    })
  })
  running = undefined
  return { problem, output: Buffer.concat(chunks).toString().trimEnd() }
}
