import type { CategoricalDimension } from '../../src/space/dimension.js'
import type { Observation } from '../kit/observation.js'
import type { Axes } from './model.js'

/** Where a distribution starts. */
export interface Start {
  /** [d], in the unit cube; NaN, for parameters that nothing is known of, counts as ½. */
  readonly mean: Float64Array
  /** σ, greater than 0. */
  readonly sigma: number
  /** C of the numbers, row-major [n × n]. @defaultValue the identity */
  readonly covariance?: Float64Array | undefined
  /** Points, each [d], whose choices together get half of the probability. @defaultValue none */
  readonly likely?: readonly Float64Array[]
}

/** What is to be minimised; Infinity for a failure. */
export function lossOf({ values }: Observation): number {
  return values?.[0] ?? Number.POSITIVE_INFINITY
}

/** The best observation that has a value and that the filter lets through, the first of several. */
export function bestOf(
  observations: readonly Observation[],
  isWanted: (observation: Observation) => boolean = () => true,
): Observation | undefined {
  let best: Observation | undefined
  for (const observation of observations) {
    const bound = best === undefined ? Number.POSITIVE_INFINITY : lossOf(best)
    if (lossOf(observation) < bound && isWanted(observation)) best = observation
  }
  return best
}

/** What the values of each choice are in proportion to at the start: all alike, or half of it shared by those of likely points. */
export function firstShares(choices: readonly CategoricalDimension[], likely: readonly Float64Array[]): Float64Array[] {
  return choices.map(({ index, size, indexAt }) => {
    const shares = new Float64Array(size).fill(1 / size)
    const known = likely.map(units => units[index] ?? Number.NaN).filter(unit => !Number.isNaN(unit))
    for (const unit of known) {
      const value = indexAt(unit)
      shares[value] = (shares[value] ?? 0) + 1 / known.length
    }
    return shares
  })
}

/** γ: the share of the evaluated configs that a warm start fits. */
const promisingShare = 0.1
/** α: the standard deviation around each of them. */
const spreadOfEach = 0.1

/**
 * Fits a normal distribution to the best of the configs that were evaluated elsewhere.
 *
 * @returns undefined if none has a value
 * @see Nomura, Watanabe, Akimoto, Ozaki and Onishi, Warm Starting CMA-ES for Hyperparameter Optimization, AAAI 2021, arXiv:2012.06932
 */
export function warmStart(
  observations: readonly Observation[],
  { numbers }: Axes,
  dimensions: number,
): Start | undefined {
  const valued = observations.filter(({ values }) => values !== undefined)
  if (valued.length === 0) return undefined
  valued.sort((a, b) => lossOf(a) - lossOf(b))
  const likely = valued.slice(0, Math.max(1, Math.floor(promisingShare * valued.length))).map(({ units }) => units)
  const n = numbers.length
  const mean = new Float64Array(dimensions).fill(Number.NaN)
  for (const { index } of numbers) {
    const known = likely.map(units => units[index] ?? Number.NaN).filter(unit => !Number.isNaN(unit))
    if (known.length > 0) mean[index] = known.reduce((sum, unit) => sum + unit, 0) / known.length
  }
  const covariance = new Float64Array(n * n)
  for (let i = 0; i < n; i++) covariance[i * n + i] = spreadOfEach ** 2
  for (const units of likely) {
    const away = numbers.map(({ index }) => {
      const distance = (units[index] ?? Number.NaN) - (mean[index] ?? Number.NaN)
      return Number.isNaN(distance) ? 0 : distance
    })
    for (const [i, a] of away.entries()) {
      for (const [j, b] of away.entries()) {
        covariance[i * n + j] = (covariance[i * n + j] ?? 0) + (a * b) / likely.length
      }
    }
  }
  let trace = 0
  for (let i = 0; i < n; i++) trace += covariance[i * n + i] ?? 0
  // σ² C is what counts: C is made to have a mean of 1 on its diagonal
  const sigma = n > 0 ? Math.sqrt(trace / n) : spreadOfEach
  return { mean, sigma, covariance: covariance.map(value => value / sigma ** 2), likely }
}
