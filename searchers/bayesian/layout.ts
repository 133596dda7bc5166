import type { GpDimension } from '../../src/gp/gaussian-process.js'
import type { Dimension } from '../../src/space/dimension.js'
import type { Space } from '../../src/space/space.js'

/** Up to how many values of an ordinal dimension are tried one by one; one with more is relaxed to a continuous one first. */
const maxTried = 16

/** Up to how many configs a space without continuous dimensions may have for all to be tried. */
const maxListed = 1024

/** Up to how many combinations of discrete values are tried together, not one dimension after the other. */
const maxCombined = 64

/** How the model sees a space: dimensions with one value are left out, categories are indices. */
export interface Layout {
  readonly space: Space
  /** The dimensions that have several values, in the space's order. */
  readonly varying: readonly Dimension[]
  /** The model's, likewise. */
  readonly model: readonly GpDimension[]
  /** Which of the varying dimensions a gradient can move. */
  readonly smooth: readonly number[]
  /** Which of them have finitely many values. */
  readonly discrete: readonly number[]
  /** The coordinates of the values of each varying dimension, ascending; undefined where they are not to be listed. */
  readonly levels: readonly (Float64Array | undefined)[]
  /** The combinations of all discrete values, row-major [combinations × discrete]; undefined if they are too many. */
  readonly combinations: Float64Array | undefined
  /** Whether the combinations are all the configs there are. */
  readonly isListed: boolean
  /** Whether the space has finitely many configs. */
  readonly isCountable: boolean
}

export function layOut(space: Space): Layout {
  const varying = space.dimensions.filter(({ size }) => size > 1)
  const places = [...varying.keys()]
  const of = (place: number): Dimension => {
    const dimension = varying[place]
    if (dimension === undefined) throw new RangeError(`there is no dimension ${place}`)
    return dimension
  }
  const discrete = places.filter(place => of(place).type !== 'continuous')
  const isCountable = discrete.length === varying.length
  const count = discrete.reduce((product, place) => product * of(place).size, 1)
  const isListed = isCountable && count <= maxListed
  const isTried = ({ type, size }: Dimension) => type === 'categorical' || size <= maxTried
  const isCombined = isListed || (count <= maxCombined && discrete.every(place => isTried(of(place))))
  const levels = varying.map(dimension => {
    const isWanted = dimension.type !== 'continuous' && (isListed || isTried(dimension))
    return isWanted ? levelsOf(dimension) : undefined
  })
  return {
    space,
    varying,
    model: varying.map(({ type, size }) => (type === 'categorical' ? { type, size } : { type: 'numeric' })),
    smooth: places.filter(place => of(place).type !== 'categorical' && of(place).size > maxTried),
    discrete,
    levels,
    combinations: isCombined ? combine(discrete.map(place => levels[place] ?? new Float64Array(0))) : undefined,
    isListed,
    isCountable,
  }
}

/**
 * Writes a canonical point of the unit cube as the model's row.
 *
 * @param row - takes it, [varying], from `start` on
 */
export function writeRow({ varying }: Layout, units: ArrayLike<number>, row: Float64Array, start = 0): void {
  for (const [place, dimension] of varying.entries()) {
    const unit = units[dimension.index] ?? Number.NaN
    row[start + place] = dimension.type === 'categorical' && !Number.isNaN(unit) ? dimension.indexAt(unit) : unit
  }
}

/** The middles of a dimension's cells. */
function levelsOf(dimension: Dimension): Float64Array {
  const levels: number[] = []
  for (let unit = 0; levels.length < dimension.size && unit < 1; ) {
    const { lower, upper } = dimension.cell(unit)
    levels.push((lower + upper) / 2)
    // into the next cell, past rounding
    unit = upper + 1e-9
  }
  return Float64Array.from(levels)
}

/** All combinations of one level of each, the last varying fastest. */
function combine(levels: readonly Float64Array[]): Float64Array {
  const width = levels.length
  const count = levels.reduce((product, { length }) => product * length, 1)
  const all = new Float64Array(count * width)
  for (let i = 0; i < count; i++) {
    let rest = i
    for (let j = width - 1; j >= 0; j--) {
      const values = levels[j] ?? new Float64Array(1)
      all[i * width + j] = values[rest % values.length] ?? 0
      rest = Math.floor(rest / values.length)
    }
  }
  return all
}
