import { solveLower } from '../math/cholesky.js'
import { meanVariance } from './hyperparameters.js'

/** The posterior mode of the constant mean, given the factor of the covariance matrix; and what it leaves. */
export interface MeanFit {
  readonly mean: number
  /** (y − mean)ᵀ·K⁻¹·(y − mean). */
  readonly misfit: number
}

/**
 * Finds the mean that is best for given hyperparameters, in closed form; O(n²).
 *
 * @param factor - L of K = L·Lᵀ, packed [n × n]
 * @param residual - takes L⁻¹(y − mean), [n]
 * @param ones - takes L⁻¹·1, [n]
 * @see Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), section 2.7
 */
export function fitMean(factor: Float64Array, y: Float64Array, residual: Float64Array, ones: Float64Array): MeanFit {
  const n = y.length
  residual.set(y)
  ones.fill(1)
  solveLower(factor, n, residual)
  solveLower(factor, n, ones)
  let along = 0
  let square = 1 / meanVariance
  for (let i = 0; i < n; i++) {
    const one = ones[i] ?? 0
    along += one * (residual[i] ?? 0)
    square += one * one
  }
  const mean = along / square
  let misfit = 0
  for (let i = 0; i < n; i++) {
    const rest = (residual[i] ?? 0) - mean * (ones[i] ?? 0)
    residual[i] = rest
    misfit += rest * rest
  }
  return { mean, misfit }
}
