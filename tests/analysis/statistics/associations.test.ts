import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binomialTail, chiSquaredQuantile, logFisherExactP } from '../../../analysis/statistics/counts.js'
import {
  associationTest,
  binomialInterval,
  etaSquared,
  fisherExactP,
  kruskalWallisTest,
  pearsonCorrelation,
  spearmanCorrelation,
} from '../../../analysis/statistics/index.js'

const x = [6.5, 3.1, 8.2, 5.5, 7.7, 2.2, 9.1, 4.4, 6.6, 1.9, 5.0, 7.1]
const y = [2.1, 1.3, 3.3, 2.0, 2.2, 0.7, 3.9, 2.2, 1.9, 1.0, 2.6, 2.4]

describe('correlations of two samples', () => {
  it('are Pearson’s, with the interval of SciPy', () => {
    // SciPy 1.17.1: stats.pearsonr(x, y), its confidence_interval()
    const found = pearsonCorrelation(x, y)
    expect(found?.value).toBeCloseTo(0.8732572083334553, 12)
    expect(found?.pValue).toBeCloseTo(0.0002074193876151139, 12)
    expect(found?.lower).toBeCloseTo(0.6001079024969777, 9)
    expect(found?.upper).toBeCloseTo(0.9640246445316225, 9)
  })

  it('are Spearman’s, ties sharing their ranks', () => {
    // SciPy 1.17.1: stats.spearmanr; the interval by Bonett and Wright's formula
    const found = spearmanCorrelation(x, y)
    expect(found?.value).toBeCloseTo(0.7775843798555645, 12)
    expect(found?.pValue).toBeCloseTo(0.0029101723128612807, 12)
    expect(found?.lower).toBeCloseTo(0.28550593229178306, 9)
    expect(found?.upper).toBeCloseTo(0.9452086786218691, 9)
    const tied = spearmanCorrelation([1, 2, 2, 3, 3, 3, 4, 5], [2, 1, 4, 3, 5, 5, 6, 8])
    expect(tied?.value).toBeCloseTo(0.8768105301663435, 12)
    expect(tied?.pValue).toBeCloseTo(0.0042525253581831065, 12)
  })

  it('do not exist where there is nothing to go together, and are whole where all agrees', () => {
    expect(pearsonCorrelation([1, 2, 3], [1, 2, 3])).toBeUndefined()
    expect(spearmanCorrelation([1, 1, 1, 1], [1, 2, 3, 4])).toBeUndefined()
    expect(spearmanCorrelation([1, 2, 3, 4], [1, 4, 9, 16])).toMatchObject({ value: 1, lower: 1, upper: 1, pValue: 0 })
    expect(() => pearsonCorrelation([1, 2], [1])).toThrow('the length of the second sample is 1: give 2 values')
    expect(() => pearsonCorrelation([1, Number.NaN], [1, 2])).toThrow('the first sample[1] is NaN')
  })

  it('of ranks do not care for rising scales', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer()), { minLength: 4 }), pairs => {
        const [first, second] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)]
        const scaled = spearmanCorrelation(first.map(Math.exp), second)
        expect(scaled).toEqual(spearmanCorrelation(first, second))
      }),
    )
  })
})

describe('what groups tell of values', () => {
  // mucociliary efficiency, Hollander and Wolfe (1973), R's example of kruskal.test
  const values = [2.9, 3.0, 2.5, 2.6, 3.2, 3.8, 2.7, 4.0, 2.4, 2.8, 3.4, 3.7, 2.2, 2.0]
  const groups = [0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2]

  it('is Kruskal and Wallis’s test, as in R and SciPy', () => {
    const { statistic, freedom, pValue } = kruskalWallisTest(groups, values)
    // R: Kruskal-Wallis chi-squared = 0.77143, df = 2, p-value = 0.68; SciPy 1.17.1: stats.kruskal
    expect(statistic).toBeCloseTo(0.7714285714285722, 12)
    expect(freedom).toBe(2)
    expect(pValue).toBeCloseTo(0.6799647735788936, 10)
    const tied = kruskalWallisTest([0, 0, 0, 0, 0, 1, 1, 1, 1, 1], [1, 1, 2, 2, 2, 1, 2, 2, 3, 3])
    expect(tied.statistic).toBeCloseTo(1.555714285714286, 12)
    expect(tied.pValue).toBeCloseTo(0.21229383619232794, 10)
  })

  it('is a share of the variance', () => {
    // numpy: the sum of squares between groups by the whole
    expect(etaSquared(groups, values)).toBeCloseTo(0.09242021276595767, 12)
    expect(etaSquared([0, 0, 1, 1], [1, 1, 5, 5])).toBe(1)
    expect(etaSquared([0, 1], [3, 3])).toBe(0)
  })

  it('is χ² and Cramér’s V for categories', () => {
    const cells = [
      [10, 10, 20],
      [20, 20, 20],
    ]
    const pairs = cells.flatMap((row, i) => row.flatMap((count, j) => Array.from({ length: count }, () => [i, j])))
    const found = associationTest(
      pairs.map(([i]) => i ?? 0),
      pairs.map(([, j]) => j ?? 0),
    )
    // SciPy 1.17.1: stats.chi2_contingency(correction=False), stats.contingency.association(method='cramer')
    expect(found.statistic).toBeCloseTo(2.7777777777777777, 12)
    expect(found.pValue).toBeCloseTo(0.24935220877729622, 12)
    expect(found.cramersV).toBeCloseTo(0.16666666666666666, 12)
    expect(associationTest([0, 0], [0, 1])).toMatchObject({ freedom: 0, pValue: 1, cramersV: 0 })
  })
})

describe('exact tests of counts', () => {
  it('are Fisher’s', () => {
    // Fisher's tea drinker: R's fisher.test(alternative = 'greater')
    expect(fisherExactP(3, 4, 4, 8)).toBeCloseTo(0.24285714285714283, 12)
    // SciPy 1.17.1: stats.fisher_exact([[9, 2], [1, 59]], alternative='greater'), stats.hypergeom.sf(39, 2000, 120, 300), .logsf(242, 10000, 243, 245)
    expect(fisherExactP(9, 11, 10, 71) / 7.170732366747871e-9).toBeCloseTo(1, 9)
    expect(fisherExactP(40, 300, 120, 2000) / 1.5691452121299108e-7).toBeCloseTo(1, 7)
    expect(logFisherExactP(243, 245, 243, 10000)).toBeCloseTo(-1129.3633283472154, 6)
    expect(fisherExactP(0, 5, 5, 20)).toBe(1)
    expect(() => fisherExactP(6, 5, 5, 20)).toThrow('hits is 6: give no more than the part and the marked ones have')
  })

  it('are the binomial’s, with Clopper and Pearson’s intervals', () => {
    // SciPy 1.17.1: stats.binom.sf, stats.binomtest(…).proportion_ci()
    expect(binomialTail(4, 5, 0.05)).toBeCloseTo(3.0000000000000008e-5, 14)
    expect(binomialTail(95, 100, 0.9)).toBeCloseTo(0.05757688648703389, 12)
    expect(binomialInterval(95, 100).lower).toBeCloseTo(0.887165088894537, 9)
    expect(binomialInterval(95, 100).upper).toBeCloseTo(0.9835681208182717, 9)
    expect(binomialInterval(0, 20).lower).toBe(0)
    expect(binomialInterval(0, 20).upper).toBeCloseTo(0.16843347098308548, 9)
    expect(binomialInterval(20, 20)).toMatchObject({ upper: 1 })
  })

  it('go with the quantiles of χ²', () => {
    // SciPy 1.17.1: stats.chi2.isf
    expect(chiSquaredQuantile(0.025, 7)).toBeCloseTo(16.012764274629323, 8)
    expect(chiSquaredQuantile(0.975, 7)).toBeCloseTo(1.6898691806773554, 8)
    expect(chiSquaredQuantile(0.025, 200)).toBeCloseTo(241.05789550631093, 6)
  })
})
