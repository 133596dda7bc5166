import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Categories } from '../../searchers/cma-es/categories.js'
import { Gaussian } from '../../searchers/cma-es/gaussian.js'
import { keepMargin } from '../../searchers/cma-es/margin.js'
import { drawNoise } from '../../searchers/cma-es/noise.js'
import { strategyParameters } from '../../searchers/cma-es/parameters.js'
import { Runs } from '../../searchers/cma-es/runs.js'
import { rankWeights } from '../../searchers/cma-es/strategy.js'
import { normalCdf } from '../../src/math/normal.js'
import { Rng } from '../../src/rng.js'
import type { NumericDimension } from '../../src/space/dimension.js'
import { randint, Space } from '../../src/space/index.js'

describe('the strategy parameters', () => {
  it('are those of the tutorial', () => {
    // arXiv:1604.00772, table 1 with n = 10, λ = 10, computed by hand
    const parameters = strategyParameters(10, 10, false)
    expect([...parameters.weights.subarray(0, 5)]).toEqual(
      [0.4563, 0.2708, 0.1622, 0.0852, 0.0255].map(weight => expect.closeTo(weight, 4)),
    )
    expect(parameters).toMatchObject({
      selectionMass: expect.closeTo(3.1673, 4),
      sigmaPathRate: expect.closeTo(0.2844, 4),
      sigmaDamping: expect.closeTo(1.2844, 4),
      covariancePathRate: expect.closeTo(0.295, 4),
      rankOneRate: expect.closeTo(0.01528, 5),
      rankMuRate: expect.closeTo(0.02355, 5),
    })
  })

  it('keep the covariance positive: what is unlearnt is less than what there is', () => {
    for (const n of [1, 2, 5, 20, 60]) {
      for (const lambda of [2, 4, 6, 20, 200]) {
        const { weights, rankOneRate, rankMuRate } = strategyParameters(n, lambda, false)
        const negative = weights.filter(weight => weight < 0).reduce((sum, weight) => sum - weight, 0)
        expect(n * rankMuRate * negative).toBeLessThanOrEqual(1 - rankOneRate - rankMuRate + 1e-12)
      }
    }
  })
})

describe('weights by rank', () => {
  it('go to the best first, and are shared by equal values', () => {
    const byRank = Float64Array.of(0.7, 0.3, -0.2, -0.8)
    expect([...rankWeights([3, 1, 4, 2], byRank)]).toEqual([-0.2, 0.7, -0.8, 0.3])
    const fail = Number.POSITIVE_INFINITY
    expect([...rankWeights([fail, 1, fail, 2], byRank)]).toEqual([-0.5, 0.7, -0.5, 0.3])
  })
})

describe('the noise of a generation', () => {
  it('comes in pairs of opposites, and pairs of a group are at right angles', () => {
    const { normals } = drawNoise(Rng.from(1), 3, 0, 8)
    expect(normals).toHaveLength(8)
    const at = (i: number) => normals[i] ?? new Float64Array()
    const product = (i: number, j: number) => at(i).reduce((sum, value, k) => sum + value * (at(j)[k] ?? 0), 0)
    for (const i of [0, 2, 4, 6]) expect([...at(i + 1)]).toEqual([...at(i)].map(value => -value))
    for (const [i, j] of [
      [0, 2],
      [0, 4],
      [2, 4],
    ] as const)
      expect(product(i, j)).toBeCloseTo(0, 12)
  })

  it('spreads the numbers of a choice evenly', () => {
    const { uniforms } = drawNoise(Rng.from(1), 0, 2, 10)
    for (const k of [0, 1]) {
      const tenths = uniforms.map(row => Math.floor(10 * (row[k] ?? 0))).sort((a, b) => a - b)
      expect(tenths).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    }
  })
})

describe('the normal distribution', () => {
  const start = { sigma: 0.5, populationSize: 6, isSeparable: false }

  it('draws with the covariance that it was given', () => {
    const covariance = Float64Array.of(4, 1.2, 1.2, 1)
    const gaussian = new Gaussian({ ...start, mean: Float64Array.of(1, -1), covariance })
    const rng = Rng.from(1)
    const sums = [0, 0, 0]
    const count = 40_000
    for (let i = 0; i < count; i++) {
      const [x = 0, y = 0] = gaussian.transform(Float64Array.of(rng.normal(), rng.normal()))
      for (const [k, value] of [(x - 1) ** 2, (x - 1) * (y + 1), (y + 1) ** 2].entries())
        sums[k] = (sums[k] ?? 0) + value / count
    }
    expect(sums).toEqual([1, 0.3, 0.25].map(value => expect.closeTo(value, 1)))
    expect(gaussian.deviation(0)).toBeCloseTo(1, 12)
    expect(gaussian.deviation(1)).toBeCloseTo(0.5, 12)
  })

  it('moves to the weighted mean of the best', () => {
    const gaussian = new Gaussian({ ...start, mean: Float64Array.of(0, 0) })
    const points = Float64Array.of(0.5, 0, 0, 0.5, -0.5, 0, 0, -0.5, 0.1, 0.1, 0.2, 0)
    gaussian.update(points, Float64Array.of(0.75, 0.25, -0.1, -0.1, -0.1, -0.1))
    expect([...gaussian.mean]).toEqual([expect.closeTo(0.375, 12), expect.closeTo(0.125, 12)])
  })

  it('is not thrown far off by a point that it would hardly have drawn', () => {
    const gaussian = new Gaussian({ ...start, sigma: 0.01, mean: Float64Array.of(0, 0) })
    gaussian.update(Float64Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), Float64Array.of(1, 0, 0, 0, 0, 0))
    // σ (√n + 2n / (n + 2))
    expect([...gaussian.mean]).toEqual([expect.closeTo(0.01 * (Math.SQRT2 + 1), 12), 0])
  })

  it('stays a distribution under any weights of any points', () => {
    const rng = Rng.from(3)
    for (const isSeparable of [false, true]) {
      const gaussian = new Gaussian({ mean: new Float64Array(4), sigma: 1, populationSize: 8, isSeparable })
      for (let i = 0; i < 300; i++) {
        const points = Float64Array.from({ length: 32 }, () => rng.normal() * 10 ** rng.integer(-8, 3))
        gaussian.update(points, gaussian.parameters.weights)
        for (let k = 0; k < 4; k++) expect(gaussian.deviation(k)).toBeGreaterThan(0)
        expect(gaussian.transform(new Float64Array(4).fill(1)).every(Number.isFinite)).toBe(true)
      }
    }
  })
})

describe('the margin of an integer', () => {
  const [dimension] = Space.of({ n: randint(0, 10) }).dimensions

  it('leaves it a chance to change in either direction, however small the step', () => {
    const alpha = 0.02
    const sigma = fc.double({ min: 1e-9, max: 0.5, noNaN: true })
    fc.assert(
      fc.property(fc.double({ min: -0.2, max: 1.2, noNaN: true }), sigma, (mean, deviation) => {
        const gaussian = new Gaussian({
          mean: Float64Array.of(mean),
          sigma: deviation,
          populationSize: 6,
          isSeparable: false,
        })
        const before = Math.floor(10 * Math.min(0.999999, Math.max(0, mean)))
        keepMargin(gaussian, 0, dimension as NumericDimension, alpha)
        const m = gaussian.mean[0] ?? Number.NaN
        const s = gaussian.deviation(0)
        const below = before === 0 ? undefined : normalCdf((before / 10 - m) / s)
        const above = before === 9 ? undefined : normalCdf((m - (before + 1) / 10) / s)
        const least = below === undefined || above === undefined ? alpha : alpha / 2
        for (const share of [below, above]) if (share !== undefined) expect(share).toBeGreaterThanOrEqual(least * 0.999)
      }),
    )
  })

  it('changes nothing where the distribution is wide enough', () => {
    const gaussian = new Gaussian({ mean: Float64Array.of(0.43), sigma: 0.1, populationSize: 6, isSeparable: false })
    keepMargin(gaussian, 0, dimension as NumericDimension, 0.02)
    expect([gaussian.mean[0], gaussian.scales[0]]).toEqual([0.43, 1])
  })
})

describe('the distribution over choices', () => {
  const sharesOf = (categories: Categories, count: number) => {
    const shares = new Array<number>(count).fill(0)
    for (let i = 0; i < 1000; i++) {
      const value = categories.valueAt(0, (i + 0.5) / 1000)
      shares[value] = (shares[value] ?? 0) + 0.001
    }
    return shares
  }

  it('moves towards what good trials chose, and keeps a chance for the others', () => {
    const categories = new Categories([Float64Array.of(1, 1, 1, 1)])
    expect(sharesOf(categories, 4)).toEqual([0.25, 0.25, 0.25, 0.25].map(share => expect.closeTo(share, 6)))
    const weights = Float64Array.of(0.7, 0.3, -0.5, -0.5)
    for (let i = 0; i < 20; i++) categories.update(Int32Array.of(2, 2, 0, 1), weights)
    // (1 − 0.73) / 3 is left to each of the others
    expect(sharesOf(categories, 4)).toEqual([0.09, 0.09, 0.73, 0.09].map(share => expect.closeTo(share, 2)))
  })

  it('learns nothing from trials without the choice', () => {
    const categories = new Categories([Float64Array.of(3, 1)])
    categories.update(Int32Array.of(-1, -1), Float64Array.of(0.7, 0.3))
    expect(sharesOf(categories, 2)).toEqual([expect.closeTo(0.73, 2), expect.closeTo(0.27, 2)])
  })
})

describe('the order of runs', () => {
  it('spends as much on going on as on new runs, and as much on small ones as on large', () => {
    const runs = new Runs('bipop')
    const spent = { local: 0, large: 0, refine: 0 }
    for (let i = 0; i < 400; i++) {
      const purpose = runs.next()
      for (let k = 0; k < 5; k++) runs.spend(purpose)
      spent[purpose] += 5
    }
    expect(spent).toEqual({ local: 500, large: 500, refine: 1000 })
    expect(new Runs('ipop').next()).toBe('large')
  })
})
