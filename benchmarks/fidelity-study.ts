import type { Callback, Scheduler, Searcher, Stopper, StopVerdict } from '../src/index.js'
import { KEEP_GOING, Rng, Simulation, Tuner } from '../src/index.js'
import { type CurveTable, curveSpace } from '../trainables/index.js'
import { FreshCurves } from './fidelity-curves.js'

/** A searcher and a scheduler to run a study with. */
export interface Strategy {
  readonly searcher: Searcher
  readonly scheduler: Scheduler
}

/** What a study came to. */
export interface Trace {
  /** [epochs] The best validation loss so far after each epoch that was consumed, in commit order; Infinity before the first finite one. */
  readonly best: Float64Array
  /** [epochs] Virtual seconds at which each was made. */
  readonly seconds: Float64Array
  /** How many configs were begun. */
  readonly trials: number
  /** The share of the workers' virtual time that went into trials. */
  readonly utilisation: number
}

/** How a study is run. */
interface StudyPlan {
  /** How many epochs it may consume, in all trials together. */
  readonly budget: number
  /** How many virtual workers it has, and trials open at a time. */
  readonly workers: number
  readonly seed: number
}

/** Runs a study over recorded curves in virtual time, in arrival order: there that is reproducible too. */
export async function runStudy(
  table: CurveTable,
  { searcher, scheduler }: Strategy,
  { budget, workers, seed }: StudyPlan,
): Promise<Trace> {
  const best = new Float64Array(budget)
  const seconds = new Float64Array(budget)
  let consumed = 0
  let least = Number.POSITIVE_INFINITY
  const recorder: Callback = {
    onTrialReport(_, { metrics, timing }) {
      if (consumed >= budget) return
      const loss = Number(metrics.validLoss)
      if (loss < least) least = loss
      best[consumed] = least
      seconds[consumed] = timing.timestampMs / 1000
      consumed += 1
    },
  }
  const paces = new Map<number, number>()
  const machine = new Simulation({
    workers,
    stepSeconds: ({ trialIndex }) => {
      const pace = paces.get(trialIndex) ?? drawPace(seed, trialIndex)
      paces.set(trialIndex, pace)
      return pace
    },
  })
  const curves = new FreshCurves(table)
  const grid = await new Tuner(curves.play, {
    paramSpace: curveSpace(table),
    tuneConfig: {
      metric: 'validLoss',
      mode: 'min',
      numSamples: -1,
      maxConcurrentTrials: workers,
      order: 'arrival',
      seed,
      searchAlg: searcher,
      scheduler,
    },
    runConfig: {
      executor: machine.executor,
      storagePath: false,
      verbose: 0,
      callbacks: [recorder],
      stop: new EpochBudget(budget),
    },
  }).fit()
  return {
    best: best.subarray(0, consumed),
    seconds: seconds.subarray(0, consumed),
    trials: grid.length,
    utilisation: machine.utilisation,
  }
}

/** Ends the study after so many reports of all trials together. */
class EpochBudget implements Stopper {
  readonly name = 'epoch-budget'
  readonly options
  #left: number

  constructor(epochs: number) {
    this.options = { epochs }
    this.#left = epochs
  }

  onReport(): StopVerdict {
    this.#left -= 1
    return this.#left > 0 ? KEEP_GOING : { type: 'stop-study', reason: 'all epochs are consumed' }
  }

  grant(): number {
    return Number.POSITIVE_INFINITY
  }
}

/** Seconds that an epoch of a trial takes: log-normal, of mean 1. */
function drawPace(seed: number, trialIndex: number): number {
  const sigma = 0.5
  return Math.exp(sigma * Rng.from(seed).fork('pace', trialIndex).normal() - sigma ** 2 / 2)
}
