import { expOfNegative } from '../../src/math/exp.js'
import { normalQuantile } from '../../src/math/normal.js'
import type { Dimension } from '../../src/space/dimension.js'
import type { Kernels } from './kernels.js'
import { normalMass } from './normal-table.js'

const root2Pi = 2.5066282746310002
/** What a cell far from a kernel has at least of its mass. */
const leastMass = 1e-12
/** A cell narrower than this share of a kernel has the mass that the density in its middle gives it, to about a percent. */
const narrow = 0.25
/** How many factors are multiplied before the logarithm is taken: each is at least 1e-7, so that the product is a double still. */
const factorsPerLogarithm = 32

/** All arrays are [kernels], the last kernel being the prior. */
interface NumberAxis {
  readonly type: 'continuous' | 'ordinal'
  readonly dimension: Dimension
  readonly centres: Float64Array
  readonly scales: Float64Array
  /** 1 / (√2 · scale) */
  readonly rates: Float64Array
  readonly leastScale: number
  /** The mass within [0, 1]. */
  readonly masses: Float64Array
  /** The logs of the kernels' norms, where some points lack the parameter, so that its norm doesn't always count. */
  readonly logNorms: Float64Array | undefined
  /** Logs of the masses of cells times the norm, by the cells' lower ends, as they are asked for. */
  readonly cells: Map<number, Float64Array>
}

interface CategoryAxis {
  readonly type: 'categorical'
  readonly dimension: Dimension
  readonly size: number
  /** Log of the probability of each category, [size × kernels]. */
  readonly logs: Float64Array
}

/**
 * A mixture of products of one-dimensional kernels, over some of the coordinates of the unit cube: normal distributions truncated to [0, 1] for
 * numbers, of which one with finitely many values takes the mass of its value's cell, and for choices the observed category, smoothed.
 *
 * A kernel that lacks a parameter has the prior's factor in its place, and of a point that lacks one that factor is left out, so that it is a density
 * over the whole of a conditional space. Making one takes O(n d) for n kernels, and so does a density.
 *
 * @see Bergstra et al., Algorithms for Hyper-Parameter Optimization, NIPS 24 (2011), section 4; Falkner, Klein and Hutter, BOHB, ICML (2018), for
 * the products; Watanabe, Tree-Structured Parzen Estimator: Understanding Its Algorithm Components (2023), for the kernels
 */
export class Density {
  readonly #count: number
  readonly #axes: readonly (NumberAxis | CategoryAxis)[]
  /** Log of each kernel's weight, over the norms of the parameters that every point has. */
  readonly #base: Float64Array
  /** The weights' sums, rising to 1. */
  readonly #cumulated: Float64Array
  readonly #scores: Float64Array

  /** @param dimensions - those that it is a density over, in the space's order */
  constructor(dimensions: readonly Dimension[], kernels: Kernels) {
    const { weights, priorWeight } = kernels
    const count = weights.length + 1
    this.#count = count
    this.#scores = new Float64Array(count)
    this.#base = new Float64Array(count)
    this.#cumulated = new Float64Array(count)
    let total = priorWeight
    for (const weight of weights) total += weight
    let sum = 0
    for (let i = 0; i < count; i++) {
      const weight = (weights[i] ?? priorWeight) / total
      this.#base[i] = Math.log(weight)
      sum += weight
      this.#cumulated[i] = sum
    }
    this.#axes = dimensions.map(dimension =>
      dimension.type === 'categorical'
        ? categoryAxis(dimension, dimension.size, kernels)
        : numberAxis(dimension, dimension.type, kernels),
    )
    this.#divideByNorms()
  }

  /**
   * The logarithm of the density at a point.
   *
   * @param units - [d], canonical
   */
  logAt(units: Float64Array): number {
    const scores = this.#scores
    scores.set(this.#base)
    let logWidths = 0
    for (const axis of this.#axes) {
      const { dimension } = axis
      const unit = units[dimension.index] ?? Number.NaN
      if (Number.isNaN(unit)) continue
      if (axis.type === 'categorical') {
        addTo(scores, axis.logs, categoryAt(unit, axis.size) * this.#count)
        continue
      }
      if (axis.logNorms !== undefined) subtractFrom(scores, axis.logNorms)
      if (axis.type === 'continuous') subtractSquares(scores, unit, axis)
      else {
        const { lower, upper } = dimension.cell(unit)
        if (upper - lower < narrow * axis.leastScale) {
          subtractSquares(scores, unit, axis)
          logWidths += Math.log(upper - lower)
        } else addTo(scores, logMassesOf(axis, lower, upper), 0)
      }
    }
    return logWidths + logSumOfExponentials(scores)
  }

  /** Chooses a kernel in proportion to the weights; u in [0, 1). */
  kernelAt(u: number): number {
    for (let i = 0; i < this.#count; i++) if (u < (this.#cumulated[i] ?? 1)) return i
    return this.#count - 1
  }

  /**
   * A coordinate drawn from a kernel; that of a number of finitely many values may be anywhere in its cell.
   *
   * @param place - of the dimension among those that the density was made of
   * @param u - in [0, 1): its quantile
   */
  draw(kernel: number, place: number, u: number): number {
    const axis = this.#axes[place]
    if (axis === undefined) return u
    if (axis.type === 'categorical') return drawCategory(axis, this.#count, kernel, u)
    const centre = axis.centres[kernel] ?? 0.5
    const scale = axis.scales[kernel] ?? 1
    const below = normalMass(Number.NEGATIVE_INFINITY, -centre / scale)
    const within = axis.masses[kernel] ?? 1
    return Math.min(1, Math.max(0, centre + scale * normalQuantile(below + u * within)))
  }

  /** Folds the norms that always count into the base. */
  #divideByNorms(): void {
    const products = new Float64Array(this.#count).fill(1)
    let multiplied = 0
    const flush = () => {
      for (let i = 0; i < products.length; i++) this.#base[i] = (this.#base[i] ?? 0) - Math.log(products[i] ?? 1)
      products.fill(1)
    }
    for (const axis of this.#axes) {
      if (axis.type === 'categorical' || axis.logNorms !== undefined) continue
      const { masses, scales } = axis
      for (let i = 0; i < products.length; i++)
        products[i] = (products[i] ?? 1) * (masses[i] ?? 1) * (scales[i] ?? 1) * root2Pi
      multiplied += 1
      if (multiplied % factorsPerLogarithm === 0) flush()
    }
    flush()
  }
}

function numberAxis(dimension: Dimension, type: NumberAxis['type'], kernels: Kernels): NumberAxis {
  const { points } = kernels
  const { index } = dimension
  const prior = points.length
  const centres = new Float64Array(prior + 1)
  const scales = new Float64Array(prior + 1)
  const rates = new Float64Array(prior + 1)
  const masses = new Float64Array(prior + 1)
  for (let i = 0; i < prior; i++) centres[i] = points[i]?.[index] ?? Number.NaN
  kernels.scale(centres, prior, scales)
  centres[prior] = Number.NaN
  let leastScale = 1
  for (let i = 0; i <= prior; i++) {
    let centre = centres[i] ?? Number.NaN
    // the prior's, and what a kernel lacks
    if (Number.isNaN(centre)) {
      centre = 0.5
      centres[i] = centre
      scales[i] = 1
    }
    const scale = scales[i] ?? 1
    masses[i] = Math.min(centre, 1 - centre) > 6 * scale ? 1 : normalMass(-centre / scale, (1 - centre) / scale)
    rates[i] = Math.SQRT1_2 / scale
    leastScale = Math.min(leastScale, scale)
  }
  const isAlways = dimension.condition === undefined
  const logNorms = isAlways ? undefined : masses.map((mass, i) => Math.log(mass * (scales[i] ?? 1) * root2Pi))
  return { type, dimension, centres, scales, rates, leastScale, masses, logNorms, cells: new Map() }
}

function categoryAxis(dimension: Dimension, size: number, { points }: Kernels): CategoryAxis {
  const n = points.length + 1
  const logs = new Float64Array(size * n).fill(-Math.log(size))
  const smoothing = 1 / n
  const other = Math.log(smoothing / (1 + size * smoothing))
  const same = Math.log((1 + smoothing) / (1 + size * smoothing))
  for (const [i, units] of points.entries()) {
    const unit = units[dimension.index] ?? Number.NaN
    if (Number.isNaN(unit)) continue
    const own = categoryAt(unit, size)
    for (let category = 0; category < size; category++) logs[category * n + i] = category === own ? same : other
  }
  return { type: 'categorical', dimension, size, logs }
}

function categoryAt(unit: number, size: number): number {
  return Math.min(size - 1, Math.floor(unit * size))
}

function drawCategory({ logs, size }: CategoryAxis, count: number, kernel: number, u: number): number {
  let rest = u
  let category = 0
  while (category < size - 1) {
    rest -= Math.exp(logs[category * count + kernel] ?? 0)
    if (rest < 0) break
    category += 1
  }
  return (category + 0.5) / size
}

function logMassesOf({ cells, centres, scales, masses }: NumberAxis, lower: number, upper: number): Float64Array {
  const known = cells.get(lower)
  if (known !== undefined) return known
  const logs = new Float64Array(centres.length)
  for (let i = 0; i < logs.length; i++) {
    const centre = centres[i] ?? 0.5
    const scale = scales[i] ?? 1
    const within = masses[i] ?? 1
    const mass = Math.max(leastMass * within, normalMass((lower - centre) / scale, (upper - centre) / scale))
    // over the norm it is the share that lies within the cell
    logs[i] = Math.log(mass * scale * root2Pi)
  }
  cells.set(lower, logs)
  return logs
}

function subtractSquares(scores: Float64Array, unit: number, { centres, rates }: NumberAxis): void {
  for (let i = 0; i < scores.length; i++) {
    const away = (unit - (centres[i] ?? 0)) * (rates[i] ?? 1)
    scores[i] = (scores[i] ?? 0) - away * away
  }
}

function subtractFrom(scores: Float64Array, terms: Float64Array): void {
  for (let i = 0; i < scores.length; i++) scores[i] = (scores[i] ?? 0) - (terms[i] ?? 0)
}

function addTo(scores: Float64Array, terms: Float64Array, start: number): void {
  for (let i = 0; i < scores.length; i++) scores[i] = (scores[i] ?? 0) + (terms[start + i] ?? 0)
}

function logSumOfExponentials(terms: Float64Array): number {
  let largest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < terms.length; i++) largest = Math.max(largest, terms[i] ?? Number.NEGATIVE_INFINITY)
  let sum = 0
  for (let i = 0; i < terms.length; i++) sum += expOfNegative((terms[i] ?? Number.NEGATIVE_INFINITY) - largest)
  return largest + Math.log(sum)
}
