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
export interface StrategyEntry {
  /** Makes it anew, for a study whose trials have so many epochs. */
  readonly create: (epochs: number) => Strategy
  /** How many studies it gets at most, because each takes long; all by default. */
  readonly mostSeeds?: number
}

const reductionFactor = 3
const metric = { metric: 'validLoss', mode: 'min' } as const

const random = (create: (maxT: number) => Scheduler): StrategyEntry => ({
  create: maxT => ({ searcher: new RandomSearcher(), scheduler: create(maxT) }),
})
const asha = (
  create: () => Searcher,
  variant: 'promotion' | 'stopping',
  mostSeeds = Number.POSITIVE_INFINITY,
): StrategyEntry => ({
  create: maxT => ({
    searcher: create(),
    scheduler: new ASHAScheduler({ ...metric, maxT, reductionFactor, variant }),
  }),
  mostSeeds,
})

/**
 * What the benchmark compares, by name. Searchers that learn from trials that ended are given the stopping variant of ASHA: under the other one
 * most trials stay paused.
 */
export const strategies: Readonly<Record<string, StrategyEntry>> = {
  random: random(() => new FIFOScheduler()),
  'median-stopping': random(() => new MedianStoppingRule({ ...metric, gracePeriod: 3 })),
  'successive-halving': random(maxT => new SuccessiveHalvingScheduler({ ...metric, maxT, reductionFactor })),
  hyperband: random(maxT => new HyperBandScheduler({ ...metric, maxT, reductionFactor })),
  'asha-stopping': asha(() => new RandomSearcher(), 'stopping'),
  'asha-promotion': asha(() => new RandomSearcher(), 'promotion'),
  pasha: random(maxT => new PASHAScheduler({ ...metric, maxT, reductionFactor })),
  bohb: {
    create: maxT => ({
      searcher: new BOHBSearcher(),
      scheduler: new HyperBandForBOHB({ ...metric, maxT, reductionFactor }),
    }),
  },
  'asha-bohb': asha(() => new BOHBSearcher(), 'promotion'),
  'asha-tpe': asha(() => new TPESearcher(), 'stopping'),
  'asha-bayesian': asha(() => new BayesianSearcher(), 'stopping', 2),
}
