import type { GaussianProcess } from '../../src/gp/gaussian-process.js'
import type { Dimension } from '../../src/space/dimension.js'
import { canonicalize } from '../kit/units.js'
import { type Inputs, writeInputs } from './score.js'

/** How near a basin's bottom all points are its own, in length scales of the model that knows it. */
const radius = 1

/** At so many points between one and the bottom a ridge is looked for, which is higher than the point by so much of what the brim is. */
const between = 4
const leastRidge = 0.25

/** The surroundings of a config that the search is to leave. */
export interface Basin {
  /** [D], without NaN. */
  readonly bottom: Float64Array
  readonly gp: GaussianProcess
  readonly inputs: Inputs
  /** Results above this are of no basin: such points lie on the plain. */
  readonly brim: number
}

/**
 * Whether a point is in a basin: near its bottom, or from where the model's mean leads down to it.
 *
 * @param point - [D]; NaN counts as ½
 */
export function isWithin(basin: Basin, point: Float64Array): boolean {
  const { bottom, gp, inputs, brim } = basin
  const { space, varying } = inputs.layout
  const from = point.map(unit => (Number.isNaN(unit) ? 0.5 : unit))
  if (squaredDistance(from, bottom, varying, gp.hyperparameters.lengthScales) < radius * radius) return true
  const d = varying.length
  const rows = new Float64Array((between + 1) * d)
  for (let i = 0; i <= between; i++) {
    const share = i / (between + 1)
    const path = from.map((unit, index) => {
      const to = bottom[index] ?? unit
      const isCategorical = space.dimensions[index]?.type === 'categorical'
      if (isCategorical) return share < 0.5 ? unit : to
      return unit + share * (to - unit)
    })
    writeInputs(inputs, canonicalize(path, space), rows, i * d)
  }
  const [here = 0, ...there] = gp.predict(rows, between + 1).mean
  return here < brim && !there.some(mean => mean > here + leastRidge * (brim - here))
}

/** In length scales; categories are 1 apart. */
function squaredDistance(
  a: Float64Array,
  b: Float64Array,
  varying: readonly Dimension[],
  lengthScales: ArrayLike<number>,
): number {
  let square = 0
  for (const [j, { index, type, size }] of varying.entries()) {
    const difference = Math.abs((a[index] ?? 0.5) - (b[index] ?? 0.5))
    const distance = type !== 'categorical' ? difference : difference * size < 0.5 ? 0 : 1
    square += (distance / (lengthScales[j] ?? 1)) ** 2
  }
  return square
}
