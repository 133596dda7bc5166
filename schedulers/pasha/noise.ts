import { RunningQuantile } from '../kit/quantile.js'

/** A trial's results: its scores at ascending times. */
export interface Curve {
  readonly times: number[]
  readonly scores: number[]
}

/**
 * Measures by how much curves differ for no other reason than noise: those that cross and cross back.
 *
 * @see Bohdal et al. 2023, section 4.2
 */
export class NoiseEstimate {
  readonly #curves: Curve[] = []
  readonly #distances = new RunningQuantile(0.9)

  /** Compares a curve with all earlier ones, in O(sum of their lengths), and keeps it; it may get longer afterwards. */
  add(curve: Curve): void {
    for (const other of this.#curves) {
      const distance = noiseBetween(curve, other)
      if (distance !== undefined) this.#distances.add(this.#distances.size, distance)
    }
    this.#curves.push(curve)
  }

  /** The 90th percentile of the distances, with linear interpolation; undefined while no curves have crossed twice. */
  get epsilon(): number | undefined {
    return this.#distances.value
  }
}

/** The distance of two curves at the last time that both have, if they have crossed twice or more before it. */
export function noiseBetween(a: Curve, b: Curve): number | undefined {
  let [i, j] = [a.times.length - 1, b.times.length - 1]
  let last: number | undefined
  let crossings = 0
  for (;;) {
    const [time, other] = [a.times[i], b.times[j]]
    if (time === undefined || other === undefined) return undefined
    if (time > other) i--
    else if (other > time) j--
    else {
      const difference = (a.scores[i--] ?? Number.NaN) - (b.scores[j--] ?? Number.NaN)
      // a tie says nothing about the order, nor does what is not finite
      if (!Number.isFinite(difference)) continue
      last ??= difference
      // walking back, the order turns when it is not the one that it was after the last turn
      const turned = crossings % 2 === 0 ? difference * last < 0 : difference * last > 0
      if (turned && ++crossings === 2) return Math.abs(last)
    }
  }
}
