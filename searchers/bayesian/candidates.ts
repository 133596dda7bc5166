import { maxSobolDimensions, SobolSequence } from '../../src/math/sobol.js'
import type { Rng } from '../../src/rng.js'

/** The part of the unit cube that is searched: lower and upper ends of each dimension, [D]. */
export interface Box {
  readonly lower: Float64Array
  readonly upper: Float64Array
  /** What it is centred on, if it is not the whole cube. */
  readonly centre: Float64Array | undefined
}

export function wholeCube(dimensions: number): Box {
  return { lower: new Float64Array(dimensions), upper: new Float64Array(dimensions).fill(1), centre: undefined }
}

/** In how many dimensions a candidate differs from the centre of a box, on average. @see Eriksson et al., NeurIPS 2019, appendix D */
const perturbed = 20

/** Points that fill a box evenly; if it has a centre, and many dimensions, they keep most coordinates of it. */
export function spread(count: number, { lower, upper, centre }: Box, rng: Rng): Float64Array[] {
  const d = lower.length
  const evenly = Math.min(d, maxSobolDimensions)
  const all = new SobolSequence(evenly, rng).points(count)
  const share = centre === undefined ? 1 : Math.min(1, perturbed / d)
  return Array.from({ length: count }, (_, i) => {
    const point = new Float64Array(d)
    // one dimension at least differs
    const always = share < 1 ? rng.integer(0, d) : 0
    for (let j = 0; j < d; j++) {
      const unit = j < evenly ? (all[i * evenly + j] ?? 0) : rng.uniform()
      const low = lower[j] ?? 0
      const isMoved = share >= 1 || j === always || rng.uniform() < share
      point[j] = isMoved ? low + unit * ((upper[j] ?? 1) - low) : (centre?.[j] ?? unit)
    }
    return point
  })
}

/**
 * Points near a point, within a box: from as far as `widths` down to a 64th of it, half of them in all dimensions and half in about two.
 *
 * @param centre - [D], without NaN
 * @param widths - [D]
 * @param isCategorical - [D]: those that are drawn anew where they change at all
 */
export function nearby(
  centre: Float64Array,
  count: number,
  widths: Float64Array,
  isCategorical: readonly boolean[],
  { lower, upper }: Box,
  rng: Rng,
): Float64Array[] {
  const d = centre.length
  return Array.from({ length: count }, (_, i) => {
    const point = centre.slice()
    const factor = 4 ** -(i % 4)
    const share = i % 2 === 0 ? 1 : Math.min(1, 2 / d)
    const always = rng.integer(0, d)
    for (let j = 0; j < d; j++) {
      if (j !== always && share < 1 && rng.uniform() >= share) continue
      if (isCategorical[j]) {
        if (share < 1 || rng.uniform() < 1 / d) point[j] = rng.uniform()
        continue
      }
      const moved = (point[j] ?? 0.5) + factor * (widths[j] ?? 0) * rng.normal()
      point[j] = Math.min(upper[j] ?? 1, Math.max(lower[j] ?? 0, moved))
    }
    return point
  })
}
