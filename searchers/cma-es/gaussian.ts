import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { type StrategyParameters, strategyParameters } from './parameters.js'

/** Where a strategy starts. */
export interface GaussianStart {
  /** [n], m. */
  readonly mean: Float64Array
  /** σ, greater than 0. */
  readonly sigma: number
  /** [n × n] or [n], its diagonal: C. @defaultValue the identity */
  readonly covariance?: Float64Array | undefined
  /** λ. */
  readonly populationSize: number
  readonly isSeparable: boolean
}

/**
 * The normal distribution N(m, σ²·A·C·A) that CMA-ES moves, A a diagonal that only the margin of integers sets.
 *
 * Drawing takes n² multiplications, a generation λ·n², and an eigendecomposition (about 10·n³) as often as the covariance has changed
 * by a tenth.
 *
 * @see Hansen, The CMA Evolution Strategy: A Tutorial, arXiv:1604.00772, appendix A
 */
export class Gaussian {
  readonly n: number
  readonly mean: Float64Array
  readonly parameters: StrategyParameters
  /** [n], A's diagonal. */
  readonly scales: Float64Array
  readonly #isSeparable: boolean
  /** [n × n], or [n] if separable. */
  readonly #covariance: Float64Array
  readonly #sigmaPath: Float64Array
  readonly #covariancePath: Float64Array
  /** [n × n], eigenvectors as columns; empty if separable. */
  #axes: Float64Array
  /** [n], square roots of the eigenvalues. */
  readonly #lengths: Float64Array
  #sigma: number
  #generation = 0
  #decomposedAt = 0

  constructor({ mean, sigma, covariance, populationSize, isSeparable }: GaussianStart) {
    const n = mean.length
    this.n = n
    this.mean = mean.slice()
    this.parameters = strategyParameters(n, populationSize, isSeparable)
    this.scales = new Float64Array(n).fill(1)
    this.#isSeparable = isSeparable
    this.#sigma = sigma
    this.#sigmaPath = new Float64Array(n)
    this.#covariancePath = new Float64Array(n)
    this.#lengths = new Float64Array(n).fill(1)
    this.#axes = isSeparable ? new Float64Array() : identity(n)
    this.#covariance = isSeparable ? new Float64Array(n).fill(1) : identity(n)
    if (covariance !== undefined) {
      if (isSeparable && covariance.length > n)
        for (let i = 0; i < n; i++) this.#covariance[i] = covariance[i * n + i] ?? 1
      else this.#covariance.set(covariance)
      this.#decompose()
    }
  }

  /** Whether its longest axis is 10^7 times its shortest, so that rounding decides about the rest. */
  get isDegenerate(): boolean {
    let [longest, shortest] = [0, Number.POSITIVE_INFINITY]
    for (const length of this.#lengths) {
      longest = Math.max(longest, length)
      shortest = Math.min(shortest, length)
    }
    return longest >= 0.99e7 * shortest
  }

  /** The standard deviation of one coordinate. */
  deviation(i: number): number {
    const variance = this.#covariance[this.#isSeparable ? i : i * this.n + i] ?? 1
    return this.#sigma * (this.scales[i] ?? 1) * Math.sqrt(variance)
  }

  /** Makes σ smaller if a coordinate's standard deviation is larger than this. */
  narrowTo(largest: number): void {
    let widest = 0
    for (let i = 0; i < this.n; i++) widest = Math.max(widest, this.deviation(i))
    if (widest > largest) this.#sigma *= largest / widest
  }

  /**
   * Turns standard normal numbers into a point.
   *
   * @param z - [n]
   * @returns [n]
   */
  transform(z: Float64Array): Float64Array {
    const n = this.n
    const lengths = this.#lengths
    const axes = this.#axes
    const x = new Float64Array(n)
    for (let i = 0; i < n; i++) {
      let y = 0
      if (this.#isSeparable) y = (lengths[i] ?? 1) * (z[i] ?? 0)
      else for (let k = 0; k < n; k++) y += (axes[i * n + k] ?? 0) * (lengths[k] ?? 1) * (z[k] ?? 0)
      x[i] = (this.mean[i] ?? 0) + this.#sigma * (this.scales[i] ?? 1) * y
    }
    return x
  }

  /**
   * Learns from a generation.
   *
   * @param points - row-major [λ × n], wherever they came from: steps that are longer than the distribution's own would be are cut
   * @param weights - [λ], one for each point, as in {@link StrategyParameters.weights}
   * @see Hansen, Injecting External Solutions Into CMA-ES, arXiv:1110.4181, for the cut
   */
  update(points: Float64Array, weights: Float64Array): void {
    const { n, mean, scales } = this
    const { selectionMass, sigmaPathRate, sigmaDamping, covariancePathRate, rankOneRate, rankMuRate, expectedLength } =
      this.parameters
    const count = weights.length
    const steps = new Float64Array(count * n)
    const squares = new Float64Array(count)
    const white = new Float64Array(n)
    const longest = Math.sqrt(n) + (2 * n) / (n + 2)
    for (let i = 0; i < count; i++) {
      const step = steps.subarray(i * n, (i + 1) * n)
      for (let k = 0; k < n; k++)
        step[k] = ((points[i * n + k] ?? 0) - (mean[k] ?? 0)) / (this.#sigma * (scales[k] ?? 1))
      this.#whiten(step, white)
      const length = norm(white)
      const cut = length > longest ? longest / length : 1
      if (cut < 1) for (let k = 0; k < n; k++) step[k] = (step[k] ?? 0) * cut
      squares[i] = (length * cut) ** 2
    }
    const drift = new Float64Array(n)
    for (let i = 0; i < count; i++) {
      const weight = weights[i] ?? 0
      if (weight > 0) for (let k = 0; k < n; k++) drift[k] = (drift[k] ?? 0) + weight * (steps[i * n + k] ?? 0)
    }
    for (let k = 0; k < n; k++) mean[k] = (mean[k] ?? 0) + this.#sigma * (scales[k] ?? 1) * (drift[k] ?? 0)

    this.#generation += 1
    this.#whiten(drift, white)
    const sigmaGain = Math.sqrt(sigmaPathRate * (2 - sigmaPathRate) * selectionMass)
    // C^−½ = B·D⁻¹·Bᵀ: back from the axes' coordinates
    for (let i = 0; i < n; i++) {
      let turned = white[i] ?? 0
      if (!this.#isSeparable) {
        turned = 0
        for (let k = 0; k < n; k++) turned += (this.#axes[i * n + k] ?? 0) * (white[k] ?? 0)
      }
      this.#sigmaPath[i] = (1 - sigmaPathRate) * (this.#sigmaPath[i] ?? 0) + sigmaGain * turned
    }
    const pathLength = norm(this.#sigmaPath)
    const settled = Math.sqrt(1 - (1 - sigmaPathRate) ** (2 * this.#generation))
    const isStalled = pathLength / settled >= (1.4 + 2 / (n + 1)) * expectedLength
    const pathGain = isStalled ? 0 : Math.sqrt(covariancePathRate * (2 - covariancePathRate) * selectionMass)
    for (let k = 0; k < n; k++)
      this.#covariancePath[k] = (1 - covariancePathRate) * (this.#covariancePath[k] ?? 0) + pathGain * (drift[k] ?? 0)

    let weightSum = 0
    const shares = new Float64Array(count)
    for (let i = 0; i < count; i++) {
      const weight = weights[i] ?? 0
      weightSum += weight
      shares[i] = rankMuRate * (weight >= 0 ? weight : (weight * n) / Math.max(squares[i] ?? 0, 1e-12))
    }
    const lost = isStalled ? covariancePathRate * (2 - covariancePathRate) : 0
    const kept = 1 + rankOneRate * lost - rankOneRate - rankMuRate * weightSum
    this.#learnCovariance(kept, rankOneRate, steps, shares)
    this.#sigma *= Math.exp(Math.min(1, (sigmaPathRate / sigmaDamping) * (pathLength / expectedLength - 1)))
    if (this.#generation - this.#decomposedAt >= 1 / (10 * n * (rankOneRate + rankMuRate))) this.#decompose()
  }

  #learnCovariance(kept: number, rankOneRate: number, steps: Float64Array, shares: Float64Array): void {
    const n = this.n
    const covariance = this.#covariance
    const path = this.#covariancePath
    for (let i = 0; i < n; i++) {
      for (let j = this.#isSeparable ? i : 0; j <= i; j++) {
        const place = this.#isSeparable ? i : i * n + j
        let value = kept * (covariance[place] ?? 0) + rankOneRate * (path[i] ?? 0) * (path[j] ?? 0)
        for (let k = 0; k < shares.length; k++) {
          value += (shares[k] ?? 0) * (steps[k * n + i] ?? 0) * (steps[k * n + j] ?? 0)
        }
        covariance[place] = value
        if (!this.#isSeparable) covariance[j * n + i] = value
      }
    }
  }

  /** Sets axes and lengths from the covariance; eigenvalues that rounding made too small are raised. */
  #decompose(): void {
    const n = this.n
    this.#decomposedAt = this.#generation
    let values: ArrayLike<number> = this.#covariance
    if (!this.#isSeparable) {
      const decomposition = new EigenvalueDecomposition(Matrix.from1DArray(n, n, this.#covariance), {
        assumeSymmetric: true,
      })
      this.#axes = Float64Array.from(decomposition.eigenvectorMatrix.to1DArray())
      values = decomposition.realEigenvalues
    }
    let largest = 0
    for (let i = 0; i < n; i++) largest = Math.max(largest, values[i] ?? 0)
    for (let i = 0; i < n; i++) this.#lengths[i] = Math.sqrt(Math.max(values[i] ?? 0, 1e-14 * largest, 1e-300))
  }

  /** D⁻¹·Bᵀ·step: of the same length as C^−½·step. */
  #whiten(step: Float64Array, white: Float64Array): void {
    const n = this.n
    if (this.#isSeparable) {
      for (let k = 0; k < n; k++) white[k] = (step[k] ?? 0) / (this.#lengths[k] ?? 1)
      return
    }
    white.fill(0)
    for (let i = 0; i < n; i++) {
      const value = step[i] ?? 0
      for (let k = 0; k < n; k++) white[k] = (white[k] ?? 0) + (this.#axes[i * n + k] ?? 0) * value
    }
    for (let k = 0; k < n; k++) white[k] = (white[k] ?? 0) / (this.#lengths[k] ?? 1)
  }
}

function identity(n: number): Float64Array {
  const matrix = new Float64Array(n * n)
  for (let i = 0; i < n; i++) matrix[i * n + i] = 1
  return matrix
}

function norm(vector: Float64Array): number {
  let square = 0
  for (const value of vector) square += value * value
  return Math.sqrt(square)
}
