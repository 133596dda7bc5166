/** `npm run bench -- NAME [--json]`: runs a benchmark; its last line on standard output is JSON when asked for. */
import { parseArgs } from 'node:util'

const benchmarks: Record<
  string,
  () => Promise<{ bench(options: { json: boolean }): Promise<Record<string, unknown>> }>
> = {
  overhead: () => import('./overhead.js'),
  order: () => import('./order.js'),
  train: () => import('./train.js'),
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
})
const load = positionals[0] === undefined ? undefined : benchmarks[positionals[0]]
if (load === undefined) {
  process.stderr.write(
    `usage: npm run bench -- NAME [--json], where NAME is one of ${Object.keys(benchmarks).join(', ')}\n`,
  )
  process.exit(2)
}
const { bench } = await load()
const figures = await bench({ json: values.json })
process.stdout.write(`${values.json ? JSON.stringify(figures) : JSON.stringify(figures, undefined, 2)}\n`)
