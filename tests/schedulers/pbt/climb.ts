import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  loguniform,
  type ResultGrid,
  type RunConfig,
  report,
  type Scheduler,
  Simulation,
  type TrialContext,
  Tuner,
} from '../../../src/index.js'

interface State {
  readonly epoch: number
  readonly score: number
  /** The rate of each epoch so far. */
  readonly rates: readonly number[]
}

const paramSpace = { rate: loguniform(1e-3, 1), width: 8 }
export const epochs = 20

/** Gains most from the rate 1 / (1 + epoch), so that the best rate falls as training goes on; its state is its score and the rates behind it. */
async function* climb({ rate }: { rate: number; width: number }, { checkpoint }: TrialContext) {
  let state: State = { epoch: 0, score: 0, rates: [] }
  if (checkpoint) state = JSON.parse(readFileSync(join(checkpoint.directory, 'state.json'), 'utf8'))
  while (state.epoch < epochs) {
    const epoch = state.epoch + 1
    const gain = 1 - Math.abs(Math.log(rate * (1 + epoch)))
    state = { epoch, score: state.score + gain, rates: [...state.rates, rate] }
    const saved = JSON.stringify(state)
    yield report(
      { epoch, score: state.score, rates: state.rates },
      { checkpoint: directory => writeFileSync(join(directory, 'state.json'), saved) },
    )
  }
}

export interface ClimbOptions {
  readonly trials?: number
  readonly workers?: number
  readonly maxConcurrentTrials?: number
  readonly seed?: number
  readonly stepSeconds?: (step: { trialIndex: number; iteration: number }) => number
  readonly runConfig?: RunConfig
  readonly space?: typeof paramSpace | { rate: number; width: number }
}

/** Lets a population climb on a simulated machine; in memory, unless `runConfig` says where. */
export function tuneClimbs(scheduler: Scheduler, options: ClimbOptions = {}): Promise<ResultGrid> {
  return new Tuner(climb, tunerOptions(scheduler, options)).fit()
}

/** Lets a population go on climbing whose study is in a folder. */
export function resumeClimbs(path: string, scheduler: Scheduler, options: ClimbOptions = {}): Promise<ResultGrid> {
  return Tuner.restore(path, climb, tunerOptions(scheduler, options)).fit()
}

function tunerOptions(scheduler: Scheduler, options: ClimbOptions) {
  const { trials = 8, workers = 8, maxConcurrentTrials = workers, seed = 3, space = paramSpace } = options
  const machine = new Simulation({ workers, stepSeconds: options.stepSeconds ?? 1 })
  return {
    paramSpace: space as typeof paramSpace,
    tuneConfig: { metric: 'score', mode: 'max' as const, numSamples: trials, maxConcurrentTrials, seed, scheduler },
    runConfig: { executor: machine.executor, storagePath: false as const, verbose: 0 as const, ...options.runConfig },
  }
}
