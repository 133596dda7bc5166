import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  averageRanks,
  criticalDifference,
  friedmanTest,
  holmCorrection,
  nemenyiP,
  rankGroups,
  signedRankTest,
} from '../../../analysis/statistics/index.js'
import { studentizedRangeQuantile, studentizedRangeTail } from '../../../analysis/statistics/studentized-range.js'
import { chiSquaredTail, fTail } from '../../../analysis/statistics/tails.js'
import { Rng } from '../../../src/rng.js'
import { classifiers } from './classifiers.js'

describe('tails of distributions', () => {
  // SciPy 1.17.1: stats.chi2.sf
  it.each([
    [9.28, 3, 0.025790724198756772],
    [0.5, 1, 0.47950012218695337],
    [30, 10, 0.000856641210775301],
    [100, 7, 1.0787979671702833e-18],
    [1e-3, 2, 0.9995001249791693],
  ])('are those of SciPy for χ² = %d with %d degrees of freedom', (x, freedom, tail) => {
    expect(chiSquaredTail(x, freedom) / tail).toBeCloseTo(1, 11)
  })

  // SciPy 1.17.1: stats.f.sf
  it.each([
    [3.69, 3, 39, 0.01974409968948888],
    [0.2, 1, 5, 0.6734284355375537],
    [12, 6, 54, 1.6229735752442275e-8],
    [1, 2, 2, 0.5],
    [50, 4, 20, 3.890482284243458e-10],
  ])('are those of SciPy for F = %d with %d and %d degrees of freedom', (x, above, below, tail) => {
    expect(fTail(x, above, below) / tail).toBeCloseTo(1, 11)
  })

  // SciPy 1.17.1: stats.studentized_range.sf(…, inf)
  it.each([
    [1, 3, 0.7592873587706612],
    [3.3, 4, 0.09053749724537585],
    [5, 7, 0.007440556699605638],
    [0.1, 2, 0.9436280222029834],
  ])('are those of SciPy for a studentized range of %d of %d numbers', (range, count, tail) => {
    expect(studentizedRangeTail(range, count)).toBeCloseTo(tail, 10)
  })

  // SciPy 1.17.1: stats.studentized_range.ppf(1 - tail, …, inf)
  it.each([
    [2, 0.05, 2.771807648699355],
    [3, 0.05, 3.314493155398122],
    [4, 0.1, 3.240446220927359],
    [7, 0.01, 4.882166194995566],
    [10, 0.05, 4.474124221725907],
    [20, 0.1, 4.694104409490512],
  ])('have the quantiles of SciPy for the range of %d numbers at %d', (count, tail, quantile) => {
    expect(studentizedRangeQuantile(tail, count)).toBeCloseTo(quantile, 8)
  })
})

describe('ranks', () => {
  it('are shared by equal values, as in SciPy', () => {
    // SciPy 1.17.1: stats.rankdata
    expect([...averageRanks([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5])]).toEqual([4.5, 1.5, 6, 1.5, 8, 11, 3, 10, 8, 4.5, 8])
  })

  it('take infinities for values like any other', () => {
    expect([...averageRanks([Infinity, 0, Infinity, -Infinity])]).toEqual([3.5, 2, 3.5, 1])
  })

  it('have the same sum, however many are tied', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 30 }), values => {
        const sum = averageRanks(values).reduce((total, rank) => total + rank, 0)
        expect(sum).toBe((values.length * (values.length + 1)) / 2)
      }),
    )
  })
})

describe("Friedman's test", () => {
  it('finds what Demšar published, once the correction for ties that he leaves out is taken back', () => {
    const { meanRanks, chiSquared } = friedmanTest(classifiers)
    expect(meanRanks.map(rank => rank.toFixed(3))).toEqual(['3.143', '2.000', '2.893', '1.964'])
    const plain = chiSquared * 0.9071428571428571
    expect(plain.toFixed(2)).toBe('9.28')
    expect(((13 * plain) / (14 * 3 - plain)).toFixed(2)).toBe('3.69')
  })

  it('is that of SciPy with ties', () => {
    const { chiSquared, chiSquaredP, f, pValue } = friedmanTest(classifiers)
    // SciPy 1.17.1: stats.friedmanchisquare, and stats.f.sf of Iman and Davenport's formula
    expect(chiSquared).toBeCloseTo(10.228346456692925, 9)
    expect(chiSquaredP).toBeCloseTo(0.016721580328441323, 10)
    expect(f).toBeCloseTo(4.1851301115241695, 9)
    expect(pValue).toBeCloseTo(0.011620659515310975, 10)
  })

  it('finds nothing where nothing differs, and no less than is possible where all blocks agree', () => {
    expect(friedmanTest(Array(5).fill([1, 1, 1]))).toMatchObject({ meanRanks: [2, 2, 2], chiSquared: 0, pValue: 1 })
    const agreeing = friedmanTest(Array(4).fill([1, 2, 3]))
    expect(agreeing.f).toBe(Infinity)
    expect(agreeing.pValue).toBeCloseTo(6 ** -3, 12)
  })

  it('does not care for the scale of blocks', () => {
    const row = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 8 }), rows => {
        const scaled = rows.map((values, block) => values.map(value => Math.exp(value) * 10 ** block))
        expect(friedmanTest(scaled)).toEqual(friedmanTest(rows))
      }),
    )
  })

  it.each([
    [[[1, 2]], 'the number of blocks is 1: give at least 2'],
    [[[1, 2], [1]], 'the length of block 1 is 1: give 2 values, as in block 0'],
    [
      [
        [1, Number.NaN],
        [1, 2],
      ],
      'block 0[1] is NaN: give a number, or an infinity for the worst of all',
    ],
  ])('refuses %j', (rows, message) => {
    expect(() => friedmanTest(rows)).toThrow(message)
  })
})

describe("Nemenyi's critical difference", () => {
  it('is that of Demšar’s example', () => {
    // Demšar (2006), section 3.2.2: 1.25 at α = 0.05, 1.12 at 0.10 for 4 classifiers on 14 data sets
    expect(criticalDifference(4, 14).toFixed(2)).toBe('1.25')
    expect(criticalDifference(4, 14, 0.1).toFixed(2)).toBe('1.12')
  })

  it('goes with a p-value for each pair', () => {
    const [plain = 0, m = 0, , both = 0] = friedmanTest(classifiers).meanRanks
    // SciPy 1.17.1: stats.studentized_range.sf
    expect(nemenyiP(plain - both, 4, 14)).toBeCloseTo(0.0741847950687442, 10)
    expect(nemenyiP(plain - m, 4, 14)).toBeCloseTo(0.0886727092888826, 10)
    expect(nemenyiP(criticalDifference(4, 14), 4, 14)).toBeCloseTo(0.05, 10)
  })

  it('groups what does not differ, without groups inside others', () => {
    expect(rankGroups([3, 1, 2, 5], 1.5)).toEqual([
      [1, 2],
      [2, 0],
    ])
    expect(rankGroups([1, 2, 3], 5)).toEqual([[0, 1, 2]])
    expect(rankGroups([1, 3, 5], 1)).toEqual([])
  })
})

describe("Wilcoxon's signed-rank test", () => {
  it('is exact for few pairs, as in SciPy', () => {
    // the example of SciPy 1.17.1's stats.wilcoxon: heights of cross- and self-fertilized corn plants (Darwin)
    const corn = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75]
    expect(signedRankTest(corn)).toEqual({
      positive: 96,
      negative: 24,
      count: 15,
      pValue: 0.041259765625,
      leastP: 2 ** -14,
      rankBiserial: 0.6,
      method: 'exact',
    })
    // with method='approx', correction=True
    expect(signedRankTest(corn, { method: 'normal' }).pValue).toBeCloseTo(0.043772323763041174, 10)
  })

  const tied = [1, 1, -2, 3, 3, 3, -4, 5, 6, 0, 0, 7, -8, 9, 2]

  it('stays exact with ties and leaves zeros out', () => {
    // SciPy 1.17.1: stats.wilcoxon without the zeros, whose permutations are all gone through
    expect(signedRankTest(tied)).toMatchObject({ negative: 23.5, count: 13, pValue: 0.130859375 })
    // with method='approx', correction=True
    expect(signedRankTest(tied, { method: 'normal' }).pValue).toBeCloseTo(0.1322466850105171, 10)
  })

  it('is approximated for many pairs, as in SciPy', () => {
    const many = [
      '6 11 6 -10 12 7 -2 9 7 6 3 8 -4 1 -2 9 3 0 -5 0 3 0 16 13 -24 -16 1 -1 5 5 24 -8 -1 23 9',
      '10 -2 -13 5 4 -9 -4 2 -6 2 4 3 -2 9 12 6 -5 10 -2 12 -8 12 3 -9 0 4 6 -7 -8 5 -2 5 11 -13',
      '6 15 0 -5 11 6 12 0 -12 2 -1',
    ].flatMap(line => line.split(' ').map(Number))
    const result = signedRankTest(many)
    expect([result.method, result.negative]).toEqual(['normal', 910])
    // SciPy 1.17.1: stats.wilcoxon(many, method='approx', correction=True)
    expect(result.pValue).toBeCloseTo(0.010117337855907205, 10)
    // all 2^75 signs, counted in Python's integers
    expect(signedRankTest(many, { method: 'exact' }).pValue).toBeCloseTo(0.00951661731695091, 12)
  })

  it('finds nothing in no difference', () => {
    expect(signedRankTest([0, 0, 0])).toMatchObject({ count: 0, pValue: 1, leastP: 1, rankBiserial: 0 })
  })

  it('turns only its sides with the signs of the differences', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 30 }), differences => {
        const there = signedRankTest(differences)
        const back = signedRankTest(differences.map(difference => -difference))
        expect([back.positive, back.negative, back.pValue]).toEqual([there.negative, there.positive, there.pValue])
        expect(there.pValue).toBeGreaterThanOrEqual(there.leastP)
      }),
    )
  })

  it('rejects what is true no oftener than its level', () => {
    const rng = Rng.from('signed ranks')
    let rejected = 0
    for (let i = 0; i < 2000; i++) {
      const differences = Float64Array.from({ length: 12 }, () => Math.round(4 * rng.normal()))
      if (signedRankTest(differences).pValue <= 0.05) rejected += 1
    }
    // 100 are allowed on average; 2.5 standard deviations more
    expect(rejected).toBeLessThan(125)
  })
})

describe("Holm's correction", () => {
  it('is that of R', () => {
    // by the definition: the largest of (n − rank + 1)·p up to each, in rising order, at most 1
    const adjusted = holmCorrection([0.01, 0.04, 0.03, 0.005, 0.2])
    expect(adjusted.map(p => Number(p.toFixed(12)))).toEqual([0.04, 0.09, 0.09, 0.025, 0.2])
  })

  it('never makes a p-value smaller, nor changes their order', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(fc.array(share, { maxLength: 20 }), pValues => {
        const adjusted = holmCorrection(pValues)
        for (const [i, p] of pValues.entries()) {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p)
          for (const [j, other] of pValues.entries())
            if (p < other) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j] ?? 0)
        }
      }),
    )
  })
})
