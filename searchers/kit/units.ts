import type { Rng } from '../../src/rng.js'
import type { Dimension } from '../../src/space/dimension.js'
import type { Space } from '../../src/space/space.js'

/**
 * Moves a point of the unit cube to the one that encodes what it decodes to: the middle of its cell in every dimension with finitely
 * many values, NaN in those that the config doesn't have. In place.
 */
export function canonicalize(units: Float64Array, space: Space): Float64Array {
  for (const dimension of space.dimensions) {
    const { index, type } = dimension
    // a choice stands before what depends on it, so its own coordinate is settled
    if (!space.isActive(units, dimension)) {
      units[index] = Number.NaN
      continue
    }
    const unit = units[index] ?? 0.5
    if (type === 'continuous') units[index] = Math.min(1, Math.max(0, Number.isNaN(unit) ? 0.5 : unit))
    else {
      const { lower, upper } = dimension.cell(Number.isNaN(unit) ? 0.5 : unit)
      units[index] = (lower + upper) / 2
    }
  }
  return units
}

/** A text that two points share if they decode to the same config, `sampleFrom` aside. */
export function keyOf(canonicalUnits: Float64Array): string {
  return canonicalUnits.join()
}

/** A point drawn uniformly from the unit cube, canonical. */
export function drawUnits(rng: Rng, space: Space): Float64Array {
  const units = new Float64Array(space.dimensions.length)
  for (let i = 0; i < units.length; i++) units[i] = rng.uniform()
  return canonicalize(units, space)
}

/** How many configs the space has, `sampleFrom` aside, if every parameter is always there: an upper bound; Infinity with a continuous one. */
export function countConfigs(dimensions: readonly Dimension[]): number {
  let count = 1
  for (const { size, type } of dimensions) {
    if (type === 'continuous') return Number.POSITIVE_INFINITY
    count *= size
  }
  return count
}
