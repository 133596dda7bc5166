import { cholesky, invert, logDeterminant, solveLower, solveUpper, triangleLength } from '../math/cholesky.js'
import { expOfNegative } from '../math/exp.js'
import { averageInformation } from './average-information.js'
import { type GpDimension, squaredDistances } from './dimension.js'
import { diagonal, type LogNormalPrior, meanVariance, priorsOf } from './hyperparameters.js'
import { fitMean } from './mean.js'

/**
 * The negative logarithm of the posterior density of the hyperparameters θ = log(ℓ₁ … ℓ_d, s, σ²), with its gradient and an
 * approximate Hessian; σ² is missing from θ where it is given. The constant mean is no part of θ: for each θ the best one is known in
 * closed form.
 *
 * An evaluation takes n³/2 multiplications: a Cholesky factor and an inverse.
 *
 * @see Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), section 5.4.1
 */
export class MapObjective {
  readonly priors: readonly LogNormalPrior[]
  readonly #n: number
  readonly #d: number
  readonly #y: Float64Array
  readonly #givenNoise: number | undefined
  /** Row-major [d × pairs]. */
  readonly #distances: Float64Array
  /** 1/ℓ², [d]. */
  readonly #weights: Float64Array
  /** r² of each pair. */
  readonly #squares: Float64Array
  /** s·(1 + a)·exp(−a) of each pair: −6/5 of the kernel's derivative by r². */
  readonly #slopes: Float64Array
  readonly #products: Float64Array
  readonly #factor: Float64Array
  readonly #inverse: Float64Array
  readonly #workspace: Float64Array
  readonly #ones: Float64Array
  readonly #residual: Float64Array
  readonly #alpha: Float64Array
  readonly #scales: Float64Array
  readonly #rows: Float64Array
  readonly #information: Float64Array
  #noise = 0

  /**
   * @param x - row-major [n × d]
   * @param y - standardized, [n]
   * @param noise - σ², if it is not to be learnt
   */
  constructor(x: Float64Array, y: Float64Array, dimensions: readonly GpDimension[], noise: number | undefined) {
    const n = y.length
    const d = dimensions.length
    const pairs = (n * (n - 1)) / 2
    this.#n = n
    this.#d = d
    this.#y = y
    this.#givenNoise = noise
    this.priors = priorsOf(d, noise === undefined)
    const { length } = this.priors
    this.#distances = squaredDistances(x, n, dimensions)
    this.#weights = new Float64Array(d)
    this.#squares = new Float64Array(pairs)
    this.#slopes = new Float64Array(pairs)
    this.#products = new Float64Array(pairs)
    this.#factor = new Float64Array(triangleLength(n))
    this.#inverse = new Float64Array(triangleLength(n))
    this.#workspace = new Float64Array(n * n)
    this.#ones = new Float64Array(n)
    this.#residual = new Float64Array(n)
    this.#alpha = new Float64Array(n)
    this.#scales = new Float64Array(d)
    this.#rows = new Float64Array(length * n)
    this.#information = new Float64Array(triangleLength(length))
  }

  /** Writes the gradient at θ and returns the value; Infinity where the covariance matrix is singular. */
  readonly evaluate = (theta: Float64Array, gradient: Float64Array): number => {
    const n = this.#n
    const outputScale = Math.exp(theta[this.#d] ?? 0)
    this.#noise = this.#givenNoise ?? Math.exp(theta[this.#d + 1] ?? 0)
    this.#fillCovariance(theta, outputScale)
    const factor = this.#factor
    if (!cholesky(factor, n)) return Number.POSITIVE_INFINITY
    const alpha = this.#alpha
    const { mean, misfit } = fitMean(factor, this.#y, alpha, this.#ones)
    for (let i = 0; i < n; i++) this.#residual[i] = (this.#y[i] ?? 0) - mean
    solveUpper(factor, n, alpha)
    invert(factor, n, this.#inverse, this.#workspace)
    this.#fillGradient(misfit, gradient)
    const value = 0.5 * (misfit + (mean * mean) / meanVariance + logDeterminant(factor, n))
    return value + this.#addPriors(theta, gradient)
  }

  /** Multiplies by an approximate inverse Hessian at the θ last evaluated, in place. */
  readonly precondition = (vector: Float64Array, isFree: Float64Array): void => {
    const { length } = this.priors
    const information = this.#information
    for (let j = 0; j < this.#d; j++) this.#scales[j] = (5 / 3) * (this.#weights[j] ?? 0)
    averageInformation(
      {
        distances: this.#distances,
        scales: this.#scales,
        slopes: this.#slopes,
        factor: this.#factor,
        residual: this.#residual,
        alpha: this.#alpha,
        noise: this.#noise,
      },
      length,
      this.#rows,
      information,
    )
    let place = 0
    for (let i = 0; i < length; i++) {
      for (let j = 0; j < i; j++) {
        information[place] = (information[place] ?? 0) * (isFree[i] ?? 0) * (isFree[j] ?? 0)
        place++
      }
      information[place] = (information[place] ?? 0) + 1 / (this.priors[i]?.scale ?? 1) ** 2
      place++
    }
    if (!cholesky(information, length)) return
    solveLower(information, length, vector)
    solveUpper(information, length, vector)
  }

  #fillCovariance(theta: Float64Array, outputScale: number): void {
    const n = this.#n
    for (let j = 0; j < this.#d; j++) this.#weights[j] = Math.exp(-2 * (theta[j] ?? 0))
    const squares = this.#squares
    sumDistances(this.#distances, this.#weights, squares)
    const slopes = this.#slopes
    const factor = this.#factor
    const onDiagonal = diagonal(outputScale, this.#noise)
    let pair = 0
    let place = 0
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < i; k++) {
        const a = Math.sqrt(5 * (squares[pair] ?? 0))
        const scaled = outputScale * expOfNegative(-a)
        const slope = scaled * (1 + a)
        slopes[pair++] = slope
        factor[place++] = slope + scaled * a * a * (1 / 3)
      }
      factor[place++] = onDiagonal
    }
  }

  /** @param misfit - (y − mean)ᵀ·α */
  #fillGradient(misfit: number, gradient: Float64Array): void {
    const n = this.#n
    const d = this.#d
    const alpha = this.#alpha
    const inverse = this.#inverse
    const slopes = this.#slopes
    const products = this.#products
    // all derivatives are ½·tr((K⁻¹ − ααᵀ)·dK), where a pair counts twice
    let trace = 0
    let pair = 0
    let place = 0
    for (let i = 0; i < n; i++) {
      const ai = alpha[i] ?? 0
      for (let k = 0; k < i; k++) {
        products[pair] = (slopes[pair] ?? 0) * ((inverse[place] ?? 0) - ai * (alpha[k] ?? 0))
        pair++
        place++
      }
      trace += (inverse[place++] ?? 0) - ai * ai
    }
    multiplyDistances(this.#distances, products, gradient, d)
    // d(r²)/d(log ℓ) = −2·distance/ℓ²
    for (let j = 0; j < d; j++) gradient[j] = (5 / 3) * (this.#weights[j] ?? 0) * (gradient[j] ?? 0)
    // here dK is K without its noise, and tr(K⁻¹·K) = n
    gradient[d] = 0.5 * (n - misfit - this.#noise * trace)
    if (this.#givenNoise === undefined) gradient[d + 1] = 0.5 * this.#noise * trace
  }

  #addPriors(theta: Float64Array, gradient: Float64Array): number {
    let sum = 0
    for (const [i, { location, scale }] of this.priors.entries()) {
      const z = ((theta[i] ?? 0) - location) / scale
      sum += 0.5 * z * z
      gradient[i] = (gradient[i] ?? 0) + z / scale
    }
    return sum
  }
}

/** Σⱼ weightⱼ · distanceⱼ for each pair; two dimensions at a time, to read and write the sums half as often. */
function sumDistances(distances: Float64Array, weights: Float64Array, sums: Float64Array): void {
  const { length } = sums
  const d = weights.length
  const isOdd = d % 2 === 1
  const first = weights[0] ?? 0
  if (isOdd) for (let pair = 0; pair < length; pair++) sums[pair] = first * (distances[pair] ?? 0)
  else sums.fill(0)
  for (let j = isOdd ? 1 : 0; j < d; j += 2) {
    const weight0 = weights[j] ?? 0
    const weight1 = weights[j + 1] ?? 0
    const start0 = j * length
    const start1 = start0 + length
    for (let pair = 0; pair < length; pair++) {
      sums[pair] =
        (sums[pair] ?? 0) + weight0 * (distances[start0 + pair] ?? 0) + weight1 * (distances[start1 + pair] ?? 0)
    }
  }
}

/** Writes Σ over the pairs of factor · distanceⱼ; two dimensions and two pairs at a time, so that additions don't wait for one another. */
function multiplyDistances(distances: Float64Array, factors: Float64Array, sums: Float64Array, d: number): void {
  const { length } = factors
  const even = length & ~1
  for (let j = 0; j < d; j += 2) {
    const start0 = j * length
    const start1 = j + 1 < d ? start0 + length : start0
    let a0 = 0
    let b0 = 0
    let a1 = 0
    let b1 = 0
    for (let pair = 0; pair < even; pair += 2) {
      const factor0 = factors[pair] ?? 0
      const factor1 = factors[pair + 1] ?? 0
      a0 += factor0 * (distances[start0 + pair] ?? 0)
      b0 += factor1 * (distances[start0 + pair + 1] ?? 0)
      a1 += factor0 * (distances[start1 + pair] ?? 0)
      b1 += factor1 * (distances[start1 + pair + 1] ?? 0)
    }
    if (even < length) {
      a0 += (factors[even] ?? 0) * (distances[start0 + even] ?? 0)
      a1 += (factors[even] ?? 0) * (distances[start1 + even] ?? 0)
    }
    sums[j] = a0 + b0
    if (j + 1 < d) sums[j + 1] = a1 + b1
  }
}
