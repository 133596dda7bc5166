import { errorFunction, wilcoxonRankSum } from 'simple-statistics'

/**
 * How likely values as small as these are, or smaller ones, if both samples came from one distribution: the one-sided Mann–Whitney test
 * in its normal approximation, with corrections for ties and continuity.
 *
 * @param smaller - the sample that is said to be smaller, such as a searcher's regrets; at least one
 * @param larger - the other one; at least one
 * @returns the p-value, to some six decimal places; 1 where all values are the same
 * @see Mann and Whitney, On a Test of Whether one of Two Random Variables is Stochastically Larger than the Other (1947)
 */
export function mannWhitneyP(smaller: readonly number[], larger: readonly number[]): number {
  const n = smaller.length
  const m = larger.length
  const total = n + m
  const statistic = wilcoxonRankSum([...smaller], [...larger]) - (n * (n + 1)) / 2
  const counts = new Map<number, number>()
  for (const value of [...smaller, ...larger]) counts.set(value, (counts.get(value) ?? 0) + 1)
  const ties = [...counts.values()].reduce((sum, count) => sum + count ** 3 - count, 0)
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)))
  if (variance === 0) return 1
  return (1 + errorFunction((statistic + 0.5 - (n * m) / 2) / Math.sqrt(2 * variance))) / 2
}
