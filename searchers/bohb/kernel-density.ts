import { truncatedNormalLogMass, truncatedNormalQuantile } from '../../src/math/truncated-normal.js'
import type { Rng } from '../../src/rng.js'
import type { Dimension } from '../../src/space/dimension.js'
import type { Space } from '../../src/space/space.js'
import { canonicalize } from '../kit/units.js'

const logRoot2Pi = 0.9189385332046728

/** How kernels are made. */
export interface KernelOptions {
  /** The least bandwidth of a number. */
  readonly minBandwidth: number
  /** How much wider candidates are drawn. */
  readonly bandwidthFactor: number
}

/**
 * A density over configs: the mean of a product of kernels at each of some points. That of a number is a normal distribution cut off at the
 * bounds; that of a choice (Aitchison and Aitken's) gives 1 − λ to its own value, and to the others equal shares of λ. A parameter that a
 * point lacks is uniform there.
 *
 * Bandwidths follow the normal reference rule, h = 1.06 σ n^(−1 / (4 + d)); a choice has the chance that two of the points differ in place
 * of σ.
 *
 * @see Falkner et al. 2018, section 3 and appendix; statsmodels' `KDEMultivariate`
 */
export class KernelDensity {
  readonly #space: Space
  /** The dimensions of more than one value. */
  readonly #axes: readonly Dimension[]
  readonly #size: number
  /** Row-major [n × axes]: a number's coordinate, a choice's value. */
  readonly #centres: Float64Array
  /** Row-major [n × axes]: the logarithm of the kernel's height at its centre. */
  readonly #peaks: Float64Array
  /** [axes]: h of a number, λ of a choice. */
  readonly #bandwidths: Float64Array
  /** [axes]: how much lower the kernel of a choice is at another value, as a logarithm; NaN for a number. */
  readonly #drops: Float64Array
  readonly #factor: number

  /** @param points - [n][d], n at least 1, canonical */
  constructor(points: readonly Float64Array[], space: Space, { minBandwidth, bandwidthFactor }: KernelOptions) {
    this.#space = space
    this.#axes = space.dimensions.filter(({ size }) => size > 1)
    this.#size = points.length
    this.#factor = bandwidthFactor
    const width = this.#axes.length
    this.#centres = new Float64Array(this.#size * width)
    this.#peaks = new Float64Array(this.#size * width)
    this.#bandwidths = new Float64Array(width)
    this.#drops = new Float64Array(width)
    for (const [axis, dimension] of this.#axes.entries()) {
      const column = Float64Array.from(points, units => coordinate(units, dimension))
      const bandwidth = bandwidthOf(column, dimension, width, minBandwidth)
      this.#bandwidths[axis] = bandwidth
      const { size } = dimension
      this.#drops[axis] =
        dimension.type === 'categorical' ? Math.log(bandwidth / (size - 1) / (1 - bandwidth)) : Number.NaN
      for (const [i, centre] of column.entries()) {
        this.#centres[i * width + axis] = centre
        this.#peaks[i * width + axis] = peakOf(centre, dimension, bandwidth)
      }
    }
  }

  /**
   * The logarithm of the density at a point; of the parameters that it has, if it lacks some. O(n d)
   *
   * @param units - [d], canonical
   */
  logAt(units: Float64Array): number {
    const [size, centres, peaks, bandwidths, drops] = [
      this.#size,
      this.#centres,
      this.#peaks,
      this.#bandwidths,
      this.#drops,
    ]
    const own = Float64Array.from(this.#axes, dimension => coordinate(units, dimension))
    const width = own.length
    const logs = new Float64Array(size)
    let greatest = Number.NEGATIVE_INFINITY
    for (let i = 0, at = 0; i < size; i++) {
      let log = 0
      for (let axis = 0; axis < width; axis++, at++) {
        const x = own[axis] ?? 0
        // NaN where the point, or the centre, has no such parameter
        if (Number.isNaN(x)) continue
        log += peaks[at] ?? 0
        const distance = x - (centres[at] ?? 0)
        if (Number.isNaN(distance)) continue
        const drop = drops[axis] ?? 0
        if (Number.isNaN(drop)) {
          const z = distance / (bandwidths[axis] ?? 1)
          log -= 0.5 * z * z
        } else if (distance !== 0) log += drop
      }
      logs[i] = log
      if (log > greatest) greatest = log
    }
    let sum = 0
    for (const log of logs) sum += Math.exp(log - greatest)
    return greatest + Math.log(sum / size)
  }

  /** Draws a config near one of the points, from kernels that are wider than the density's. */
  sample(rng: Rng): Float64Array {
    const width = this.#axes.length
    const units = new Float64Array(this.#space.dimensions.length).fill(0.5)
    const start = rng.integer(0, this.#size) * width
    for (const [axis, dimension] of this.#axes.entries()) {
      // a choice stands before what depends on it
      if (!this.#space.isActive(units, dimension)) continue
      const centre = this.#centres[start + axis] ?? Number.NaN
      const bandwidth = this.#factor * (this.#bandwidths[axis] ?? 1)
      units[dimension.index] = Number.isNaN(centre) ? rng.uniform() : drawAbout(centre, bandwidth, dimension, rng)
    }
    return canonicalize(units, this.#space)
  }
}

function coordinate(units: Float64Array, dimension: Dimension): number {
  const unit = units[dimension.index] ?? Number.NaN
  return dimension.type === 'categorical' && !Number.isNaN(unit) ? dimension.indexAt(unit) : unit
}

/** @param column - NaN for points that lack the parameter */
function bandwidthOf(column: Float64Array, { type, size }: Dimension, axes: number, least: number): number {
  const present = column.filter(x => !Number.isNaN(x))
  const spread = type === 'categorical' ? differing(present) : deviation(present)
  const reference = 1.06 * spread * present.length ** (-1 / (4 + axes))
  if (type === 'categorical') return Math.min(1 - 1 / size, Math.max(least, reference || 0))
  return Math.max(least, type === 'ordinal' ? 0.25 / size : 0, reference || 0)
}

function deviation(column: Float64Array): number {
  let mean = 0
  for (const x of column) mean += x / column.length
  let variance = 0
  for (const x of column) variance += (x - mean) ** 2 / column.length
  return Math.sqrt(variance)
}

/** The chance that two entries, drawn with replacement, are different. */
function differing(column: Float64Array): number {
  const counts = new Map<number, number>()
  for (const value of column) counts.set(value, (counts.get(value) ?? 0) + 1)
  let same = 0
  for (const count of counts.values()) same += (count / column.length) ** 2
  return 1 - same
}

function peakOf(centre: number, { type, size }: Dimension, bandwidth: number): number {
  if (type === 'categorical') return Number.isNaN(centre) ? -Math.log(size) : Math.log(1 - bandwidth)
  if (Number.isNaN(centre)) return 0
  const mass = truncatedNormalLogMass(-centre / bandwidth, (1 - centre) / bandwidth)
  return -logRoot2Pi - Math.log(bandwidth) - mass
}

function drawAbout(centre: number, bandwidth: number, dimension: Dimension, rng: Rng): number {
  const u = rng.uniform()
  if (dimension.type !== 'categorical')
    return centre + bandwidth * truncatedNormalQuantile(u, -centre / bandwidth, (1 - centre) / bandwidth)
  const { size } = dimension
  const share = Math.min(1 - 1 / size, bandwidth)
  const step = u < share ? 1 + Math.min(size - 2, Math.floor((u / share) * (size - 1))) : 0
  return (((centre + step) % size) + 0.5) / size
}
