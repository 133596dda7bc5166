import { RankedSplit } from './ranking.js'

/** A quantile of results as they come in, with linear interpolation; an addition costs O(log n), the value O(1). */
export class RunningQuantile {
  readonly #quantile: number
  readonly #ranks = new RankedSplit()

  /** @param quantile - from 0, the worst result, to 1, the best */
  constructor(quantile: number) {
    this.#quantile = quantile
  }

  /** How many results there are. */
  get size(): number {
    return this.#ranks.size
  }

  add(trialIndex: number, score: number): void {
    const last = this.#ranks.size
    this.#ranks.add({ trialIndex, score }, last - Math.floor(last * this.#quantile))
  }

  /** The quantile; undefined while there are no results, −Infinity when it falls among results that are not finite. */
  get value(): number | undefined {
    const low = this.#ranks.bestOfRest
    if (low === undefined) return undefined
    const high = this.#ranks.worstOfTop
    if (high === undefined) return low.score
    const position = (this.#ranks.size - 1) * this.#quantile
    return interpolate(low.score, high.score, position - Math.floor(position))
  }
}

/**
 * Interpolates between two numbers as numpy's percentiles do: from the nearer end, so that `t` = 0 gives `low` and 1 gives `high`.
 *
 * @param low - may be −Infinity, which then is the result
 * @see numpy, `lib/_function_base_impl.py`, `_lerp`
 */
export function interpolate(low: number, high: number, t: number): number {
  if (low === high || low === Number.NEGATIVE_INFINITY) return low
  const difference = high - low
  if (!Number.isFinite(difference)) return low * (1 - t) + high * t
  return t < 0.5 ? low + difference * t : high - difference * (1 - t)
}
