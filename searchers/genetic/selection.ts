import type { Rng } from '../../src/rng.js'

/**
 * How parents are picked.
 *
 * - `tournament`: the best of `size` drawn at random, with replacement; an integer of at least 1.
 * - `rank`: with a probability that falls linearly with the rank; the best is `pressure` (from 1 to 2) times as likely as the one in the middle.
 */
export type Selection =
  | { readonly type: 'tournament'; readonly size: number }
  | { readonly type: 'rank'; readonly pressure: number }

/**
 * Picks one of n that are ranked from best to worst.
 *
 * @param count - n, at least 1
 * @returns its rank, in [0, n)
 * @see Goldberg and Deb, A Comparative Analysis of Selection Schemes Used in Genetic Algorithms, FOGA 1 (1991)
 */
export function selectRank(count: number, selection: Selection, rng: Rng): number {
  switch (selection.type) {
    case 'tournament': {
      let best = count - 1
      for (let i = 0; i < selection.size; i++) best = Math.min(best, rng.integer(0, count))
      return best
    }
    case 'rank':
      return Math.min(count - 1, Math.floor(count * linearRankQuantile(rng.uniform(), selection.pressure)))
    default:
      return selection satisfies never
  }
}

/**
 * The quantile of the density s − 2 (s − 1) x on [0, 1], which is linear ranking for many ranks (Baker 1985).
 *
 * @param u - in [0, 1)
 * @param pressure - s, from 1 to 2
 */
export function linearRankQuantile(u: number, pressure: number): number {
  const slope = pressure - 1
  if (slope === 0) return u
  return (pressure - Math.sqrt(pressure ** 2 - 4 * slope * u)) / (2 * slope)
}
