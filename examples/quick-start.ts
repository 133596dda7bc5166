/** A first study: tunes gradient descent with momentum, and has ASHA stop the weak trials early. */
import { loguniform, Tuner, uniform } from 'tunewright'
import { ASHAScheduler } from 'tunewright/schedulers'

async function* descend({ lr, momentum }: { lr: number; momentum: number }) {
  for (let step = 1, x = 1, v = 0; step <= 27; step++) {
    v = momentum * v - lr * x
    x += v
    yield { loss: x * x + v * v }
  }
}

const grid = await new Tuner(descend, {
  paramSpace: { lr: loguniform(1e-4, 1), momentum: uniform(0, 0.99) },
  tuneConfig: {
    metric: 'loss',
    mode: 'min',
    numSamples: 50,
    scheduler: new ASHAScheduler({ maxT: 27, reductionFactor: 3 }),
    seed: 1,
  },
}).fit()

const best = grid.getBestResult()
console.log(`loss ${best.metrics.loss} with`, best.config)
