import { Rng } from '../../src/index.js'
import { type Interval, percentileInterval } from '../statistics/bootstrap.js'

const resamples = 1000
const level = 0.95

/** Where the two middle values of resamples lie among the values in ascending order. */
interface Middles {
  /** [resamples] The same position twice where the count is odd. */
  readonly low: Uint32Array
  readonly high: Uint32Array
}

/**
 * 95 % bootstrap intervals of medians, by percentiles. Which values are drawn depends on their number alone: that is drawn once and costs no more for
 * the thousands of points of curves, whose bands are as smooth as what they are of.
 */
export class MedianBootstrap {
  readonly #rng: Rng
  readonly #middles = new Map<number, Middles>()

  constructor(seed: number) {
    this.#rng = Rng.from(seed).fork('comparison', 'bootstrap')
  }

  /** @param values - at least one, in any order; infinities included */
  intervalOf(values: ArrayLike<number>): Interval {
    const sorted = Float64Array.from(values).sort()
    const { low, high } = this.#middlesOf(sorted.length)
    const replicates = Float64Array.from(low, (position, i) => between(sorted, position, high[i] ?? 0))
    return percentileInterval(replicates, level)
  }

  #middlesOf(count: number): Middles {
    const held = this.#middles.get(count)
    if (held) return held
    const rng = this.#rng.fork(count)
    const middles = { low: new Uint32Array(resamples), high: new Uint32Array(resamples) }
    const drawn = new Uint32Array(count)
    for (let i = 0; i < resamples; i++) {
      for (let j = 0; j < count; j++) drawn[j] = rng.integer(0, count)
      drawn.sort()
      middles.low[i] = drawn[(count - 1) >> 1] ?? 0
      middles.high[i] = drawn[count >> 1] ?? 0
    }
    this.#middles.set(count, middles)
    return middles
  }
}

/** The median of a sample, infinities included; of two of different signs the lower. @param values - at least one, in any order */
export function medianOf(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort()
  return between(sorted, (sorted.length - 1) >> 1, sorted.length >> 1)
}

function between(sorted: Float64Array, low: number, high: number): number {
  const [below, above] = [sorted[low] ?? Number.NaN, sorted[high] ?? Number.NaN]
  const middle = below === above ? below : below + (above - below) / 2
  return Number.isNaN(middle) ? below : middle
}
