import type { JsonValue } from '../../src/json.js'
import type { Dimension, NumericDimension } from '../../src/space/dimension.js'
import type { GridCell } from '../../src/space/grid.js'
import type { Space } from '../../src/space/space.js'
import { readPath } from '../../src/trial.js'

/** The values of a number that may be changed, over the unit interval, in which they are uniform in their distribution. */
export interface Axis {
  /** Where the number stands in a config. */
  readonly path: string
  /** Whether it has steps: an integer, or a multiple of a quantum. */
  readonly isDiscrete: boolean
  /** The value at a coordinate in [0, 1]; never falls as that grows. */
  at(unit: number): number
}

/** How often an interval can be halved before doubles run out. */
const halvings = 64

/** The values of a dimension of a space, by their coordinates. */
export function probe(space: Space, dimension: Dimension): (unit: number) => JsonValue | undefined {
  const { units, cell } = frameOf(space, dimension)
  return unit => {
    units[dimension.index] = unit
    return readPath(space.decode(units, { cell }), dimension.path)
  }
}

/** The axis of a space's dimension. */
export function axisOf(space: Space, dimension: NumericDimension): Axis {
  const valueAt = probe(space, dimension)
  const { lower, upper } = dimension.cell(0.5)
  return {
    path: dimension.path,
    isDiscrete: upper > lower,
    at: unit => {
      const value = valueAt(unit)
      return typeof value === 'number' ? value : Number.NaN
    },
  }
}

/** The part of an axis between two values. */
export function narrow(axis: Axis, lower: number, upper: number): Axis {
  const from = unitOf(axis, lower)
  const to = unitOf(axis, upper)
  const { path, isDiscrete } = axis
  return {
    path,
    isDiscrete,
    // rounding must not lead out of the bounds
    at: unit => Math.min(upper, Math.max(lower, axis.at(from + unit * (to - from)))),
  }
}

/** A coordinate whose value is a given one: the middle of its cell where the axis has steps; the nearest end for a value outside. */
export function unitOf(axis: Axis, value: number): number {
  const start = split(axis, other => other < value).unit
  return axis.isDiscrete ? (start + split(axis, other => other <= value).unit) / 2 : start
}

/**
 * Multiplies a value and brings the product back on to the axis: between its ends, and on to its steps, whole numbers rounded towards zero as
 * Ray Tune does. A change that rounding would undo becomes a step.
 *
 * @param factor - positive
 */
export function scale(axis: Axis, value: number, factor: number): number {
  const target = value * factor
  if (!axis.isDiscrete) return Math.min(axis.at(1), Math.max(axis.at(0), target))
  const { below, above } = split(axis, other => other <= target)
  const isWhole = Number.isInteger(below) && Number.isInteger(above)
  const isNearBelow = isWhole ? target >= 0 || below === target : target - below <= above - target
  const rounded = isNearBelow ? below : above
  if (rounded !== value || factor === 1) return rounded
  const isUp = factor > 1 === value >= 0
  return isUp ? split(axis, other => other <= value).above : split(axis, other => other < value).below
}

/** The values on both sides of where a condition that holds for low ones ends, and the coordinate of that place. */
function split(axis: Axis, isLow: (value: number) => boolean): { below: number; above: number; unit: number } {
  if (!isLow(axis.at(0))) return { below: axis.at(0), above: axis.at(0), unit: 0 }
  if (isLow(axis.at(1))) return { below: axis.at(1), above: axis.at(1), unit: 1 }
  let low = 0
  let high = 1
  for (let i = 0; i < halvings; i++) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (isLow(axis.at(middle))) low = middle
    else high = middle
  }
  return { below: axis.at(low), above: axis.at(high), unit: high }
}

/** A point of the unit cube whose config has the dimension, whatever it takes. */
function frameOf(space: Space, dimension: Dimension): { units: Float64Array; cell: GridCell } {
  const units = new Float64Array(space.dimensions.length).fill(Number.NaN)
  const cell = new Map<string, number>()
  for (let condition = dimension.condition; condition !== undefined; ) {
    const { dimension: index, key, value } = condition
    const parent: Dimension | undefined = index === undefined ? undefined : space.dimensions[index]
    if (index === undefined || parent === undefined) cell.set(key, value)
    else units[index] = (value + 0.5) / parent.size
    condition = parent?.condition
  }
  return { units, cell }
}
