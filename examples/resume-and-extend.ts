/** A study that is killed and taken up again comes to what it would have been; one that has ended goes on to more samples and iterations. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { loguniform, report, type TrialContext, Tuner, type TunerOptions, uniform } from 'tunewright'

/** Minimizes x² by momentum from noisy gradients; a step takes 2 ms. */
async function* descend({ lr, momentum }: { lr: number; momentum: number }, context: TrialContext) {
  let state = { step: 0, x: 1, v: 0 }
  if (context.checkpoint) state = JSON.parse(readFileSync(join(context.checkpoint.directory, 'state.json'), 'utf8'))
  for (;;) {
    await sleep(2)
    const step = state.step + 1
    const v = momentum * state.v - lr * (state.x + 0.1 * context.rng.fork('step', step).normal())
    state = { step, x: state.x + v, v }
    const saved = JSON.stringify(state)
    yield report({ loss: state.x ** 2 }, { checkpoint: folder => writeFileSync(join(folder, 'state.json'), saved) })
  }
}

function options(storagePath: string, name: string, numSamples: number, iterations: number) {
  return {
    paramSpace: { lr: loguniform(1e-3, 1), momentum: uniform(0, 0.99) },
    tuneConfig: { metric: 'loss', mode: 'min', numSamples, seed: 7 },
    runConfig: {
      storagePath,
      name,
      verbose: 0,
      stop: { trainingIteration: iterations },
      checkpointConfig: { checkpointFrequency: 1, numToKeep: 1 },
    },
  } satisfies TunerOptions
}

const [inChild] = process.argv.slice(2)
if (inChild !== undefined) {
  await new Tuner(descend, options(inChild, 'killed', 12, 20)).fit()
  process.exit()
}

const storagePath = mkdtempSync(join(tmpdir(), 'tunewright-example-'))
const journal = join(storagePath, 'killed', 'journal.jsonl')
const countReports = () => (existsSync(journal) ? readFileSync(journal, 'utf8').split('"report"').length - 1 : 0)

const child = fork(fileURLToPath(import.meta.url), [storagePath])
while (countReports() < 100 && child.exitCode === null) await sleep(5)
child.kill('SIGKILL')
await once(child, 'exit')
console.log(`killed with ${countReports()} of 240 reports on disk`)

const resumed = await Tuner.restore(join(storagePath, 'killed'), descend, { runConfig: { verbose: 0 } }).fit()
const whole = await new Tuner(descend, options(storagePath, 'whole', 12, 20)).fit()
const losses = (grid: typeof whole) =>
  JSON.stringify([...grid].map(({ metricsHistory }) => metricsHistory.map(m => m.loss)))
console.log(`resumed: ${resumed.length} trials, the same to the last bit: ${losses(resumed) === losses(whole)}`)

const extended = await Tuner.restore(join(storagePath, 'whole'), descend, {
  tuneConfig: { numSamples: 16 },
  runConfig: { verbose: 0, stop: { trainingIteration: 40 } },
  resumeConfig: { extend: true },
}).fit()
const atOnce = await new Tuner(descend, options(storagePath, 'at once', 16, 40)).fit()
const best = extended.getBestResult()
console.log(
  `extended: ${extended.length} trials, the best with loss ${Number(best.metrics.loss).toExponential(2)} after ${best.history.length} steps`,
)
console.log(`the same as if it had been so long from the start: ${losses(extended) === losses(atOnce)}`)
