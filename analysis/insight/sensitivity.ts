import type { Rng } from '../../src/rng.js'
import type { Dimension } from '../../src/space/dimension.js'
import { canonical, nameOf } from './known-space.js'
import type { StudyModel } from './model.js'

/** How much the metric changes with a parameter, whatever the others are and together with them. */
export interface Sensitivity {
  /** Where the parameter stands in a config. */
  readonly parameter: string
  /** Its total effect: the share of the metric's variance over the space that is lost when it is held, in [0, 1] but for chance. */
  readonly totalEffect: number
  /** By how much the metric changes at most over the parameter's range, with all else as in the best trial; in the metric's unit. */
  readonly changeAtBest: number
  /** How many points the estimate rests on. */
  readonly points: number
}

const basePoints = 256
const linePoints = 21

/**
 * The total effects of parameters, their interactions included, of a model's mean over the space: unlike importances of parameters by themselves,
 * one near 0 means that the parameter hardly matters at all, as far as the model knows.
 *
 * @see Jansen, Analysis of Variance Designs for Model Output (1999); Saltelli et al. (2010), table 2
 */
export function sensitivities(model: StudyModel, rng: Rng): Sensitivity[] {
  const { known } = model
  const d = known.space.dimensions.length
  const draw = () => Float64Array.from({ length: d }, () => rng.uniform())
  const base = Array.from({ length: basePoints }, draw)
  const other = Array.from({ length: basePoints }, draw)
  const meansOf = (points: readonly Float64Array[]) => model.predict(points.map(units => canonical(known, units))).mean
  const means = meansOf(base)
  const centre = means.reduce((sum, mean) => sum + mean, 0) / basePoints
  const variance = means.reduce((sum, mean) => sum + (mean - centre) ** 2, 0) / basePoints
  if (!(variance > 0)) return []
  return known.varying.map(dimension => {
    const { index } = dimension
    const moved = meansOf(base.map((units, i) => units.with(index, other[i]?.[index] ?? 0.5)))
    const change = means.reduce((sum, mean, i) => sum + (mean - (moved[i] ?? mean)) ** 2, 0) / (2 * basePoints)
    const line = meansOf(coordinatesOf(dimension).map(unit => model.incumbent.units.with(index, unit)))
    const [low, high] = [line.reduce((a, b) => Math.min(a, b)), line.reduce((a, b) => Math.max(a, b))]
    const totalEffect = change / variance
    return { parameter: nameOf(known, dimension), totalEffect, changeAtBest: high - low, points: basePoints }
  })
}

/** Evenly spaced over a number's range; one for each category. */
function coordinatesOf({ type, size }: Dimension): number[] {
  const count = type === 'categorical' ? size : linePoints
  return Array.from({ length: count }, (_, i) => (i + 0.5) / count)
}
