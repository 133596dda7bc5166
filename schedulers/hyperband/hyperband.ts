import { HalvingScheduler, type LiveBracket } from '../kit/halving.js'
import type { BracketPlan } from '../kit/halving-bracket.js'
import { describeBracket } from '../kit/halving-words.js'
import { type BracketLayout, layOutBand } from './brackets.js'
import { type HyperBandOptions, resolveOptions } from './options.js'

/** A bracket that still has trials, or takes them in. */
export interface HyperBandBracket extends LiveBracket {
  /** The band that it belongs to, from 0. */
  readonly band: number
  /** How often its trials are cut in all. */
  readonly s: number
}

/**
 * HyperBand: synchronous successive halving in brackets that differ in how many trials they start and how early they cut them.
 *
 * Use it when early results may mislead and it isn't known by how much: its brackets hedge, from few trials that all run up to `maxT` to
 * many of which most end after a short time. One band takes Σ n trials (143 for the default `maxT` 81, `reductionFactor` 3), then the next
 * one begins, so give the study at least that many. What it costs: up to a factor of log(maxT) over the best single bracket; and trials
 * wait at each round for the slowest of their bracket, while free places start the next bracket, so the trainable should save checkpoints.
 * Take ASHA when many workers run in parallel, and its `brackets` to hedge without waiting.
 *
 * Trials fill the smallest bracket first, as in Ray Tune. At the end of a round ⌈n / reductionFactor⌉ of n trials go on; a metric that is
 * NaN or infinite never does; ties are settled by trial index. Trials that end by themselves or fail are not waited for. A bracket that
 * can't be filled, because the searcher has no more configs or waits, is decided with the trials that it has, so that none waits for ever.
 *
 * It differs from Ray Tune thus: the tables are free of rounding errors; a bracket waits until it is full before it is cut, where Ray cuts
 * whatever has come (and goes by the table's count, so that too many stay); a round with missing trials keeps its share of those present; a
 * trial at the last level of its bracket ends at once, without waiting for the others; among ties Ray keeps those that came last.
 *
 * A result costs O(log n) in the number of trials, amortized.
 *
 * @see Li et al. 2018, "Hyperband: A Novel Bandit-Based Approach to Hyperparameter Optimization", Algorithm 1; Ray Tune's
 * `HyperBandScheduler`
 */
export class HyperBandScheduler extends HalvingScheduler {
  /** Its name in journals and reports. */
  override readonly name: string = 'hyperband'
  /** The brackets of a band, in the order in which they are filled. */
  readonly #band: readonly BracketLayout[]

  /** @throws `TuneError` `INVALID_OPTION` for an option that is unknown or out of range */
  constructor(options: HyperBandOptions = {}) {
    // the class that was constructed, for whoever reads the error
    const owner = new.target.name
    const resolved = resolveOptions(owner, options)
    const { maxT, reductionFactor, stopLastTrials, bracketOrder, metric = null, mode = null } = resolved
    const smallestFirst = layOutBand(maxT, reductionFactor)
    const band = bracketOrder === 'smallest-first' ? smallestFirst : smallestFirst.toReversed()
    const plans = band.map(
      ({ rounds }): BracketPlan => ({
        size: rounds[0]?.trials ?? 1,
        levels: rounds.map(({ level }) => level),
        keep: present => Math.ceil(present / reductionFactor),
        stopsAtLast: stopLastTrials,
      }),
    )
    super({ ...resolved, options: { ...resolved, metric, mode }, owner, plans })
    this.#band = band
  }

  /** The brackets that are under way, in the order in which they were opened. */
  override brackets(): HyperBandBracket[] {
    return super.brackets().map(bracket => {
      const layout = this.#band[bracket.opened % this.#band.length]
      return { ...bracket, band: Math.floor(bracket.opened / this.#band.length), s: layout?.s ?? 0 }
    })
  }

  /** A line for people: the brackets that are open, and how far their rounds have come. */
  describe(): string {
    const lines = this.brackets().map(bracket => `band ${bracket.band} s=${bracket.s}: ${describeBracket(bracket)}`)
    return `HyperBand: ${lines.join('; ') || 'no bracket under way'}`
  }
}

/**
 * HyperBand as BOHB needs it: the bracket with the most trials is filled first, so that the searcher soon has results to model.
 *
 * Use it with a searcher that models the trials' results at the highest level that has enough of them; by itself it spends a band as
 * {@link HyperBandScheduler} does and costs the same. Each bracket is full before the next one takes trials, and trials pause at the end
 * of each round whether or not their bracket is full.
 *
 * @see Falkner et al. 2018, "BOHB: Robust and Efficient Hyperparameter Optimization at Scale"; Ray Tune's `HyperBandForBOHB`
 */
export class HyperBandForBOHB extends HyperBandScheduler {
  /** Its name in journals and reports. */
  override readonly name = 'hyperband-bohb'

  /** @throws `TuneError` `INVALID_OPTION` for an option that is unknown or out of range */
  constructor(options: Omit<HyperBandOptions, 'bracketOrder'> = {}) {
    super({ ...options, bracketOrder: 'largest-first' })
  }
}
