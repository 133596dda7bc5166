/**
 * Ranks values from 1, the smallest first; equal ones share the mean of their ranks. Infinities rank like any number, NaN last.
 *
 * @see SciPy's `stats.rankdata`
 */
export function averageRanks(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i)
  const at = (position: number) => values[order[position] ?? 0] ?? Number.NaN
  order.sort((a, b) => compareNumbers(values[a] ?? Number.NaN, values[b] ?? Number.NaN))
  const ranks = new Float64Array(values.length)
  for (let start = 0, stop = 0; start < order.length; start = stop) {
    while (stop < order.length && compareNumbers(at(stop), at(start)) === 0) stop += 1
    for (let i = start; i < stop; i++) ranks[order[i] ?? 0] = (start + 1 + stop) / 2
  }
  return ranks
}

/** Σ (t³ − t) over groups of t equal ranks: what corrections for ties are made of. */
export function tieSum(ranks: ArrayLike<number>): number {
  const counts = new Map<number, number>()
  for (let i = 0; i < ranks.length; i++) {
    const rank = ranks[i] ?? 0
    counts.set(rank, (counts.get(rank) ?? 0) + 1)
  }
  let sum = 0
  for (const count of counts.values()) sum += count ** 3 - count
  return sum
}

/** Ascending, NaN last; the difference of two infinities is no number, so values are compared instead of subtracted. */
export function compareNumbers(a: number, b: number): number {
  if (a < b) return -1
  if (a > b) return 1
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
}
