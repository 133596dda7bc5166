import { ASHAScheduler } from '../schedulers/index.js'
import { choice, loguniform, type RunConfig, uniform } from '../src/index.js'

/** A trainable that is never run. */
export function* idle(_: { readonly lr: number; readonly momentum: number; readonly width: number }) {
  yield { loss: 0 }
}

/** What the study that is taken up was made with; nothing of it may depend on the process. */
export function resumeOptions(runConfig: RunConfig = {}) {
  return {
    paramSpace: { lr: loguniform(1e-5, 1), momentum: uniform(0, 1), width: choice([16, 32, 64, 128]) },
    tuneConfig: {
      metric: 'loss',
      mode: 'min',
      numSamples: -1,
      seed: 1,
      maxConcurrentTrials: 64,
      scheduler: new ASHAScheduler({ maxT: 27, gracePeriod: 1, reductionFactor: 3 }),
    },
    runConfig: { verbose: 0, ...runConfig },
  } as const
}
