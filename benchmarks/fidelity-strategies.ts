import { ASHAScheduler, FIFOScheduler } from '../schedulers/index.js'
import { RandomSearcher } from '../searchers/index.js'
import type { Scheduler, Searcher } from '../src/index.js'

interface Strategy {
  readonly searcher: Searcher
  readonly scheduler: Scheduler
}

const metric = { metric: 'validLoss', mode: 'min' } as const
const random = (scheduler: Scheduler): Strategy => ({ searcher: new RandomSearcher(), scheduler })

/** What the benchmark compares, by name; made anew for each study of so many steps. */
export const strategies: Readonly<Record<string, (steps: number) => Strategy>> = {
  random: () => random(new FIFOScheduler()),
  'asha-stopping': maxT => random(new ASHAScheduler({ ...metric, maxT, reductionFactor: 3 })),
  'asha-promotion': maxT => random(new ASHAScheduler({ ...metric, maxT, reductionFactor: 3, variant: 'promotion' })),
}
