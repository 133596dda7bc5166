/** A study with a loop of one's own: the program asks for configs, measures them as it likes, and reports what it finds. */
import { createStudy, loguniform, uniform } from 'tunewright'
import { ASHAScheduler } from 'tunewright/schedulers'

const study = createStudy({
  paramSpace: { lr: loguniform(1e-4, 1), momentum: uniform(0, 0.99) },
  metric: 'loss',
  mode: 'min',
  numSamples: 50,
  scheduler: new ASHAScheduler({ maxT: 27, reductionFactor: 3 }),
  seed: 1,
})

// one trial at a time: so nothing is ever waited for, and this scheduler pauses none
for (let ask = study.ask(); ask.type === 'trial'; ask = study.ask()) {
  const { trial } = ask
  const { lr, momentum } = trial.config
  // a report may stop the trial, as its status then says
  for (let x = 1, v = 0; trial.status === 'running'; ) {
    v = momentum * v - lr * x
    x += v
    study.report(trial, { loss: x * x + v * v })
  }
}

const reports = study.trials.reduce((sum, trial) => sum + trial.iteration, 0)
console.log(`${study.counts.terminated} trials made ${reports} reports instead of ${27 * study.trials.length}`)
console.log('best:', study.best?.config, study.best?.bestReport?.metrics)
