import { HalvingScheduler } from '../kit/halving.js'
import { describeBracket } from '../kit/halving-words.js'
import { cutLevels, resolveOptions, type SuccessiveHalvingOptions } from './options.js'

const owner = 'SuccessiveHalvingScheduler'

/**
 * Synchronous successive halving: `numTrials` trials run up to the first rung, the best 1 in `reductionFactor` of them up to the next
 * one, and so on, until what is left runs up to `maxT`.
 *
 * Use it when every trial must be judged beside all of its bracket, so that the outcome doesn't depend on who was first, and when trials
 * take about equally long: it makes no mistake that comes of comparing with too few, where ASHA lets the first trials of a rung pass.
 * What it costs is waiting: each rung takes as long as its slowest trial, and as rungs get small, places can only be filled by starting
 * the next bracket. Trials pause at each rung, so the trainable should save checkpoints. Take ASHA when workers must not wait, and
 * HyperBand when it isn't known how early trials can be judged.
 *
 * Of the trials at a rung ⌊n / reductionFactor⌋ go on, at least one; a metric that is NaN or infinite never does; ties are settled by
 * trial index. Trials that end by themselves or fail are not waited for. A bracket that can't be filled, because the searcher has no more
 * configs or waits, is decided with the trials that it has.
 *
 * A result costs O(log n) in the number of trials, amortized.
 *
 * @see Jamieson & Talwalkar 2016, "Non-stochastic Best Arm Identification and Hyperparameter Optimization", Figure 3; one bracket of Ray
 * Tune's `HyperBandScheduler`, which has no scheduler for it alone
 */
export class SuccessiveHalvingScheduler extends HalvingScheduler {
  /** Its name in journals and reports. */
  override readonly name = 'successive-halving'

  /** @throws `TuneError` `INVALID_OPTION` for an option that is unknown or out of range */
  constructor(options: SuccessiveHalvingOptions = {}) {
    const resolved = resolveOptions(owner, options)
    const { maxT, reductionFactor, numTrials, stopLastTrials, metric = null, mode = null } = resolved
    const plan = {
      size: numTrials,
      levels: [...cutLevels(resolved), maxT],
      keep: (present: number) => Math.max(1, Math.floor(present / reductionFactor)),
      stopsAtLast: stopLastTrials,
    }
    super({ ...resolved, options: { ...resolved, metric, mode }, owner, plans: [plan] })
  }

  /** A line for people: the brackets that are open, and how far their rounds have come. */
  describe(): string {
    const lines = this.brackets().map(bracket => `bracket ${bracket.opened}: ${describeBracket(bracket)}`)
    return `successive halving: ${lines.join('; ') || 'no bracket under way'}`
  }
}
