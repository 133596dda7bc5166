import { solveLowerRows } from '../math/cholesky.js'

/** A covariance matrix K = K_f + σ²·1 with its derivatives, at some hyperparameters. */
export interface CovarianceState {
  /** Row-major [d × pairs]. */
  readonly distances: Float64Array
  /** dK/d(log ℓⱼ) = scaleⱼ · distance · slope, [d]. */
  readonly scales: Float64Array
  /** [pairs]. */
  readonly slopes: Float64Array
  /** L of K = L·Lᵀ, packed [n × n]. */
  readonly factor: Float64Array
  /** y − mean, [n]. */
  readonly residual: Float64Array
  /** K⁻¹(y − mean), [n]. */
  readonly alpha: Float64Array
  /** σ². */
  readonly noise: number
}

/**
 * The average information matrix of θ = log(ℓ₁ … ℓ_d, s, σ²), ½·αᵀ·dKᵢ·K⁻¹·dKⱼ·α: the mean of the observed and the expected
 * Hessian of the negative log likelihood, but for its second derivatives of K. O(n²d), where either of them alone is O(n³d).
 *
 * @param rows - how many of θ count, d + 1 or d + 2
 * @param workspace - [rows × n], overwritten
 * @param information - takes the matrix, packed [rows × rows]
 * @see Gilmour, Thompson and Cullis, Average information REML, Biometrics 51 (1995) 1440–1450
 */
export function averageInformation(
  { distances, scales, slopes, factor, residual, alpha, noise }: CovarianceState,
  rows: number,
  workspace: Float64Array,
  information: Float64Array,
): void {
  const n = alpha.length
  const d = scales.length
  const pairs = slopes.length
  workspace.fill(0)
  for (let j = 0; j < d; j++) {
    const scale = scales[j] ?? 0
    const row = j * n
    let pair = j * pairs
    let slope = 0
    for (let i = 0; i < n; i++) {
      const ai = alpha[i] ?? 0
      let sum = 0
      for (let k = 0; k < i; k++) {
        const derivative = (distances[pair++] ?? 0) * (slopes[slope++] ?? 0)
        sum += derivative * (alpha[k] ?? 0)
        workspace[row + k] = (workspace[row + k] ?? 0) + derivative * ai
      }
      workspace[row + i] = sum
    }
    for (let i = 0; i < n; i++) workspace[row + i] = (workspace[row + i] ?? 0) * scale
  }
  for (let i = 0; i < n; i++) {
    const noisy = noise * (alpha[i] ?? 0)
    // K_f·α, as K·α is the residual
    workspace[d * n + i] = (residual[i] ?? 0) - noisy
    if (rows > d + 1) workspace[(d + 1) * n + i] = noisy
  }
  solveLowerRows(factor, n, workspace, rows)
  let place = 0
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let k = 0; k < n; k++) sum += (workspace[i * n + k] ?? 0) * (workspace[j * n + k] ?? 0)
      information[place++] = 0.5 * sum
    }
  }
}
