import type { Dimension } from '../../src/space/dimension.js'
import type { Surrogate } from './surrogate.js'

/** How near a basin's bottom points are its own, in length scales of the model that knows it. */
const radius = 1

/** The surroundings of a config that the search is to leave. */
export interface Basin {
  /** [D], without NaN. */
  readonly bottom: Float64Array
  /** [varying], 1 / ℓ. */
  readonly inverseScales: Float64Array
}

export function basinOf(bottom: Float64Array, { gp }: Surrogate): Basin {
  return { bottom, inverseScales: Float64Array.from(gp.hyperparameters.lengthScales, scale => 1 / scale) }
}

/** Whether a point [D] is within a basin; NaN counts as ½, and categories are 1 apart. */
export function isWithin(
  { bottom, inverseScales }: Basin,
  point: Float64Array,
  varying: readonly Dimension[],
): boolean {
  let square = 0
  for (const [j, { index, type, size }] of varying.entries()) {
    const unit = point[index] ?? 0.5
    const difference = Math.abs((Number.isNaN(unit) ? 0.5 : unit) - (bottom[index] ?? 0.5))
    const distance = type !== 'categorical' ? difference : difference * size < 0.5 ? 0 : 1
    square += (distance * (inverseScales[j] ?? 0)) ** 2
  }
  return square < radius * radius
}
