import { describe, expect, it } from 'vitest'
import {
  cliffsDelta,
  criticalDifference,
  friedmanTest,
  probabilityOfLarger,
  signedRankTest,
} from '../../../analysis/statistics/index.js'
import { classifiers } from './classifiers.js'

describe('the statistics of published examples', () => {
  // Demšar (2006), table 5: critical values for the two-tailed Nemenyi test at α = 0.05 and 0.10
  const published = [
    [2, 1.96, 1.645],
    [3, 2.343, 2.052],
    [4, 2.569, 2.291],
    [5, 2.728, 2.459],
    [6, 2.85, 2.589],
    [7, 2.949, 2.693],
    [8, 3.031, 2.78],
    [9, 3.102, 2.855],
    [10, 3.164, 2.92],
  ] as const
  it.each(published)('have Demšar’s critical values of %i classifiers', (k, atFive, atTen) => {
    // the difference in units of √(k(k + 1) / 6N) is the table's q
    const q = (alpha: number) => criticalDifference(k, 30, alpha) / Math.sqrt((k * (k + 1)) / 180)
    expect(Math.abs(q(0.05) - atFive)).toBeLessThan(0.001)
    expect(Math.abs(q(0.1) - atTen)).toBeLessThan(0.001)
  })

  // SciPy 1.17.1: stats.studentized_range.ppf(0.95, k, inf) / sqrt(2)
  it.each([
    [3, 2.343700586378409],
    [7, 2.9483200175296744],
    [10, 3.163683577053373],
  ])('have SciPy’s critical value of %i classifiers to 1e-8', (k, q) => {
    expect(criticalDifference(k, 1) / Math.sqrt((k * (k + 1)) / 6)).toBeCloseTo(q, 8)
  })

  it('have Demšar’s pair of classifiers, exactly and approximated', () => {
    // C4.5 and C4.5+m of table 6, whose differences have ties and two zeros
    const differences = classifiers.map(row => Number(((row[0] ?? 0) - (row[1] ?? 0)).toFixed(3)))
    // all 2^12 signs of the differences that are not zero, ranked by SciPy 1.17.1's stats.rankdata
    expect(signedRankTest(differences)).toMatchObject({ negative: 6.5, count: 12, pValue: 0.00732421875 })
    // SciPy 1.17.1: stats.wilcoxon(d, zero_method='wilcox', correction=True, method='approx')
    expect(signedRankTest(differences, { method: 'normal' }).pValue).toBeCloseTo(0.012030358470209076, 10)
  })

  it('have the depression scale factors of Hollander and Wolfe', () => {
    const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3]
    const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
    // R's example of wilcox.test: V = 40, one-sided p = 0.01953
    const test = signedRankTest(before.map((value, i) => value - (after[i] ?? 0)))
    expect(test).toMatchObject({ positive: 40, negative: 5, pValue: 0.0390625 })
  })

  it('have the rounding times of Hollander and Wolfe', () => {
    const times = [
      [5.4, 5.5, 5.55],
      [5.85, 5.7, 5.75],
      [5.2, 5.6, 5.5],
      [5.55, 5.5, 5.4],
      [5.9, 5.85, 5.7],
      [5.45, 5.55, 5.6],
      [5.4, 5.4, 5.35],
      [5.45, 5.5, 5.35],
      [5.25, 5.15, 5],
      [5.85, 5.8, 5.7],
      [5.25, 5.2, 5.1],
      [5.65, 5.55, 5.45],
      [5.6, 5.35, 5.45],
      [5.05, 5, 4.95],
      [5.5, 5.5, 5.4],
      [5.45, 5.55, 5.5],
      [5.55, 5.55, 5.35],
      [5.45, 5.5, 5.55],
      [5.5, 5.45, 5.25],
      [5.65, 5.6, 5.4],
      [5.7, 5.65, 5.55],
      [6.3, 6.3, 6.25],
    ]
    // R's example of friedman.test: χ² = 11.143, p = 0.003805; SciPy 1.17.1's stats.friedmanchisquare
    const { chiSquared, chiSquaredP } = friedmanTest(times)
    expect(chiSquared).toBeCloseTo(11.142857142857132, 9)
    expect(chiSquaredP).toBeCloseTo(0.003805040775511383, 10)
  })

  it('count ties as halves in effect sizes', () => {
    const [first, second] = [
      [7, 5, 6, 8, 9, 6],
      [5, 5, 4, 6, 3],
    ]
    // all 30 pairs counted
    const larger = first.flatMap(a => second.map((b): number => (a > b ? 1 : a === b ? 0.5 : 0)))
    const share = larger.reduce((sum, each) => sum + each, 0) / 30
    expect(probabilityOfLarger(first, second)).toBeCloseTo(share, 12)
    expect(cliffsDelta(first, second)).toBeCloseTo(2 * share - 1, 12)
  })
})
