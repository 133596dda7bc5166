import type { Rng } from '../../src/rng.js'
import type { Evidence } from './columns.js'
import { type Feature, growTree, type Leaf } from './forest.js'

/** How {@link fanova} is set. */
export interface FanovaOptions {
  readonly rng: Rng
  /** How many trees the forest has: an integer from 1. @defaultValue 64 */
  readonly trees?: number
}

/**
 * Which share of the losses' variance over the whole space comes from each parameter alone, by a random forest that is marginalized exactly. What
 * parameters do together is in none of the shares, so that they add up to 1 at most. A parameter that is not always there counts by the
 * variance among the trials that have it, times their share of all trials; elsewhere it is held at its middle, or first category.
 *
 * @returns a share for each column, in [0, 1]; all 0 where losses don't differ
 * @see Hutter, Hoos and Leyton-Brown, An Efficient Approach for Assessing Hyperparameter Importance (2014); Optuna's `FanovaImportanceEvaluator`, which
 * knows parameters that are always there alone
 */
export function fanova({ columns, losses }: Evidence, { rng, trees = 64 }: FanovaOptions): number[] {
  const everyone = Array.from(losses.keys())
  const whole = explain(columns, losses, everyone, trees, rng.fork('whole'))
  const total = whole.reduce((sum, { variance }) => sum + variance, 0) / trees
  return columns.map((column, feature) => {
    const having = everyone.filter(row => !Number.isNaN(column.values[row]))
    if (having.length === losses.length || having.length < 2 || total === 0)
      return having.length < losses.length ? 0 : average(whole.map(tree => share(tree.of(feature), tree.variance)))
    // parameters that come and go together could share a forest, which is not worth the trouble
    const own = explain(columns, losses, having, trees, rng.fork(column.name))
    const variance = average(own.map(tree => tree.of(feature)))
    return Math.min(1, (having.length / losses.length) * share(variance, total))
  })
}

/** What a tree says of variances over its space. */
interface Explained {
  readonly variance: number
  /** The variance of what is left of the tree when all other features are averaged out. */
  readonly of: (feature: number) => number
}

function explain(
  columns: Evidence['columns'],
  losses: Float64Array,
  rows: readonly number[],
  trees: number,
  rng: Rng,
): Explained[] {
  return growForest(columns, losses, rows, trees, rng).map(leaves => ({
    variance: varianceOfTree(leaves),
    of: feature => marginalVariance(leaves, feature, columns[feature]?.categories ?? 0),
  }))
}

/** Grows trees for some of the trials; what they lack is held at its middle, or first category. */
export function growForest(
  columns: Evidence['columns'],
  losses: Float64Array,
  rows: readonly number[],
  trees: number,
  rng: Rng,
): Leaf[][] {
  const features = columns.map(({ categories, values }): Feature => {
    const absent = categories > 0 ? 0 : 0.5
    return {
      categories,
      values: Float64Array.from(rows, row => {
        const value = values[row] ?? Number.NaN
        return Number.isNaN(value) ? absent : value
      }),
    }
  })
  const targets = Float64Array.from(rows, row => losses[row] ?? 0)
  return Array.from({ length: trees }, () => growTree(features, targets, rng))
}

/** The variance of a tree's predictions over its space, in which every point is as likely. */
export function varianceOfTree(leaves: readonly Leaf[]): number {
  let mean = 0
  let squares = 0
  for (const leaf of leaves) {
    const volume = volumeOf(leaf, -1)
    mean += volume * leaf.value
    squares += volume * leaf.value ** 2
  }
  return Math.max(0, squares - mean ** 2)
}

/** The variance of a tree's predictions along one feature, the others averaged out. O(leaves · (features + log leaves)). */
export function marginalVariance(leaves: readonly Leaf[], feature: number, categories: number): number {
  let mean = 0
  let squares = 0
  for (const { width, value } of marginal(leaves, feature, categories)) {
    mean += width * value
    squares += width * value ** 2
  }
  return Math.max(0, squares - mean ** 2)
}

/** What a tree predicts along one feature, the others averaged out: category by category, or piece by piece from 0 to 1. */
export function marginal(leaves: readonly Leaf[], feature: number, categories: number): Piece[] {
  return categories > 0 ? alongCategories(leaves, feature, categories) : alongNumber(leaves, feature)
}

/** A stretch of a feature, or a category, with the mean prediction there. */
export interface Piece {
  readonly width: number
  readonly value: number
}

function alongCategories(leaves: readonly Leaf[], feature: number, categories: number): Piece[] {
  const sums = new Float64Array(categories)
  for (const leaf of leaves) {
    const share = volumeOf(leaf, feature) * leaf.value
    for (const [category, inside] of (leaf.categories[feature] ?? []).entries())
      if (inside === 1) sums[category] = (sums[category] ?? 0) + share
  }
  return Array.from(sums, value => ({ width: 1 / categories, value }))
}

function alongNumber(leaves: readonly Leaf[], feature: number): Piece[] {
  const steps = leaves.flatMap(leaf => {
    const share = volumeOf(leaf, feature) * leaf.value
    return [
      { at: leaf.lower[feature] ?? 0, share },
      { at: leaf.upper[feature] ?? 1, share: -share },
    ]
  })
  steps.sort((a, b) => a.at - b.at)
  const pieces: Piece[] = []
  let value = 0
  for (const [i, { at, share }] of steps.entries()) {
    value += share
    const width = (steps[i + 1]?.at ?? at) - at
    if (width > 0) pieces.push({ width, value })
  }
  return pieces
}

/** The part of the space that a leaf's box takes, one feature left out. */
function volumeOf({ lower, upper, categories }: Leaf, without: number): number {
  let volume = 1
  for (let i = 0; i < lower.length; i++) {
    if (i === without) continue
    const own = categories[i]
    volume *= own ? own.reduce((sum, inside) => sum + inside, 0) / own.length : (upper[i] ?? 1) - (lower[i] ?? 0)
  }
  return volume
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
