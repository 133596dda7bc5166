import { SuccessiveHalvingScheduler } from '../../../schedulers/index.js'
import { describeScheduler } from '../../contract/scheduler.js'

const small = { maxT: 27, reductionFactor: 3 } as const
const rungs = [1, 3, 9].map(level => ({ level, keepsAtMost: (n: number) => Math.max(1, Math.floor(n / 3)) }))

describeScheduler('SuccessiveHalvingScheduler', () => new SuccessiveHalvingScheduler(small), {
  hasBrackets: true,
  settlesAll: true,
  isSynchronous: true,
})
describeScheduler(
  'SuccessiveHalvingScheduler (all in one bracket)',
  () => new SuccessiveHalvingScheduler({ ...small, numTrials: 40 }),
  { rungs, settlesAll: true, isSynchronous: true },
)
describeScheduler(
  'SuccessiveHalvingScheduler (never full, fractional rungs)',
  () =>
    new SuccessiveHalvingScheduler({
      gracePeriod: 1.5,
      reductionFactor: 1.3,
      maxT: 20,
      numTrials: 1000,
      timeAttr: 'epoch',
    }),
  { settlesAll: true, isSynchronous: true },
)
describeScheduler(
  'SuccessiveHalvingScheduler (small brackets, last trials run on)',
  () => new SuccessiveHalvingScheduler({ ...small, numTrials: 7, stopLastTrials: false }),
  { hasBrackets: true, settlesAll: true, isSynchronous: true },
)
