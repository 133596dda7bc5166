import { type ConfigOf, loguniform, uniform } from '../../src/space/index.js'
import type { TrialContext } from '../../src/trainable/trainable.js'

/** The search space of {@link syntheticCurves}. */
export const syntheticCurveSpace = {
  /** How fast it learns; too fast diverges. */
  learningRate: loguniform(1e-4, 1),
  /** How much it can learn: a large one ends better and begins worse. */
  capacity: uniform(0, 1),
  /** How well it generalizes. */
  regularization: uniform(0, 1),
}

/** What {@link syntheticCurves} is set to. */
export interface SyntheticCurveOptions {
  /** How many reports a trial makes. @defaultValue 81 */
  readonly steps?: number
  /** The standard deviation of the noise of each loss. @defaultValue 0.01 */
  readonly noise?: number
  /** How much the curves of good and bad configs cross, in [0, 1]: at 1 those that end best begin worst. @defaultValue 0.5 */
  readonly crossing?: number
  /** The learning rate from which training diverges, sooner the larger it is; losses are NaN from there. @defaultValue 0.3 */
  readonly divergesAt?: number
}

/**
 * Makes a trainable of learning curves that need no data: power laws t^−α towards a final loss that is least (0) at learningRate 0.01, capacity 0.8 and
 * regularization 0.4. They are noisy, cross, and diverge; a trial draws its noise from its own stream.
 */
export function syntheticCurves({
  steps = 81,
  noise = 0.01,
  crossing = 0.5,
  divergesAt = 0.3,
}: SyntheticCurveOptions = {}): (
  config: ConfigOf<typeof syntheticCurveSpace>,
  context: Pick<TrialContext, 'rng'>,
) => Generator<{ loss: number }, void, unknown> {
  return function* curve({ learningRate, capacity, regularization }, { rng }) {
    const stream = rng.fork('noise')
    const offset = Math.log10(learningRate / 0.01)
    const final = 0.25 * offset ** 2 + (capacity - 0.8) ** 2 + 0.5 * (regularization - 0.4) ** 2
    // a larger capacity begins higher and comes down more slowly
    const begin = 1 + crossing * capacity
    const decay = 0.8 - 0.5 * crossing * capacity
    const end = learningRate >= divergesAt ? steps / (1 + 10 * (learningRate / divergesAt - 1)) : steps
    for (let step = 1; step <= steps; step++) {
      const loss = final + begin * step ** -decay + noise * stream.normal()
      yield { loss: step > end ? Number.NaN : loss }
    }
  }
}
