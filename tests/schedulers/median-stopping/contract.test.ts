import { MedianStoppingRule } from '../../../schedulers/index.js'
import { describeScheduler } from '../../contract/scheduler.js'

describeScheduler('MedianStoppingRule', () => new MedianStoppingRule(), { settlesAll: true })
describeScheduler(
  'MedianStoppingRule (pauses)',
  () => new MedianStoppingRule({ hardStop: false, gracePeriod: 3, minSamplesRequired: 2, timeAttr: 'epoch' }),
  { settlesAll: true },
)
describeScheduler('MedianStoppingRule (yields)', () => new MedianStoppingRule({ minTimeSlice: 0 }), {
  settlesAll: true,
})
describeScheduler(
  'MedianStoppingRule (yields and pauses)',
  () => new MedianStoppingRule({ minTimeSlice: 4, hardStop: false }),
  {
    settlesAll: true,
  },
)
