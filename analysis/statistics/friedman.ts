import { checkSample, checkThat } from './check.js'
import { averageRanks, tieSum } from './ranks.js'
import { chiSquaredTail, fTail } from './tails.js'

/** What {@link friedmanTest} found. */
export interface FriedmanResult {
  /** [treatments] The mean over the blocks of each treatment's rank, 1 being the smallest value. */
  readonly meanRanks: readonly number[]
  /** How many blocks there are: rows of the table that was tested. */
  readonly blocks: number
  /** Friedman's χ² with the correction for ties. */
  readonly chiSquared: number
  /** That of χ² with k − 1 degrees of freedom, which is too large for few blocks. */
  readonly chiSquaredP: number
  /** Iman and Davenport's F, of k − 1 and (k − 1)(n − 1) degrees of freedom; Infinity where all blocks agree. */
  readonly f: number
  /** The p-value to go by: that of F, and never less than that of blocks that agree in every rank, (k!)^(1 − n). */
  readonly pValue: number
}

/**
 * Tests whether treatments that were each tried in the same blocks come from one distribution, by their ranks within the blocks.
 *
 * @param rows - one for each block, with a value for each treatment in the same order; at least 2 of at least 2 treatments. Infinities rank like
 * any value
 * @throws `TuneError` `INVALID_OPTION`
 * @see Demšar, Statistical Comparisons of Classifiers over Multiple Data Sets (2006), section 3.2.2; Iman and Davenport, Approximations of the
 * Critical Region of the Friedman Statistic (1980); SciPy's `stats.friedmanchisquare`
 */
export function friedmanTest(rows: readonly ArrayLike<number>[]): FriedmanResult {
  const n = rows.length
  const k = rows[0]?.length ?? 0
  checkThat(n >= 2, 'the number of blocks', n, 'at least 2')
  const sums = new Float64Array(k)
  let ties = 0
  for (const [block, row] of rows.entries()) {
    checkThat(row.length === k, `the length of block ${block}`, row.length, `${k} values, as in block 0`)
    checkSample(`block ${block}`, row, 2)
    const ranks = averageRanks(row)
    ties += tieSum(ranks)
    for (let j = 0; j < k; j++) sums[j] = (sums[j] ?? 0) + (ranks[j] ?? 0)
  }
  const meanRanks = Array.from(sums, sum => sum / n)
  const spread = meanRanks.reduce((sum, rank) => sum + (rank - (k + 1) / 2) ** 2, 0)
  const variety = 1 - ties / (n * (k ** 3 - k))
  // without any order in any block there is nothing to find
  const chiSquared = variety < 1e-12 ? 0 : ((12 * n) / (k * (k + 1))) * (spread / variety)
  const room = n * (k - 1) - chiSquared
  const f = room < 1e-9 ? Number.POSITIVE_INFINITY : ((n - 1) * chiSquared) / room
  const least = Math.exp((1 - n) * logFactorial(k))
  const pValue = Math.min(1, Math.max(fTail(f, k - 1, (k - 1) * (n - 1)), least))
  return { meanRanks, blocks: n, chiSquared, chiSquaredP: chiSquaredTail(chiSquared, k - 1), f, pValue }
}

function logFactorial(k: number): number {
  let sum = 0
  for (let i = 2; i <= k; i++) sum += Math.log(i)
  return sum
}
