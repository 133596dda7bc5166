import { ASHAScheduler, AsyncHyperBandScheduler } from '../../../schedulers/index.js'
import { describeScheduler } from '../../contract/scheduler.js'

const small = { maxT: 27, reductionFactor: 3 } as const
const rungs = [1, 3, 9].map(level => ({ level, keepsAtMost: (n: number) => Math.max(1, Math.floor(n / 3)) }))

describeScheduler('ASHAScheduler (stopping)', () => new ASHAScheduler(small), { rungs })
describeScheduler('ASHAScheduler (promotion)', () => new ASHAScheduler({ ...small, variant: 'promotion' }), { rungs })
describeScheduler('AsyncHyperBandScheduler with 3 brackets', () => new AsyncHyperBandScheduler({ brackets: 3 }), {
  hasBrackets: true,
})
describeScheduler(
  'ASHAScheduler (promotion, 2 brackets, last trials run on)',
  () => new ASHAScheduler({ variant: 'promotion', brackets: 2, maxT: 16, reductionFactor: 2, stopLastTrials: false }),
  { hasBrackets: true },
)
describeScheduler(
  'ASHAScheduler (stopping, fractional rungs)',
  () => new ASHAScheduler({ gracePeriod: 1.5, reductionFactor: 1.3, maxT: 20, timeAttr: 'epoch' }),
)
describeScheduler(
  'ASHAScheduler (stopping, last trials run on)',
  () => new ASHAScheduler({ ...small, stopLastTrials: false }),
  { rungs },
)
