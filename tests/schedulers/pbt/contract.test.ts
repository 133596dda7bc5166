import { PopulationBasedTraining } from '../../../schedulers/pbt/population-based-training.js'
import { describeScheduler } from '../../contract/scheduler.js'

describeScheduler('PopulationBasedTraining', () => new PopulationBasedTraining({ perturbationInterval: 4 }), {
  settlesAll: true,
})
describeScheduler(
  'PopulationBasedTraining (synchronous)',
  () => new PopulationBasedTraining({ perturbationInterval: 4, synch: true }),
  { settlesAll: true },
)
describeScheduler(
  'PopulationBasedTraining (half of all, after a burn-in, by epochs)',
  () =>
    new PopulationBasedTraining({
      timeAttr: 'epoch',
      perturbationInterval: 2.5,
      burnInPeriod: 6,
      quantileFraction: 0.5,
      resampleProbability: 1,
    }),
  { settlesAll: true },
)
