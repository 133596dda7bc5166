import { TuneError } from '../errors.js'
import {
  appendRow,
  choleskyWithJitter,
  logDeterminant,
  solveLower,
  solveLowerRows,
  solveUpper,
  triangleLength,
} from '../math/cholesky.js'
import type { Rng } from '../rng.js'
import type { GpDimension } from './dimension.js'
import { type CovarianceParameters, diagonal, type Hyperparameters } from './hyperparameters.js'
import { Kernel } from './kernel.js'
import { searchHyperparameters } from './map-search.js'
import { fitMean } from './mean.js'
import { checkObservations, checkOptions, type GaussianProcessOptions } from './options.js'

export type { GaussianProcessOptions, GpDimension, Hyperparameters }

/** Means and variances of the function at m points. */
export interface Prediction {
  /** [m]. */
  readonly mean: Float64Array
  /** [m]. */
  readonly variance: Float64Array
}

/** The mean and variance of the function at a point. */
export interface PointPrediction {
  /** In the unit of the observations. */
  readonly mean: number
  /** Of the function's value there, without noise; in that unit squared, at least 0. */
  readonly variance: number
}

/** How many points are predicted together. */
const blockSize = 64

/**
 * A Gaussian process: a regression that knows how sure it is. It has an ARD Matérn-5/2 kernel over numbers, categories and conditional
 * parameters, a constant mean, normal noise, and the hyperparameters of the greatest posterior density.
 *
 * A point is a row of numbers in [0, 1] and of category indices, with NaN where a conditional parameter is inactive. Predictions are of
 * the function itself, without an observation's noise. A process never changes: {@link condition} makes another one. It is the model
 * for functions that are dear to evaluate: up to some hundred observations, and about 20 dimensions that matter.
 *
 * @see Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), algorithm 2.1
 * @see Optuna's `GPSampler`, Ray Tune's `BayesOptSearch`
 */
export class GaussianProcess {
  /** What the kernel was fitted to. */
  readonly hyperparameters: Hyperparameters
  /** How many observations it knows. */
  readonly size: number
  readonly #model: Model
  readonly #kernel: Kernel
  /** L of K + σ²·1 = L·Lᵀ, packed. */
  readonly #factor: Float64Array
  /** (K + σ²·1)⁻¹(y − mean), standardized. */
  readonly #alpha: Float64Array
  readonly #row: Float64Array
  readonly #slopes: Float64Array

  /** @param hyperparameters - with a mean if it is given */
  private constructor(model: Model, hyperparameters: GivenParameters, kernel: Kernel, factor: Float64Array) {
    const { y } = model
    const n = y.length
    this.size = n
    this.#model = model
    this.#kernel = kernel
    this.#factor = factor
    this.#row = new Float64Array(n)
    this.#slopes = new Float64Array(n)
    this.#alpha = new Float64Array(n)
    const mean = hyperparameters.mean ?? fitMean(factor, y, this.#alpha, this.#row).mean
    this.hyperparameters = { ...hyperparameters, mean }
    for (let i = 0; i < n; i++) this.#alpha[i] = (y[i] ?? 0) - mean
    solveLower(factor, n, this.#alpha)
    solveUpper(factor, n, this.#alpha)
  }

  /**
   * Fits a process to observations; O(n³ + n²d) for each of about 10 steps of the search for hyperparameters.
   *
   * @param x - row-major [n × d]; kept as it is
   * @param y - [n], n at least 1; kept as it is
   * @throws `TuneError` `INVALID_OPTION` if there are no observations, lengths don't match, a result is not finite, a coordinate is
   * infinite, or given hyperparameters are not positive
   */
  static fit(x: Float64Array, y: Float64Array, options: GaussianProcessOptions): GaussianProcess {
    const { dimensions, initial, maxIterations = 50, restarts = 0, standardize = true } = options
    checkOptions(options)
    checkObservations(x, y, dimensions.length)
    if (y.length === 0) {
      throw new TuneError('INVALID_OPTION', 'a Gaussian process was given no observations; give one or more')
    }
    const { shift, scale } = standardize ? standardization(y) : { shift: 0, scale: 1 }
    const model = { dimensions, x: x.slice(), y: y.map(value => (value - shift) / scale), shift, scale }
    const noise = typeof options.noise === 'number' ? options.noise : undefined
    const parameters =
      options.hyperparameters ??
      searchHyperparameters(model.x, model.y, { dimensions, initial, noise, maxIterations, restarts })
    const n = y.length
    const kernel = kernelOf(model, parameters)
    const covariance = new Float64Array(triangleLength(n))
    for (let i = 0; i < n; i++) writeRow(model, parameters, kernel, covariance, i)
    const factor = new Float64Array(covariance.length)
    choleskyWithJitter(covariance, n, factor)
    return new GaussianProcess(model, parameters, kernel, factor)
  }

  /** The logarithm of the density of the standardized observations, without that of the hyperparameters. */
  get logMarginalLikelihood(): number {
    const { y } = this.#model
    const n = y.length
    let misfit = 0
    for (let i = 0; i < n; i++) misfit += ((y[i] ?? 0) - this.hyperparameters.mean) * (this.#alpha[i] ?? 0)
    return -0.5 * (misfit + logDeterminant(this.#factor, n) + n * Math.log(2 * Math.PI))
  }

  /**
   * Predicts at many points; O(n²) for each, at twice the speed of {@link predictOne}.
   *
   * @param points - row-major [count × d]
   */
  predict(points: Float64Array, count: number): Prediction {
    const n = this.size
    const d = this.#model.dimensions.length
    const mean = new Float64Array(count)
    const variance = new Float64Array(count)
    const rows = new Float64Array(Math.min(count, blockSize) * n)
    for (let start = 0; start < count; start += blockSize) {
      const m = Math.min(blockSize, count - start)
      for (let i = 0; i < m; i++) {
        this.#kernel.fill(points, (start + i) * d, rows, i * n)
        mean[start + i] = this.#toMean(product(rows, i * n, this.#alpha, 0, n))
      }
      solveLowerRows(this.#factor, n, rows, m)
      for (let i = 0; i < m; i++) variance[start + i] = this.#toVariance(product(rows, i * n, rows, i * n, n))
    }
    return { mean, variance }
  }

  /** Predicts at a point [d]; O(n²). */
  predictOne(point: Float64Array): PointPrediction {
    const n = this.size
    const row = this.#row
    this.#kernel.fill(point, 0, row, 0)
    const mean = this.#toMean(product(row, 0, this.#alpha, 0, n))
    solveLower(this.#factor, n, row)
    return { mean, variance: this.#toVariance(product(row, 0, row, 0, n)) }
  }

  /**
   * Predicts at a point [d] and writes the derivatives by its coordinates, 0 by categories and inactive ones; O(n²).
   *
   * @param meanGradient - takes those of the mean, [d]
   * @param varianceGradient - takes those of the variance, [d]
   */
  predictWithGradient(
    point: Float64Array,
    meanGradient: Float64Array,
    varianceGradient: Float64Array,
  ): PointPrediction {
    const n = this.size
    const row = this.#row
    const slopes = this.#slopes
    const alpha = this.#alpha
    this.#kernel.fillWithSlopes(point, row, slopes)
    const mean = this.#toMean(product(row, 0, alpha, 0, n))
    solveLower(this.#factor, n, row)
    const variance = this.#toVariance(product(row, 0, row, 0, n))
    solveUpper(this.#factor, n, row)
    const { scale } = this.#model
    for (let i = 0; i < n; i++) {
      const slope = scale * (slopes[i] ?? 0)
      slopes[i] = slope * (alpha[i] ?? 0)
      row[i] = -2 * scale * slope * (row[i] ?? 0)
    }
    this.#kernel.writeGradients(point, slopes, row, meanGradient, varianceGradient)
    return { mean, variance }
  }

  /**
   * The posterior covariances of the function at m points; O(n²m + nm²).
   *
   * @param points - row-major [count × d]
   * @returns row-major [count × count]
   */
  covariance(points: Float64Array, count: number): Float64Array {
    const n = this.size
    const { dimensions, scale } = this.#model
    const d = dimensions.length
    const { lengthScales, outputScale } = this.hyperparameters
    const among = new Kernel(points, count, dimensions, lengthScales, outputScale)
    const rows = new Float64Array(count * n)
    for (let i = 0; i < count; i++) this.#kernel.fill(points, i * d, rows, i * n)
    solveLowerRows(this.#factor, n, rows, count)
    const covariance = new Float64Array(count * count)
    for (let i = 0; i < count; i++) {
      among.fill(points, i * d, covariance, i * count, i)
      for (let k = 0; k < i; k++) {
        const rest = (covariance[i * count + k] ?? 0) - product(rows, i * n, rows, k * n, n)
        covariance[i * count + k] = scale * scale * rest
        covariance[k * count + i] = scale * scale * rest
      }
      covariance[i * count + i] = this.#toVariance(product(rows, i * n, rows, i * n, n))
    }
    return covariance
  }

  /**
   * Draws from the joint posterior of the function at m points; O(n²m + nm² + m³), and O(m²) for each draw.
   *
   * @param points - row-major [count × d]
   * @returns row-major [draws × count]
   */
  sample(points: Float64Array, count: number, rng: Rng, draws: number): Float64Array {
    const { mean } = this.predict(points, count)
    const covariance = this.covariance(points, count)
    const packed = new Float64Array(triangleLength(count))
    for (let i = 0; i < count; i++) {
      packed.set(covariance.subarray(i * count, i * count + i + 1), triangleLength(i))
    }
    const factor = new Float64Array(packed.length)
    choleskyWithJitter(packed, count, factor)
    const samples = new Float64Array(draws * count)
    const normals = new Float64Array(count)
    for (let draw = 0; draw < draws; draw++) {
      for (let i = 0; i < count; i++) normals[i] = rng.normal()
      for (let i = 0; i < count; i++) {
        samples[draw * count + i] = (mean[i] ?? 0) + product(factor, triangleLength(i), normals, 0, i + 1)
      }
    }
    return samples
  }

  /**
   * The process that knows further observations too, with the same hyperparameters and standardization; O(n²) for each of them.
   *
   * @param x - row-major [k × d]
   * @param y - [k]
   * @throws `TuneError` `INVALID_OPTION` if lengths don't match, a result is not finite or a coordinate is infinite
   */
  condition(x: Float64Array, y: Float64Array): GaussianProcess {
    const { dimensions, shift, scale } = this.#model
    checkObservations(x, y, dimensions.length)
    const standardized = y.map(value => (value - shift) / scale)
    const model = { ...this.#model, x: concatenate(this.#model.x, x), y: concatenate(this.#model.y, standardized) }
    const { hyperparameters } = this
    const kernel = kernelOf(model, hyperparameters)
    const n = model.y.length
    const factor = new Float64Array(triangleLength(n))
    factor.set(this.#factor)
    for (let i = this.size; i < n; i++) {
      // more noise for a point that is too much like others, as choleskyWithJitter has it
      for (let jitter = 0; ; jitter = jitter === 0 ? 1e-10 : 10 * jitter) {
        writeRow(model, hyperparameters, kernel, factor, i)
        const place = triangleLength(i) + i
        factor[place] = (factor[place] ?? 0) * (1 + jitter)
        if (appendRow(factor, i)) break
      }
    }
    return new GaussianProcess(model, hyperparameters, kernel, factor)
  }

  /** @param rest - what the observations add to the prior mean */
  #toMean(rest: number): number {
    const { shift, scale } = this.#model
    return shift + scale * (this.hyperparameters.mean + rest)
  }

  /** @param known - what the observations take from the prior variance */
  #toVariance(known: number): number {
    const { scale } = this.#model
    return scale * scale * Math.max(this.hyperparameters.outputScale - known, 0)
  }
}

/** What a process knows, but for its hyperparameters. */
interface Model {
  readonly dimensions: readonly GpDimension[]
  /** Row-major [n × d]. */
  readonly x: Float64Array
  /** Standardized: (y − shift) / scale, [n]. */
  readonly y: Float64Array
  readonly shift: number
  readonly scale: number
}

type GivenParameters = CovarianceParameters & { readonly mean?: number }

function kernelOf({ x, y, dimensions }: Model, { lengthScales, outputScale }: CovarianceParameters): Kernel {
  return new Kernel(x, y.length, dimensions, lengthScales, outputScale)
}

/** Writes row i of the observations' covariance matrix, packed. */
function writeRow(
  { x, dimensions }: Model,
  { outputScale, noise }: CovarianceParameters,
  kernel: Kernel,
  matrix: Float64Array,
  i: number,
): void {
  const row = triangleLength(i)
  kernel.fill(x, i * dimensions.length, matrix, row, i)
  matrix[row + i] = diagonal(outputScale, noise)
}

/** What makes mean 0 and variance 1 of y; 1 in place of no spread, or of one that is rounding alone. */
function standardization(y: Float64Array): { shift: number; scale: number } {
  let shift = 0
  for (const value of y) shift += value / y.length
  let spread = 0
  for (const value of y) spread = Math.max(spread, Math.abs(value - shift))
  if (!(spread > 1e-14 * Math.abs(shift))) return { shift, scale: 1 }
  let square = 0
  for (const value of y) square += ((value - shift) / spread) ** 2 / y.length
  return { shift, scale: spread * Math.sqrt(square) }
}

function concatenate(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

/** a·b of the n numbers from the starts on. */
function product(a: Float64Array, startA: number, b: Float64Array, startB: number, n: number): number {
  let sum = 0
  for (let i = 0; i < n; i++) sum += (a[startA + i] ?? 0) * (b[startB + i] ?? 0)
  return sum
}
