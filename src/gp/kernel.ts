import { expOfNegative } from '../math/exp.js'
import { type GpDimension, inactivity } from './dimension.js'

/**
 * The ARD Matérn-5/2 kernel with one argument ranging over n fixed points:
 * k(r) = s·(1 + a + a²/3)·exp(−a), with a = √5·r and r² = Σⱼ (distance along j / ℓⱼ)².
 *
 * @see Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), equation 4.17
 */
export class Kernel {
  readonly size: number
  readonly #outputScale: number
  readonly #inverseScales: Float64Array
  /** The numeric dimensions. */
  readonly #numeric: readonly number[]
  /** The dimensions along which points have a tag, equal or not: a category, or whether a number is active. */
  readonly #tagged: readonly number[]
  /** What a difference in each tag adds to r². */
  readonly #tagWeights: Float64Array
  /** Scaled numbers, ½ where inactive, row-major [n × numeric]. */
  readonly #coordinates: Float64Array
  /** Row-major [n × tagged]. */
  readonly #tags: Float64Array
  /** The other argument, likewise. */
  readonly #point: Float64Array
  readonly #pointTags: Float64Array

  /**
   * @param points - row-major [n × d]
   * @param lengthScales - ℓ, [d]
   * @param outputScale - s, a variance
   */
  constructor(
    points: Float64Array,
    size: number,
    dimensions: readonly GpDimension[],
    lengthScales: ArrayLike<number>,
    outputScale: number,
  ) {
    const d = dimensions.length
    this.size = size
    this.#outputScale = outputScale
    this.#inverseScales = Float64Array.from(lengthScales, scale => 1 / scale)
    const isNumeric = (j: number) => dimensions[j]?.type === 'numeric'
    const places = [...dimensions.keys()]
    this.#numeric = places.filter(isNumeric)
    this.#tagged = places.filter(j => !isNumeric(j) || isEverInactive(points, size, d, j))
    this.#tagWeights = Float64Array.from(this.#tagged, j => {
      const scale = this.#inverseScales[j] ?? 0
      return (isNumeric(j) ? inactivity : 1) * scale * scale
    })
    const width = this.#numeric.length
    const tagWidth = this.#tagged.length
    this.#point = new Float64Array(width)
    this.#pointTags = new Float64Array(tagWidth)
    this.#coordinates = new Float64Array(size * width)
    this.#tags = new Float64Array(size * tagWidth)
    for (let i = 0; i < size; i++) {
      this.#take(points, i * d)
      this.#coordinates.set(this.#point, i * width)
      this.#tags.set(this.#pointTags, i * tagWidth)
    }
  }

  /**
   * Writes the covariances of a point with the first `count` of the n.
   *
   * @param points - where the point [d] stands, at `start`
   * @param row - takes them, from `rowStart` on
   */
  fill(points: Float64Array, start: number, row: Float64Array, rowStart: number, count = this.size): void {
    const offset = this.#take(points, start)
    const s = this.#outputScale
    for (let i = 0; i < count; i++) {
      const a = Math.sqrt(5 * (offset + this.#squaredDistance(i)))
      row[rowStart + i] = s * expOfNegative(-a) * (1 + a + a * a * (1 / 3))
    }
  }

  /** Writes the covariances of a point [d] with all n, and their derivatives by r² times −2, for {@link writeGradients}. */
  fillWithSlopes(point: Float64Array, row: Float64Array, slopes: Float64Array): void {
    const offset = this.#take(point, 0)
    const s = this.#outputScale
    for (let i = 0; i < this.size; i++) {
      const a = Math.sqrt(5 * (offset + this.#squaredDistance(i)))
      const scaled = s * expOfNegative(-a)
      row[i] = scaled * (1 + a + a * a * (1 / 3))
      slopes[i] = (5 / 3) * scaled * (1 + a)
    }
  }

  /**
   * Writes the derivatives of two sums over the n of weight · covariance by the coordinates of the point last given; 0 by categories
   * and inactive ones.
   *
   * @param first - weight · slope of the first sum, [n]
   * @param second - those of the second sum, [n]
   * @param firstGradient - takes the derivatives of the first sum, [d]
   * @param secondGradient - takes those of the second sum, [d]
   */
  writeGradients(
    point: Float64Array,
    first: Float64Array,
    second: Float64Array,
    firstGradient: Float64Array,
    secondGradient: Float64Array,
  ): void {
    const width = this.#numeric.length
    const coordinates = this.#coordinates
    firstGradient.fill(0)
    secondGradient.fill(0)
    for (let place = 0; place < width; place++) {
      const j = this.#numeric[place] ?? 0
      if (Number.isNaN(point[j] ?? 0)) continue
      const at = this.#point[place] ?? 0
      let sum1 = 0
      let sum2 = 0
      for (let i = 0; i < this.size; i++) {
        const difference = (coordinates[i * width + place] ?? 0) - at
        sum1 += (first[i] ?? 0) * difference
        sum2 += (second[i] ?? 0) * difference
      }
      const scale = this.#inverseScales[j] ?? 0
      firstGradient[j] = sum1 * scale
      secondGradient[j] = sum2 * scale
    }
  }

  /** Takes a point as the other argument; what it is at least away from all n, squared. */
  #take(points: Float64Array, start: number): number {
    let offset = 0
    for (let place = 0; place < this.#numeric.length; place++) {
      const j = this.#numeric[place] ?? 0
      const value = points[start + j] ?? 0
      const scale = this.#inverseScales[j] ?? 0
      const isInactive = Number.isNaN(value)
      this.#point[place] = (isInactive ? 0.5 : value) * scale
      if (isInactive && !this.#tagged.includes(j)) offset += inactivity * scale * scale
    }
    for (let place = 0; place < this.#tagged.length; place++) {
      const j = this.#tagged[place] ?? 0
      const value = points[start + j] ?? 0
      this.#pointTags[place] = Number.isNaN(value) ? -1 : this.#numeric.includes(j) ? 0 : value
    }
    return offset
  }

  #squaredDistance(i: number): number {
    const coordinates = this.#coordinates
    const point = this.#point
    const width = point.length
    const start = i * width
    let sum = 0
    for (let j = 0; j < width; j++) {
      const difference = (coordinates[start + j] ?? 0) - (point[j] ?? 0)
      sum += difference * difference
    }
    const pointTags = this.#pointTags
    const tagWidth = pointTags.length
    for (let j = 0; j < tagWidth; j++) {
      if (this.#tags[i * tagWidth + j] !== pointTags[j]) sum += this.#tagWeights[j] ?? 0
    }
    return sum
  }
}

function isEverInactive(points: Float64Array, n: number, d: number, j: number): boolean {
  for (let i = 0; i < n; i++) if (Number.isNaN(points[i * d + j] ?? 0)) return true
  return false
}
