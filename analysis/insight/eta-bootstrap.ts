import type { Rng } from '../../src/rng.js'
import { bcaInterval, type Interval } from '../statistics/bootstrap.js'

const resamples = 400
/** The most pairs that are drawn of: more make the interval no wider than it is for so many. */
const mostPairs = 1000

/** Bootstrap intervals of η². Which pairs are drawn depends on their number alone, so that many parameters cost one drawing. */
export class EtaBootstrap {
  readonly #rng: Rng
  readonly #drawn = new Map<number, Uint32Array>()

  constructor(rng: Rng) {
    this.#rng = rng
  }

  /** @param groups - of each value, integers from 0 */
  intervalOf(groups: Float64Array, values: Float64Array): Interval {
    const n = Math.min(values.length, mostPairs)
    const own = groups.subarray(0, n)
    const most = own.reduce((highest, group) => Math.max(highest, group), 0)
    const sums = new Float64Array(most + 1)
    const counts = new Float64Array(most + 1)
    const drawn = this.#drawnOf(n)
    const share = (from: number, to: number, placeAt: (i: number) => number) => {
      sums.fill(0)
      counts.fill(0)
      let [sum, squares] = [0, 0]
      for (let i = from; i < to; i++) {
        const place = placeAt(i)
        const value = values[place] ?? 0
        const group = own[place] ?? 0
        sums[group] = (sums[group] ?? 0) + value
        counts[group] = (counts[group] ?? 0) + 1
        sum += value
        squares += value * value
      }
      let between = -(sum * sum) / (to - from)
      const whole = squares + between
      for (const [group, count] of counts.entries()) if (count > 0) between += (sums[group] ?? 0) ** 2 / count
      return whole > 0 ? Math.min(1, Math.max(0, between / whole)) : 0
    }
    const replicates = Float64Array.from({ length: resamples }, (_, i) =>
      share(i * n, (i + 1) * n, place => drawn[place] ?? 0),
    )
    const jackknife = Float64Array.from({ length: n }, (_, left) => share(0, n - 1, i => (i < left ? i : i + 1)))
    return bcaInterval(
      replicates,
      share(0, n, i => i),
      jackknife,
      0.95,
    )
  }

  #drawnOf(n: number): Uint32Array {
    const held = this.#drawn.get(n)
    if (held) return held
    const rng = this.#rng.fork(n)
    const drawn = Uint32Array.from({ length: resamples * n }, () => rng.integer(0, n))
    this.#drawn.set(n, drawn)
    return drawn
  }
}
