import { describe, expect, it } from 'vitest'
import {
  ASHAScheduler,
  FIFOScheduler,
  HyperBandForBOHB,
  HyperBandScheduler,
  MedianStoppingRule,
  PASHAScheduler,
  SuccessiveHalvingScheduler,
} from '../../schedulers/index.js'
import { Simulation, Tuner, uniform } from '../../src/index.js'
import type { Scheduler } from '../../src/scheduler.js'

const maxT = 27
const plan = { maxT, reductionFactor: 3 }

const schedulers: [string, () => Scheduler][] = [
  ['FIFOScheduler', () => new FIFOScheduler()],
  ['SuccessiveHalvingScheduler', () => new SuccessiveHalvingScheduler(plan)],
  ['ASHAScheduler (stopping)', () => new ASHAScheduler(plan)],
  ['ASHAScheduler (promotion)', () => new ASHAScheduler({ ...plan, variant: 'promotion' })],
  ['HyperBandScheduler', () => new HyperBandScheduler(plan)],
  ['HyperBandForBOHB', () => new HyperBandForBOHB(plan)],
  ['MedianStoppingRule', () => new MedianStoppingRule()],
  ['MedianStoppingRule (pauses)', () => new MedianStoppingRule({ hardStop: false, minTimeSlice: 2 })],
  ['PASHAScheduler', () => new PASHAScheduler(plan)],
]

/** Losses that cross; one trial in seven diverges. */
async function* curve({ a, b }: { a: number; b: number }) {
  for (let epoch = 1; epoch <= maxT; epoch++) yield { loss: a < 1 / 7 && epoch > 2 ? Number.NaN : a + b / epoch }
}

/** Runs a study of 60 trials in virtual time. */
async function run(scheduler: Scheduler, workers: number) {
  const stepSeconds = ({ trialIndex, iteration }: { trialIndex: number; iteration: number }) =>
    1 + ((trialIndex * 7 + iteration * 3) % 5) / workers
  const { executor } = new Simulation({ workers, stepSeconds, startSeconds: 1, checkpointSeconds: 1 })
  const grid = await new Tuner(curve, {
    paramSpace: { a: uniform(0, 1), b: uniform(0, 1) },
    tuneConfig: { metric: 'loss', mode: 'min', numSamples: 60, seed: 1, maxConcurrentTrials: 12, scheduler },
    runConfig: { executor, storagePath: false, verbose: 0 },
  }).fit()
  const results = Array.from(grid, ({ config, metrics }) => ({ config, metrics: metrics?.loss }))
  return { ended: grid.numTerminated, results }
}

describe('A whole study', () => {
  it.each(schedulers)('under %s ends each trial, with the same results on 2 workers and on 12', async (_, create) => {
    const two = await run(create(), 2)
    expect(two.ended).toBe(60)
    expect(await run(create(), 12)).toEqual(two)
  })
})
