/** The hyperparameters of the covariances, in units of the standardized results. */
export interface CovarianceParameters {
  /** How far along each dimension results are alike, [d]; numeric dimensions range over [0, 1], categories are 1 apart. */
  readonly lengthScales: ArrayLike<number>
  /** The variance of the function about its mean. */
  readonly outputScale: number
  /** The variance of the noise of an observation. */
  readonly noise: number
}

/** What a Gaussian process learns beside its observations, in units of the standardized results. */
export interface Hyperparameters extends CovarianceParameters {
  /** What the function is expected to be far from all observations. */
  readonly mean: number
}

/** A normal density of a hyperparameter's logarithm, cut off at both ends. */
export interface LogNormalPrior {
  readonly location: number
  readonly scale: number
  readonly lower: number
  readonly upper: number
  /** Where a search starts. */
  readonly start: number
}

/** The variance of the normal prior of the mean. */
export const meanVariance = 1

/**
 * The priors of log(ℓ₁ … ℓ_d, s, σ²), the last where noise is to be learnt.
 *
 * Length scales grow with √d, as distances in the unit cube do, so that the model of many dimensions does not turn to noise: the mode is
 * that of the paper's density, exp(√2 − 3)·√d. The scale is 1 where the paper has √3, since with few observations the tighter prior
 * gives lower regret. The output scale is near 1, as results are standardized. The noise's prior is wide, since objectives range from
 * deterministic to very noisy; its search starts at 1 %, as from little noise it does not find to more: the likelihood is flat there.
 *
 * @see Hvarfner, Hellsten and Nardi, Vanilla Bayesian Optimization Performs Great in High Dimensions, ICML 2024, section 4
 */
export function priorsOf(d: number, isNoiseLearnt: boolean): readonly LogNormalPrior[] {
  const typicalLength = Math.SQRT2 - 3 + 0.5 * Math.log(d)
  const length = {
    location: typicalLength,
    scale: 1,
    lower: Math.log(0.01),
    upper: Math.log(1000),
    start: typicalLength,
  }
  const outputScale = { location: 0, scale: 0.5, lower: Math.log(0.01), upper: Math.log(100), start: 0 }
  const noise = { location: Math.log(1e-5), scale: 4, lower: Math.log(1e-10), upper: 0, start: Math.log(1e-2) }
  return [...Array.from({ length: d }, () => length), outputScale, ...(isNoiseLearnt ? [noise] : [])]
}

/** The variance of an observation: without noise, still enough of it for a Cholesky factor where points are equal. */
export function diagonal(outputScale: number, noise: number): number {
  return outputScale + Math.max(noise, 1e-10 * outputScale)
}
