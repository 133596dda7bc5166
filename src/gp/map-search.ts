import { minimize } from '../math/lbfgs.js'
import type { GpDimension } from './dimension.js'
import type { CovarianceParameters, LogNormalPrior } from './hyperparameters.js'
import { MapObjective } from './map-objective.js'

/** How to search for hyperparameters. */
export interface SearchOptions {
  readonly dimensions: readonly GpDimension[]
  /** The first start, if it is not where the priors have theirs. */
  readonly initial: CovarianceParameters | undefined
  /** The noise, if it is not to be learnt. */
  readonly noise: number | undefined
  readonly maxIterations: number
  readonly restarts: number
}

/** Further starts: what is added to the logarithms of the length scales and of the noise. */
const detours = [
  { lengthScale: 0, noise: 0 },
  { lengthScale: 1, noise: 3 },
  { lengthScale: -1, noise: -2 },
]

/**
 * Finds hyperparameters of the greatest posterior density.
 *
 * @param x - row-major [n × d]
 * @param y - standardized, [n]
 */
export function searchHyperparameters(x: Float64Array, y: Float64Array, options: SearchOptions): CovarianceParameters {
  const { dimensions, initial, noise, maxIterations, restarts } = options
  const d = dimensions.length
  const { evaluate, precondition, priors } = new MapObjective(x, y, dimensions, noise)
  const starts = [...(initial === undefined ? [] : [encode(initial, priors)]), ...usualStarts(priors, d)]
  const limits = {
    lower: Float64Array.from(priors, prior => prior.lower),
    upper: Float64Array.from(priors, prior => prior.upper),
    maxIterations,
    // so much of a log density does not matter
    gradientTolerance: 0.05,
    valueTolerance: 0.02,
    maxStep: Float64Array.from(priors, prior => 2 * prior.scale),
    precondition,
  }
  const found = starts.slice(0, 1 + restarts).map(start => minimize(evaluate, start, limits))
  const best = found.reduce((least, other) => (other.value < least.value ? other : least))
  const at = best.x.map(Math.exp)
  return { lengthScales: at.slice(0, d), outputScale: at[d] ?? 1, noise: noise ?? at[d + 1] ?? 0 }
}

function usualStarts(priors: readonly LogNormalPrior[], d: number): Float64Array[] {
  return detours.map(({ lengthScale, noise }) =>
    Float64Array.from(priors, ({ start }, i) => start + (i < d ? lengthScale : i === d ? 0 : noise)),
  )
}

function encode(
  { lengthScales, outputScale, noise }: CovarianceParameters,
  priors: readonly LogNormalPrior[],
): Float64Array {
  // little noise may be too little for a Cholesky factor as soon as there are more observations
  const values = [...Array.from(lengthScales), outputScale, Math.max(noise, 1e-9)]
  return Float64Array.from(priors, (_, i) => Math.log(values[i] ?? 1))
}
