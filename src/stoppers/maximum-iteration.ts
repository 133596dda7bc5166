import type { JsonObject } from '../json.js'
import { OptionChecks } from '../option-checks.js'
import { KEEP_GOING, type Stopper, type StopVerdict } from '../stopper.js'
import type { Trial, TrialReport } from '../trial.js'

/**
 * Stops each trial at its `maxIterations`-th report.
 *
 * A worker never waits for it before that report. Reports are counted, as in Ray Tune; a `trainingIteration` that the trainable reports
 * itself isn't looked at.
 *
 * @see Ray Tune's `MaximumIterationStopper`
 */
export class MaximumIterationStopper implements Stopper {
  readonly name = 'maximum-iteration'
  readonly options: JsonObject
  readonly #maxIterations: number

  /**
   * @param options - `maxIterations`: how many reports a trial may make; a whole number from 1
   * @throws `TuneError` `INVALID_OPTION` for any other number
   */
  constructor({ maxIterations }: { readonly maxIterations: number }) {
    new OptionChecks('MaximumIterationStopper').integer('maxIterations', maxIterations, 1)
    this.#maxIterations = maxIterations
    this.options = { maxIterations }
  }

  onReport(_trial: Trial, { iteration }: TrialReport): StopVerdict {
    if (iteration < this.#maxIterations) return KEEP_GOING
    return { type: 'stop-trial', reason: `iteration ${iteration} has reached the maximum of ${this.#maxIterations}` }
  }

  grant(): number {
    return this.#maxIterations
  }
}
