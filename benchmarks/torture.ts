/** `npm run torture -- --runs N --seed S`: kills studies wherever it can and compares what they come to; its last line is JSON. */
import { parseArgs } from 'node:util'
import { torture } from './torture-run.js'
import type { TortureKind } from './torture-study.js'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    kind: { type: 'string' },
  },
})
const figures = await torture({
  runs: Number(values.runs),
  seed: Number(values.seed),
  from: Number(values.from),
  ...(values.kind !== undefined && { kinds: [values.kind as TortureKind] }),
  log: line => process.stderr.write(`${line}\n`),
})
process.stdout.write(`${JSON.stringify(figures)}\n`)
process.exitCode = figures.equal === figures.runs && figures.lostCommits + figures.leftovers === 0 ? 0 : 1
