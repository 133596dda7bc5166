import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ASHAScheduler } from '../../schedulers/index.js'
import {
  type ExecutorFactory,
  type ResultGrid,
  report,
  Simulation,
  type TrialContext,
  Tuner,
  uniform,
} from '../../src/index.js'

const storagePath = mkdtempSync(join(tmpdir(), 'tunewright-pausing-'))
afterAll(() => rmSync(storagePath, { recursive: true, force: true }))

const starts = new Map<number, number>()

/** A random walk that can be saved, and counts how often each trial was started. */
async function* walk({ drift }: { drift: number }, { checkpoint, rng, trialIndex }: TrialContext) {
  starts.set(trialIndex, (starts.get(trialIndex) ?? 0) + 1)
  let state = { step: 0, place: 0 }
  if (checkpoint) state = JSON.parse(readFileSync(join(checkpoint.directory, 'state.json'), 'utf8'))
  while (state.step < 9) {
    const step = state.step + 1
    state = { step, place: state.place + drift + 0.1 * rng.fork(step).normal() }
    const saved = JSON.stringify(state)
    yield report(
      { place: state.place },
      { checkpoint: directory => writeFileSync(join(directory, 'state.json'), saved) },
    )
  }
}

let names = 0
async function tune(executor: 'inline' | ExecutorFactory, trainable: typeof walk = walk): Promise<ResultGrid<unknown>> {
  starts.clear()
  return await new Tuner(trainable, {
    paramSpace: { drift: uniform(0, 1) },
    tuneConfig: {
      metric: 'place',
      mode: 'max',
      numSamples: 100,
      maxConcurrentTrials: 8,
      seed: 4,
      // every trial pauses at its first report; far more wait than are kept in memory
      scheduler: new ASHAScheduler({ maxT: 9, reductionFactor: 3, variant: 'promotion' }),
    },
    runConfig: { storagePath, name: `study-${names++}`, verbose: 0, executor },
  }).fit()
}

const essence = (grid: ResultGrid<unknown>) =>
  [...grid].map(({ config, status, history }) => ({ config, status, metrics: history.map(({ metrics }) => metrics) }))

/** An executor that holds nothing that pauses in memory. */
const forgetful: ExecutorFactory = options => {
  const executor = new Simulation({ workers: 3 }).executor(options)
  const holds = executor.holds.bind(executor)
  const paused = new Set<number>()
  return Object.assign(executor, {
    pause: ((pause: typeof executor.pause) => (trialIndex: number) => {
      paused.add(trialIndex)
      pause.call(executor, trialIndex)
    })(executor.pause),
    start: (
      (start: typeof executor.start) =>
      (...run: Parameters<typeof executor.start>) => {
        paused.delete(run[0].trialIndex)
        start.apply(executor, run)
      }
    )(executor.start),
    holds: (trialIndex: number) => holds(trialIndex) && !paused.has(trialIndex),
  })
}

describe('a paused trial', () => {
  it('goes on from memory or from its checkpoint with the same results', async () => {
    const kept = await tune('inline')
    const restarted = [...starts.values()].filter(count => count > 1).length
    const forgotten = await tune(forgetful)
    expect([...starts.values()].filter(count => count > 1).length).toBeGreaterThan(restarted)
    expect(essence(forgotten)).toEqual(essence(kept))
  })

  it('begins again where it can’t be saved, and reports nothing twice', async () => {
    async function* unsaved({ drift }: { drift: number }, context: TrialContext) {
      for await (const step of walk({ drift }, { ...context, checkpoint: undefined })) yield step.metrics
    }
    const plain = await tune(forgetful, unsaved as unknown as typeof walk)
    expect(essence(plain)).toEqual(essence(await tune('inline')))
  })
})
