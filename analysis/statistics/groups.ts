import { checkSample, checkThat } from './check.js'
import { averageRanks, tieSum } from './ranks.js'
import { chiSquaredTail } from './tails.js'

/** A test by χ². */
export interface ChiSquaredResult {
  /** χ², at least 0. */
  readonly statistic: number
  /** Degrees of freedom; 0 where there is nothing to compare. */
  readonly freedom: number
  /** How likely so large a χ² is by chance, in [0, 1]. */
  readonly pValue: number
}

/** How far two categories depend on each other. */
export interface AssociationResult extends ChiSquaredResult {
  /** Cramér's V, in [0, 1]: 1 where one tells the other. */
  readonly cramersV: number
}

/**
 * The share of the values' variance that lies between groups: the correlation ratio squared, η². It is in [0, 1], and a little above 0 for groups
 * that are alike.
 *
 * @param groups - the group of each value, integers from 0
 * @returns 0 where no value differs
 * @throws `TuneError` `INVALID_OPTION` for lists of different lengths, or a NaN
 * @see Pearson, On the Correlation Ratio (1905)
 */
export function etaSquared(groups: ArrayLike<number>, values: ArrayLike<number>): number {
  checkGroups(groups, values)
  const n = values.length
  const sums = new Map<number, { count: number; sum: number }>()
  let total = 0
  for (let i = 0; i < n; i++) {
    const value = values[i] ?? 0
    const own = sums.get(groups[i] ?? 0)
    if (own) {
      own.count += 1
      own.sum += value
    } else sums.set(groups[i] ?? 0, { count: 1, sum: value })
    total += value
  }
  const mean = total / n
  let between = 0
  for (const { count, sum } of sums.values()) between += count * (sum / count - mean) ** 2
  let whole = 0
  for (let i = 0; i < n; i++) whole += ((values[i] ?? 0) - mean) ** 2
  return whole > 0 ? Math.min(1, between / whole) : 0
}

/**
 * Kruskal and Wallis's test whether groups of values come from one distribution, by their ranks, with the correction for ties.
 *
 * @param groups - the group of each value, integers from 0
 * @throws `TuneError` `INVALID_OPTION` for lists of different lengths, or a NaN
 * @see Kruskal and Wallis, Use of Ranks in One-Criterion Variance Analysis (1952); SciPy's `stats.kruskal`
 */
export function kruskalWallisTest(groups: ArrayLike<number>, values: ArrayLike<number>): ChiSquaredResult {
  checkGroups(groups, values)
  const n = values.length
  const ranks = averageRanks(values)
  const sums = new Map<number, { count: number; sum: number }>()
  for (let i = 0; i < n; i++) {
    const own = sums.get(groups[i] ?? 0) ?? { count: 0, sum: 0 }
    sums.set(groups[i] ?? 0, { count: own.count + 1, sum: own.sum + (ranks[i] ?? 0) })
  }
  const freedom = Math.max(0, sums.size - 1)
  const variety = 1 - tieSum(ranks) / (n ** 3 - n)
  if (freedom === 0 || !(variety > 1e-12)) return { statistic: 0, freedom, pValue: 1 }
  let spread = 0
  for (const { count, sum } of sums.values()) spread += count * (sum / count - (n + 1) / 2) ** 2
  const statistic = ((12 / (n * (n + 1))) * spread) / variety
  return { statistic, freedom, pValue: chiSquaredTail(statistic, freedom) }
}

/**
 * How far two lists of categories depend on each other: Pearson's χ² test and Cramér's V, without corrections.
 *
 * @param first - integers from 0
 * @param second - likewise, as many
 * @throws `TuneError` `INVALID_OPTION` for lists of different lengths, or a NaN
 * @see SciPy's `stats.chi2_contingency(correction=False)` and `stats.contingency.association`
 */
export function associationTest(first: ArrayLike<number>, second: ArrayLike<number>): AssociationResult {
  checkGroups(first, second)
  const n = first.length
  const [rows, columns] = [countsOf(first), countsOf(second)]
  const cells = new Map<string, number>()
  for (let i = 0; i < n; i++) {
    const key = `${first[i]},${second[i]}`
    cells.set(key, (cells.get(key) ?? 0) + 1)
  }
  let statistic = 0
  for (const [row, inRow] of rows)
    for (const [column, inColumn] of columns) {
      const expected = (inRow * inColumn) / n
      statistic += ((cells.get(`${row},${column}`) ?? 0) - expected) ** 2 / expected
    }
  const freedom = Math.max(0, rows.size - 1) * Math.max(0, columns.size - 1)
  if (freedom === 0) return { statistic: 0, freedom, pValue: 1, cramersV: 0 }
  const most = n * (Math.min(rows.size, columns.size) - 1)
  const cramersV = Math.min(1, Math.sqrt(statistic / most))
  return { statistic, freedom, pValue: chiSquaredTail(statistic, freedom), cramersV }
}

function countsOf(values: ArrayLike<number>): Map<number, number> {
  const counts = new Map<number, number>()
  for (let i = 0; i < values.length; i++) counts.set(values[i] ?? 0, (counts.get(values[i] ?? 0) ?? 0) + 1)
  return counts
}

function checkGroups(groups: ArrayLike<number>, values: ArrayLike<number>): void {
  checkSample('the groups', groups, 0)
  checkSample('the values', values, 0)
  checkThat(values.length === groups.length, 'the number of values', values.length, `${groups.length}, one for each`)
}
