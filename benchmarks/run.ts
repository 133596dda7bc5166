/** `npm run bench -- NAME [--json] [options]`: runs a benchmark; its last line on standard output is JSON when asked for. */
import { type ParseArgsConfig, parseArgs } from 'node:util'

/** What a benchmark's module exports. */
interface Benchmark {
  /** Its own options, beside `--json`. */
  readonly options?: NonNullable<ParseArgsConfig['options']>
  /** @returns its figures, or a text that shows them, never so with `json` */
  bench(options: { readonly json: boolean }): Promise<Record<string, unknown> | string>
}

const benchmarks: Record<string, () => Promise<Benchmark>> = {
  overhead: () => import('./overhead.js'),
  order: () => import('./order.js'),
  train: () => import('./train.js'),
  quality: () => import('./quality.js'),
  fronts: () => import('./fronts.js'),
  fidelity: () => import('./fidelity.js'),
  scaling: () => import('./scaling.js'),
  resume: () => import('./resume.js'),
  listing: () => import('./listing.js'),
  calibration: () => import('./calibration.js'),
  report: () => import('./report.js'),
}

const json = { json: { type: 'boolean', default: false } } as const

function exitWithUsage(text: string): never {
  process.stderr.write(`${text}\n`)
  process.exit(2)
}

const args = process.argv.slice(2)
const name = args.find(argument => Object.hasOwn(benchmarks, argument))
const load = name === undefined ? undefined : benchmarks[name]
if (name === undefined || load === undefined) {
  exitWithUsage(
    `usage: npm run bench -- NAME [--json] [options], where NAME is one of ${Object.keys(benchmarks).join(', ')}`,
  )
}
const { options = {}, bench } = await load()
const values = readArguments()
const figures = await bench(values).catch(explain)
if (typeof figures === 'string') process.stdout.write(`${figures}\n`)
else process.stdout.write(`${values.json ? JSON.stringify(figures) : JSON.stringify(figures, undefined, 2)}\n`)

/** What a benchmark throws as a plain error is for its user; anything else is a fault, with its stack. */
function explain(error: unknown): never {
  if (!(error instanceof Error) || error.constructor !== Error || error.cause !== undefined) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}

function readArguments(): { readonly json: boolean } {
  const rest = args.filter(argument => argument !== name)
  try {
    const parsed = parseArgs({ args: rest, options: { ...options, ...json } }).values
    return { ...parsed, json: parsed.json === true }
  } catch (error) {
    const own = Object.entries(options).map(([option, { type }]) => `[--${option}${type === 'string' ? ' …' : ''}]`)
    const message = error instanceof Error ? error.message : String(error)
    return exitWithUsage(`${message}\nusage: npm run bench -- ${[name, '[--json]', ...own].join(' ')}`)
  }
}
