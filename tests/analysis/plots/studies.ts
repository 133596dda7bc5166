import { ASHAScheduler } from '../../../schedulers/index.js'
import { choice, loguniform, type ResultGrid, Simulation, Tuner, uniform } from '../../../src/index.js'

/** A study of 40 trials on a simulated machine, stopped by ASHA at rungs 1, 3 and 9 of 27; one trial in ten fails. */
export async function racedStudy(seed = 1): Promise<ResultGrid<unknown>> {
  async function* train({ lr, optimizer }: { lr: number; optimizer: string }) {
    const goal = 0.1 + (Math.log10(lr) + 2) ** 2 / 10 + (optimizer === 'adam' ? 0 : 0.02)
    for (let epoch = 1; epoch <= 27; epoch++) {
      if (lr > 0.5) throw new Error('diverged')
      yield { loss: goal + 2 / epoch, seconds: epoch * (1 + lr) }
    }
  }
  const machine = new Simulation({ workers: 4, stepSeconds: 30 })
  return await new Tuner(train, {
    paramSpace: { lr: loguniform(1e-4, 1), optimizer: choice(['sgd', 'adam']), dropout: uniform(0, 0.5) },
    tuneConfig: {
      metric: 'loss',
      mode: 'min',
      numSamples: 40,
      maxConcurrentTrials: 4,
      scheduler: new ASHAScheduler({ maxT: 27, reductionFactor: 3 }),
      seed,
    },
    runConfig: { executor: machine.executor, storagePath: false, verbose: 0 },
  }).fit()
}

export const lossDown = { metric: 'loss', mode: 'min' } as const
