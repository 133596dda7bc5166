import { normalTail } from '../../src/math/normal.js'
import { checkSample } from './check.js'
import { averageRanks, tieSum } from './ranks.js'

/** How {@link signedRankTest} is set. */
export interface SignedRankOptions {
  /**
   * `exact` goes through all signs that the differences could have had, ties as they are; `normal` approximates that, with corrections for ties and
   * continuity.
   *
   * @defaultValue `exact` for up to 50 differences that are not zero, else `normal`
   */
  readonly method?: 'exact' | 'normal'
}

/** What {@link signedRankTest} found. */
export interface SignedRankResult {
  /** The sum of the ranks of positive differences, W⁺. */
  readonly positive: number
  /** That of the negative ones, W⁻. */
  readonly negative: number
  /** How many differences are not zero: only these count. */
  readonly count: number
  /** Two-sided; 1 where no difference is other than zero. */
  readonly pValue: number
  /** The least p-value that so many differences can have: 2^(1 − count). */
  readonly leastP: number
  /** (W⁺ − W⁻) / (W⁺ + W⁻), in [−1, 1]: the matched-pairs rank-biserial correlation; 0 where no difference is other than zero. */
  readonly rankBiserial: number
  /** How the p value was computed. */
  readonly method: 'exact' | 'normal'
}

const mostExact = 50

/**
 * Wilcoxon's signed-rank test: whether differences of pairs lie around zero. Differences of zero are left out.
 *
 * @param differences - of the pairs; infinities are larger than any other
 * @throws `TuneError` `INVALID_OPTION` for a NaN
 * @see Wilcoxon, Individual Comparisons by Ranking Methods (1945); SciPy's `stats.wilcoxon`; Kerby, The Simple Difference Formula (2014), for the
 * effect size
 */
export function signedRankTest(differences: ArrayLike<number>, options: SignedRankOptions = {}): SignedRankResult {
  checkSample('differences', differences, 0)
  const signed = Float64Array.from(differences).filter(difference => difference !== 0)
  const count = signed.length
  const ranks = averageRanks(signed.map(Math.abs))
  let positive = 0
  for (let i = 0; i < count; i++) if ((signed[i] ?? 0) > 0) positive += ranks[i] ?? 0
  const total = (count * (count + 1)) / 2
  const negative = total - positive
  const { method = count <= mostExact ? 'exact' : 'normal' } = options
  const least = Math.min(positive, negative)
  const pValue = count === 0 ? 1 : method === 'exact' ? exactP(ranks, least) : normalP(ranks, least)
  const rankBiserial = count === 0 ? 0 : (positive - negative) / total
  return { positive, negative, count, pValue, leastP: Math.min(1, 2 ** (1 - count)), rankBiserial, method }
}

/** Twice the probability of a sum of at most `least` when each rank has either sign with probability ½; O(n³). */
function exactP(ranks: Float64Array, least: number): number {
  // shared ranks are halves: twice as large they are integers
  const total = ranks.length * (ranks.length + 1)
  const chances = new Float64Array(total + 1)
  chances[0] = 1
  let reached = 0
  for (const rank of ranks) {
    const jump = Math.round(2 * rank)
    reached += jump
    for (let sum = reached; sum >= 0; sum--)
      chances[sum] = ((chances[sum] ?? 0) + (sum >= jump ? (chances[sum - jump] ?? 0) : 0)) / 2
  }
  let tail = 0
  for (let sum = 0; sum <= Math.round(2 * least); sum++) tail += chances[sum] ?? 0
  return Math.min(1, 2 * tail)
}

function normalP(ranks: Float64Array, least: number): number {
  const n = ranks.length
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - tieSum(ranks) / 48
  const distance = Math.max(0, (n * (n + 1)) / 4 - least - 0.5)
  return Math.min(1, 2 * normalTail(distance / Math.sqrt(variance)))
}
