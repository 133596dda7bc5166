/** What a density is made of: one kernel at each point, and a flat prior. */
export interface Kernels {
  /** Each [d], canonical, NaN for the parameters that it doesn't have. */
  readonly points: readonly Float64Array[]
  /** How much each counts, [points]. */
  readonly weights: Float64Array
  /** How much the prior counts. */
  readonly priorWeight: number
  /**
   * Writes the standard deviation of each kernel along a number's axis, in (0, 1].
   *
   * @param centres - [count or more], in [0, 1]; NaN for those that lack the number
   * @param into - [count or more], to be written where `centres` isn't NaN
   */
  scale(centres: Float64Array, count: number, into: Float64Array): void
}

// The factors and the exponent did best over random functions: draws of Gaussian processes, rotated ellipsoids, tables of choices and networks.
const evenFactor = 0.25
const evenExponent = 0.34
const gapFactor = 0.7
const leastFactor = 4.5

/** The same for all kernels: as narrow as their number allows. */
export function evenScale(count: number): Kernels['scale'] {
  const scale = Math.min(1, evenFactor * Math.max(1, count) ** -evenExponent)
  return (_centres, _count, into) => void into.fill(scale)
}

/**
 * As wide as the larger gap to a neighbour, so that kernels are narrow where points are dense; a lone one's is as wide as the way to the farther bound.
 *
 * @param least - the least that is allowed, in (0, 1]
 * @see Bergstra et al., Algorithms for Hyper-Parameter Optimization, NIPS 24 (2011), section 4, but for the factor
 */
export function gapScale(least: number): Kernels['scale'] {
  const order: number[] = []
  return (centres, count, into) => {
    order.length = 0
    for (let i = 0; i < count; i++) {
      const centre = centres[i] ?? Number.NaN
      if (Number.isNaN(centre)) continue
      let place = order.length
      while (place > 0 && (centres[order[place - 1] ?? 0] ?? 0) > centre) {
        order[place] = order[place - 1] ?? 0
        place -= 1
      }
      order[place] = i
    }
    const at = (rank: number) => centres[order[rank] ?? 0] ?? 0
    for (const [rank, i] of order.entries()) {
      const isLone = order.length === 1
      const before = rank > 0 ? at(rank) - at(rank - 1) : isLone ? at(rank) : 0
      const after = rank + 1 < order.length ? at(rank + 1) - at(rank) : isLone ? 1 - at(rank) : 0
      into[i] = Math.min(1, Math.max(least, gapFactor * Math.max(before, after)))
    }
  }
}

/** The least {@link gapScale} of n observations: it lets the search close in at the pace at which they come in. */
export function leastGapScale(n: number): number {
  return Math.min(1, leastFactor / (n + 2))
}
