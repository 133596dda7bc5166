import { PB2 } from '../../../schedulers/index.js'
import { describeScheduler } from '../../contract/scheduler.js'

describeScheduler('PB2', () => new PB2({ perturbationInterval: 13 }), { settlesAll: true })
describeScheduler(
  'PB2 (synchronous, one number within bounds of its own)',
  () => new PB2({ perturbationInterval: 12, synch: true, hyperparamBounds: { lr: [1e-3, 1e-2] } }),
  { settlesAll: true },
)
