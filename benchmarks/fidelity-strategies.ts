import {
  ASHAScheduler,
  FIFOScheduler,
  HyperBandForBOHB,
  HyperBandScheduler,
  MedianStoppingRule,
  PASHAScheduler,
  SuccessiveHalvingScheduler,
} from '../schedulers/index.js'
import { BayesianSearcher, BOHBSearcher, RandomSearcher, TPESearcher } from '../searchers/index.js'
import type { Scheduler, Searcher } from '../src/index.js'
import type { Strategy } from './fidelity-study.js'

/** A strategy that the benchmark knows. */
interface StrategyEntry {
  /** Makes it anew, for a study whose trials have so many epochs. */
  readonly create: (epochs: number) => Strategy
  /** For one whose suggestions take long: how many studies it gets at most, and which share of the epochs each. Without it all. */
  readonly limit?: { readonly seeds: number; readonly share: number }
}

const reductionFactor = 3
const metric = { metric: 'validLoss', mode: 'min' } as const

const random = (create: (maxT: number) => Scheduler): StrategyEntry => ({
  create: maxT => ({ searcher: new RandomSearcher(), scheduler: create(maxT) }),
})
const asha = (create: () => Searcher, variant: 'promotion' | 'stopping'): StrategyEntry => ({
  create: maxT => ({
    searcher: create(),
    scheduler: new ASHAScheduler({ ...metric, maxT, reductionFactor, variant }),
  }),
})

/**
 * The `maxT` with which each of HyperBand's brackets runs its best trials to their end: its rounds are powers of η apart, and with 51
 * epochs those of some would end at 27 or 45.
 */
function bandLength(epochs: number): number {
  const power = reductionFactor ** Math.floor(Math.log(epochs) / Math.log(reductionFactor))
  return Math.ceil(epochs / power) * power
}

/**
 * What the benchmark compares, by name. Searchers that learn from trials that ended are given the stopping variant of ASHA: under the other one
 * most trials stay paused.
 */
export const strategies: Readonly<Record<string, StrategyEntry>> = {
  random: random(() => new FIFOScheduler()),
  'median-stopping': random(() => new MedianStoppingRule({ ...metric, gracePeriod: 3 })),
  'successive-halving': random(maxT => new SuccessiveHalvingScheduler({ ...metric, maxT, reductionFactor })),
  hyperband: random(epochs => new HyperBandScheduler({ ...metric, maxT: bandLength(epochs), reductionFactor })),
  'asha-stopping': asha(() => new RandomSearcher(), 'stopping'),
  'asha-promotion': asha(() => new RandomSearcher(), 'promotion'),
  pasha: random(maxT => new PASHAScheduler({ ...metric, maxT, reductionFactor })),
  bohb: {
    create: epochs => ({
      searcher: new BOHBSearcher(),
      scheduler: new HyperBandForBOHB({ ...metric, maxT: bandLength(epochs), reductionFactor }),
    }),
  },
  'asha-bohb': asha(() => new BOHBSearcher(), 'promotion'),
  'asha-tpe': asha(() => new TPESearcher(), 'stopping'),
  'asha-bayesian': {
    ...asha(() => new BayesianSearcher({ maxObservations: 100 }), 'stopping'),
    limit: { seeds: 2, share: 0.2 },
  },
}
