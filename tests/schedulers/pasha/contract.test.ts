import { PASHAScheduler } from '../../../schedulers/index.js'
import { describeScheduler } from '../../contract/scheduler.js'

const rungs = [1, 3, 9].map(level => ({ level, keepsAtMost: (n: number) => Math.floor(n / 3) }))

describeScheduler('PASHAScheduler', () => new PASHAScheduler({ maxT: 27 }), { rungs })
describeScheduler(
  'PASHAScheduler (fractional rungs)',
  () => new PASHAScheduler({ gracePeriod: 1.5, reductionFactor: 1.3, maxT: 20, timeAttr: 'epoch' }),
)
describeScheduler('PASHAScheduler (one rung)', () => new PASHAScheduler({ gracePeriod: 8, maxT: 8 }))
