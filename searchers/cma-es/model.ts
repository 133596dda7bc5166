import { truncatedNormalQuantile } from '../../src/math/truncated-normal.js'
import type { Rng } from '../../src/rng.js'
import type { CategoricalDimension, NumericDimension } from '../../src/space/dimension.js'
import type { Space } from '../../src/space/space.js'
import { Categories } from './categories.js'
import { Gaussian } from './gaussian.js'
import { keepMargin } from './margin.js'
import { firstShares, type Start } from './start.js'

/** The parameters of a space that have more than one value. */
export interface Axes {
  readonly numbers: readonly NumericDimension[]
  readonly choices: readonly CategoricalDimension[]
}

export function axesOf({ dimensions }: Space): Axes {
  const varying = dimensions.filter(({ size }) => size > 1)
  return {
    numbers: varying.filter(dimension => dimension.type !== 'categorical'),
    choices: varying.filter(dimension => dimension.type === 'categorical'),
  }
}

/** What a {@link Model} is made with. */
export interface ModelOptions extends Start {
  /** λ. */
  readonly populationSize: number
  readonly isSeparable: boolean
}

/** A wider normal distribution would be of no use in the unit interval. */
const widest = 0.5

/** The distribution over a space that CMA-ES draws from and moves: a normal one over its numbers, a table over each of its choices. */
export class Model {
  readonly #gaussian: Gaussian
  readonly #categories: Categories
  readonly #axes: Axes
  readonly #dimensions: number
  readonly #margin: number

  constructor(axes: Axes, { mean, likely = [], ...options }: ModelOptions) {
    const { numbers, choices } = axes
    this.#axes = axes
    this.#dimensions = mean.length
    const centre = Float64Array.from(numbers, ({ index }) => {
      const unit = mean[index] ?? Number.NaN
      return Number.isNaN(unit) ? 0.5 : unit
    })
    this.#gaussian = new Gaussian({ ...options, mean: centre })
    this.#categories = new Categories(firstShares(choices, likely))
    this.#margin = 1 / (options.populationSize * Math.max(1, numbers.length))
  }

  /** λ. */
  get populationSize(): number {
    return this.#gaussian.parameters.populationSize
  }

  /** [λ], by rank. */
  get weights(): Float64Array {
    return this.#gaussian.parameters.weights
  }

  /** [d], the mean of the numbers; NaN for choices. */
  get centre(): Float64Array {
    const centre = new Float64Array(this.#dimensions).fill(Number.NaN)
    for (const [k, { index }] of this.#axes.numbers.entries()) centre[index] = this.#gaussian.mean[k] ?? 0.5
    return centre
  }

  /**
   * Whether it can't move much any more: all its numbers' standard deviations are below a bound, which integers' margins keep them
   * from unless they have many values, or one axis is so much longer than another that doubles can't hold both.
   */
  hasConverged(tolerance: number): boolean {
    const { numbers } = this.#axes
    if (numbers.length === 0) return false
    return this.#gaussian.isDegenerate || numbers.every((_, k) => this.#gaussian.deviation(k) < tolerance)
  }

  /**
   * The point that some noise stands for; what falls outside the unit cube is moved to its faces.
   *
   * @param normals - [n], standard normal
   * @param uniforms - [choices], in [0, 1)
   * @returns [d], each in [0, 1], parameters that the config will not have among them
   */
  pointOf(normals: Float64Array, uniforms: Float64Array): Float64Array {
    const { numbers, choices } = this.#axes
    const units = new Float64Array(this.#dimensions).fill(0.5)
    for (const [k, { index, size }] of choices.entries()) {
      units[index] = (this.#categories.valueAt(k, uniforms[k] ?? 0) + 0.5) / size
    }
    const x = this.#gaussian.transform(normals)
    for (const [k, { index }] of numbers.entries()) units[index] = Math.min(1, Math.max(0, x[k] ?? 0.5))
    return units
  }

  /**
   * Learns from a generation.
   *
   * @param points - each [d], canonical
   * @param weights - of each
   * @param rng - for what the points don't say: where in its cell an integer would have been, and parameters that they lack
   */
  update(points: readonly Float64Array[], weights: Float64Array, rng: Rng): void {
    const { numbers, choices } = this.#axes
    if (choices.length > 0) {
      const values = points.flatMap(units =>
        choices.map(({ index, indexAt }) => {
          const unit = units[index] ?? Number.NaN
          return Number.isNaN(unit) ? -1 : indexAt(unit)
        }),
      )
      this.#categories.update(Int32Array.from(values), weights)
    }
    if (numbers.length === 0) return
    const rows = points.flatMap(units =>
      numbers.map((dimension, k) => this.#place(units[dimension.index] ?? Number.NaN, dimension, k, rng)),
    )
    this.#gaussian.update(Float64Array.from(rows), weights)
    this.#gaussian.narrowTo(widest)
    for (const [k, dimension] of numbers.entries()) {
      if (dimension.type === 'ordinal') keepMargin(this.#gaussian, k, dimension, this.#margin)
    }
  }

  /** Where a point would stand had the distribution drawn it: as it is, if that is known, else drawn from where it may have been. */
  #place(unit: number, dimension: NumericDimension, k: number, rng: Rng): number {
    if (dimension.type === 'continuous' && !Number.isNaN(unit)) return unit
    const mean = this.#gaussian.mean[k] ?? 0.5
    const deviation = this.#gaussian.deviation(k)
    if (Number.isNaN(unit)) return Math.min(1, Math.max(0, mean + deviation * rng.normal()))
    const { lower, upper } = dimension.cell(unit)
    // the first and the last value are drawn from what lies beyond them too
    const from = lower <= 0 ? Number.NEGATIVE_INFINITY : (lower - mean) / deviation
    const to = upper >= 1 ? Number.POSITIVE_INFINITY : (upper - mean) / deviation
    return mean + deviation * truncatedNormalQuantile(rng.uniform(), from, to)
  }
}
