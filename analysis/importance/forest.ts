import type { Rng } from '../../src/rng.js'

/** A column as trees see it: numbers in [0, 1] or indices of categories, none missing. */
export interface Feature {
  /** How many categories it has; 0 for a number. */
  readonly categories: number
  readonly values: Float64Array
}

/** A leaf of a tree: a box of the space, in which the tree predicts one value. */
export interface Leaf {
  readonly value: number
  /** [features] Of numbers. */
  readonly lower: Float64Array
  readonly upper: Float64Array
  /** [features] Which categories are inside; undefined for numbers. */
  readonly categories: readonly (Uint8Array | undefined)[]
}

interface Box extends Omit<Leaf, 'value'> {}

/** How a node is split: the feature, and its trials on the left. */
interface Split {
  readonly feature: number
  /** By how much the sum of squared errors falls. */
  readonly gain: number
  readonly threshold: number
  /** The categories that go left; undefined for numbers. */
  readonly left: Uint8Array | undefined
}

/** The most trials that a tree is grown on, so that long studies take no longer than ones of a thousand trials. */
const mostRows = 1000

/**
 * Grows a regression tree on a bootstrap sample of at most 1,000, down to leaves of trials that are alike, and returns its leaves. O(d · n · log² n).
 *
 * @see Breiman, Random Forests (2001); categories are split in the order of their mean targets, which finds the best of all subsets
 */
export function growTree(features: readonly Feature[], targets: Float64Array, rng: Rng): Leaf[] {
  const n = targets.length
  const sample = Uint32Array.from({ length: Math.min(n, mostRows) }, () => rng.integer(0, n))
  const leaves: Leaf[] = []
  const root: Box = {
    lower: new Float64Array(features.length),
    upper: new Float64Array(features.length).fill(1),
    categories: features.map(({ categories }) => (categories > 0 ? new Uint8Array(categories).fill(1) : undefined)),
  }
  const open: { readonly rows: Uint32Array; readonly box: Box }[] = [{ rows: sample, box: root }]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const { rows, box } = node
    const split = bestSplit(features, targets, rows)
    if (split === undefined) {
      leaves.push({ ...box, value: rows.reduce((sum, row) => sum + (targets[row] ?? 0), 0) / rows.length })
      continue
    }
    const values = features[split.feature]?.values
    const isLeft = (row: number) => {
      const value = values?.[row] ?? 0
      return split.left ? split.left[value] === 1 : value <= split.threshold
    }
    open.push(
      { rows: rows.filter(isLeft), box: narrow(box, split, true) },
      { rows: rows.filter(row => !isLeft(row)), box: narrow(box, split, false) },
    )
  }
  return leaves
}

function narrow(box: Box, { feature, threshold, left }: Split, isLeft: boolean): Box {
  if (left) {
    const categories = box.categories.map((own, i) =>
      i === feature ? own?.map((inside, category) => (inside === 1 && (left[category] === 1) === isLeft ? 1 : 0)) : own,
    )
    return { ...box, categories }
  }
  if (isLeft) return { ...box, upper: box.upper.with(feature, threshold) }
  return { ...box, lower: box.lower.with(feature, threshold) }
}

function bestSplit(features: readonly Feature[], targets: Float64Array, rows: Uint32Array): Split | undefined {
  let sum = 0
  let squares = 0
  for (const row of rows) {
    const target = targets[row] ?? 0
    sum += target
    squares += target * target
  }
  // targets that are alike, but for rounding, are not told apart
  if (rows.length < 2 || squares - (sum * sum) / rows.length <= 1e-14 * squares) return undefined
  let best: Split | undefined
  for (const [feature, { categories, values }] of features.entries()) {
    const split = categories > 0 ? splitCategories(categories) : splitNumbers()
    if (split && split.gain > (best?.gain ?? 0)) best = { feature, ...split }

    function splitNumbers(): Omit<Split, 'feature'> | undefined {
      const sorted = rows.toSorted((a, b) => (values[a] ?? 0) - (values[b] ?? 0))
      let found: Omit<Split, 'feature'> | undefined
      let before = 0
      for (let i = 0; i + 1 < sorted.length; i++) {
        before += targets[sorted[i] ?? 0] ?? 0
        const [here, next] = [values[sorted[i] ?? 0] ?? 0, values[sorted[i + 1] ?? 0] ?? 0]
        if (next <= here) continue
        const gain = gainOf(before, i + 1, sum, sorted.length)
        if (gain > (found?.gain ?? 0)) found = { gain, threshold: here + (next - here) / 2, left: undefined }
      }
      return found
    }

    function splitCategories(count: number): Omit<Split, 'feature'> | undefined {
      const sums = new Float64Array(count)
      const sizes = new Float64Array(count)
      for (const row of rows) {
        const category = values[row] ?? 0
        sums[category] = (sums[category] ?? 0) + (targets[row] ?? 0)
        sizes[category] = (sizes[category] ?? 0) + 1
      }
      const meanOf = (category: number) => (sums[category] ?? 0) / (sizes[category] ?? 1)
      const order = [...sizes.keys()].filter(category => (sizes[category] ?? 0) > 0)
      order.sort((a, b) => meanOf(a) - meanOf(b) || a - b)
      let found: Omit<Split, 'feature'> | undefined
      let before = 0
      let size = 0
      for (const [i, category] of order.slice(0, -1).entries()) {
        before += sums[category] ?? 0
        size += sizes[category] ?? 0
        const gain = gainOf(before, size, sum, rows.length)
        if (gain <= (found?.gain ?? 0)) continue
        const left = new Uint8Array(count)
        for (const inside of order.slice(0, i + 1)) left[inside] = 1
        found = { gain, threshold: 0, left }
      }
      return found
    }
  }
  return best
}

function gainOf(before: number, size: number, sum: number, total: number): number {
  const after = sum - before
  return (before * before) / size + (after * after) / (total - size) - (sum * sum) / total
}
