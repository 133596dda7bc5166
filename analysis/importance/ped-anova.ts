import { normalCdf } from '../../src/math/normal.js'
import type { Column, Evidence } from './columns.js'

/** How {@link pedAnova} is set. */
export interface PedAnovaOptions {
  /** Which share of the trials counts as good, in (0, 1). @defaultValue 0.1 */
  readonly quantile?: number
}

/** The most points of a grid on which densities are compared. */
const mostPoints = 50
/** Keeps densities away from zero. */
const floor = 1e-12

/**
 * How much each parameter matters to be among the best trials: the Pearson divergence of its values' density there from that among all trials.
 * Parameters that are not always there count by the trials that have them.
 *
 * @returns a value from 0 for each column; they have no common unit but their ratios
 * @see Watanabe, Bansal and Hutter, PED-ANOVA (2023), section 3; its conditional form (2026), theorem 4.2; Optuna's `PedAnovaImportanceEvaluator`
 */
export function pedAnova({ columns, losses }: Evidence, { quantile = 0.1 }: PedAnovaOptions = {}): number[] {
  const sorted = losses.toSorted()
  const cutoff = sorted[Math.ceil(quantile * losses.length) - 1] ?? Number.NaN
  const isGood = Array.from(losses, loss => loss <= cutoff)
  const good = isGood.filter(Boolean).length
  if (losses.length < 2 || good === 0) return columns.map(() => 0)
  return columns.map(column => {
    const present = Array.from(column.values, value => !Number.isNaN(value))
    const all = column.values.filter((_, i) => present[i])
    const best = column.values.filter((_, i) => present[i] && isGood[i])
    const isSingle = column.categories === 1 || column.size === 1
    if (all.length < 2 || best.length === 0 || isSingle) return 0
    const share = best.length / good
    const divergence = pearsonDivergence(densityOf(column, best), densityOf(column, all))
    return ((share * share) / (all.length / losses.length)) * divergence * (good / losses.length) ** 2
  })
}

function pearsonDivergence(top: Float64Array, local: Float64Array): number {
  let sum = 0
  for (const [i, density] of local.entries()) {
    const base = density + floor
    sum += base * (((top[i] ?? 0) + floor) / base - 1) ** 2
  }
  return sum
}

/** The density of values on the column's grid, or of its categories: a mixture of a kernel for each value and a flat prior. */
function densityOf(column: Column, values: Float64Array): Float64Array {
  return column.categories > 0 ? categoricalDensity(column.categories, values) : numericDensity(column, values)
}

function categoricalDensity(categories: number, values: Float64Array): Float64Array {
  const counts = new Float64Array(categories)
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  const seen = counts.filter(count => count > 0).length
  const kernels = seen + 1
  // each kernel is its category with a share of the prior's weight on all
  const spread = 1 / kernels
  const total = 1 + categories * spread
  const mass = values.length + 1
  return counts.map(count => ((values.length * spread + count) / total + 1 / categories) / mass)
}

function numericDensity({ size }: Column, values: Float64Array): Float64Array {
  const points = Math.min(size, mostPoints)
  const counts = new Float64Array(points)
  for (const value of values) {
    const point = Math.min(points - 1, Math.max(0, Math.ceil(value * (points - 1) - 0.5)))
    counts[point] = (counts[point] ?? 0) + 1
  }
  const kernels = Array.from(counts, (count, point) => ({ point, count })).filter(({ count }) => count > 0)
  const density = new Float64Array(points)
  const mass = values.length + 1
  const width = bandwidth(kernels, values.length)
  for (const { point, count } of kernels) addKernel(density, point, width, count / mass)
  addKernel(density, (points - 1) / 2, points, 1 / mass)
  return density
}

/** Adds a normal distribution, cut off at the ends of the grid. */
function addKernel(density: Float64Array, mean: number, deviation: number, weight: number): void {
  const below = (x: number) => normalCdf((x - mean) / deviation)
  const mass = below(density.length - 0.5) - below(-0.5)
  for (let i = 0; i < density.length; i++)
    density[i] = (density[i] ?? 0) + (weight * (below(i + 0.5) - below(i - 0.5))) / mass
}

/** Scott's rule, of counted grid points; at least so wide that a kernel keeps to its own point for the most part. */
function bandwidth(kernels: readonly { readonly point: number; readonly count: number }[], total: number): number {
  const mean = kernels.reduce((sum, { point, count }) => sum + point * count, 0) / total
  const squares = kernels.reduce((sum, { point, count }) => sum + count * (point - mean) ** 2, 0)
  const deviation = Math.sqrt(squares / Math.max(1, total - 1))
  let reached = 0
  let lower: number | undefined
  let upper: number | undefined
  for (const { point, count } of kernels) {
    reached += count
    if (reached >= Math.floor(total / 4)) lower ??= point
    if (reached > Math.floor((total * 3) / 4)) upper ??= point
  }
  const range = (upper ?? kernels.at(-1)?.point ?? 0) - (lower ?? 0)
  return Math.max(1.059 * Math.min(range / 1.34, deviation) * total ** -0.2, 0.5 / 1.64)
}
