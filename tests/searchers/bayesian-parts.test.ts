import { describe, expect, it } from 'vitest'
import { confidenceBound, logExpectedImprovement, logMean } from '../../searchers/bayesian/acquisition.js'
import { bend, bendRows, fitInputWarp, slopeOf } from '../../searchers/bayesian/input-warp.js'
import { layOut } from '../../searchers/bayesian/layout.js'
import { logImprovement } from '../../searchers/bayesian/log-ei.js'
import { fitLambda, fitOutputWarp, yeoJohnson } from '../../searchers/bayesian/output-warp.js'
import { impute, milestoneOf } from '../../searchers/bayesian/surrogate.js'
import { advanceRegion, beginRegion, sideOf, weighSides } from '../../searchers/bayesian/trust-region.js'
import { GaussianProcess } from '../../src/gp/gaussian-process.js'
import { Rng } from '../../src/rng.js'
import { choice, randint, Space, uniform } from '../../src/space/index.js'

describe('the logarithm of expected improvement', () => {
  // log(φ(z) + z Φ(z)) by mpmath 1.3 with up to 6,000 digits
  it.each([
    [3, 1.09873966533],
    [0.5, -0.359827683745],
    [0, -0.918938533205],
    [-0.999, -2.48321711545],
    [-1.001, -2.48702565796],
    [-5, -16.7443011627],
    [-20, -206.917838509],
    [-99, -4910.60948422],
    [-101, -5110.64947355],
    [-1000, -500014.734452],
    [-1e6, -500000000029.0],
  ])('is right at z = %d', (z, expected) => {
    expect(logImprovement(z).value / expected).toBeCloseTo(1, 9)
  })

  it('has the slope of its values', () => {
    for (const z of [2, -0.5, -1.5, -30, -150]) {
      const h = 1e-5 * Math.max(1, Math.abs(z))
      const difference = (logImprovement(z + h).value - logImprovement(z - h).value) / (2 * h)
      expect(logImprovement(z).slope / difference).toBeCloseTo(1, 5)
    }
  })
})

describe('an acquisition', () => {
  const rng = Rng.from(1)
  const x = Float64Array.from({ length: 24 }, () => rng.uniform())
  const y = Float64Array.from({ length: 12 }, (_, i) => Math.sin(6 * (x[2 * i] ?? 0)) + (x[2 * i + 1] ?? 0) ** 2)
  const gp = GaussianProcess.fit(x, y, { dimensions: [{ type: 'numeric' }, { type: 'numeric' }] })
  const other = gp.condition(Float64Array.of(0.5, 0.5), Float64Array.of(0.1))

  it.each([
    ['expected improvement', logExpectedImprovement(gp, -0.5)],
    ['a confidence bound', confidenceBound(gp, 2)],
    ['a mean over fantasies', logMean([logExpectedImprovement(gp, -0.5), logExpectedImprovement(other, -0.6)])],
  ])('that is %s has the gradient of its scores', (_, acquisition) => {
    const gradient = new Float64Array(2)
    const at = [0.31, 0.64] as const
    const value = acquisition.scoreWithGradient(Float64Array.from(at), gradient)
    const h = 1e-5
    const around = Float64Array.of(...at, at[0] + h, at[1], at[0] - h, at[1], at[0], at[1] + h, at[0], at[1] - h)
    const [here, ...[right = 0, left = 0, up = 0, down = 0]] = acquisition.score(around, 5)
    expect(value).toBeCloseTo(here ?? 0, 9)
    expect([...gradient]).toEqual([
      expect.closeTo((right - left) / (2 * h), 4),
      expect.closeTo((up - down) / (2 * h), 4),
    ])
  })
})

describe('the warp of results', () => {
  // scipy.stats.yeojohnson 1.17 of −2, −1.5, −0.3, 0, 0.2, 0.9, 1.4 and 6
  it.each([
    [-1, [-8.66666666667, -4.875, -0.399, 0, 0.166666666667, 0.473684210526, 0.583333333333, 0.857142857143]],
    [0, [-4, -2.625, -0.345, 0, 0.182321556794, 0.641853886172, 0.875468737354, 1.94591014906]],
    [
      0.7,
      [
        -2.43935962381, -1.76227346987, -0.312658979414, 0, 0.194467110284, 0.810301683377, 1.20806245656,
        4.14932682446,
      ],
    ],
    [1, [-2, -1.5, -0.3, 0, 0.2, 0.9, 1.4, 6]],
    [2, [-1.09861228867, -0.916290731874, -0.262364264467, 0, 0.22, 1.305, 2.38, 24]],
  ])('is that of Yeo and Johnson for λ = %d', (lambda, expected) => {
    const values = [-2, -1.5, -0.3, 0, 0.2, 0.9, 1.4, 6]
    expect(values.map(value => yeoJohnson(value, lambda))).toEqual(expected.map(value => expect.closeTo(value, 9)))
  })

  it('has the most likely λ, to a tenth', () => {
    // scipy.stats.yeojohnson_normmax 1.17: −0.1199
    expect(fitLambda(Float64Array.of(-1.2, -0.9, -0.8, -0.6, -0.3, 0.1, 0.7, 3))).toBe(-0.1)
  })

  it('makes mean 0 and variance 1', () => {
    const values = Float64Array.from({ length: 40 }, (_, i) => Math.exp(i / 6))
    for (const isShaped of [true, false]) {
      const warped = values.map(fitOutputWarp(values, isShaped))
      expect(warped.reduce((sum, value) => sum + value, 0) / 40).toBeCloseTo(0, 9)
      expect(warped.reduce((sum, value) => sum + value * value, 0) / 40).toBeCloseTo(1, 9)
    }
  })

  it('rises, and is finite for results far from those it was fitted to', () => {
    for (const scale of [1e-300, 1, 1e290]) {
      const warp = fitOutputWarp(
        Float64Array.of(1, 2, 3, 5, 8, 13, 30).map(value => value * scale),
        true,
      )
      const warped = [Number.MIN_SAFE_INTEGER * scale, scale, 4 * scale, 20 * scale].map(warp)
      expect(warped).toEqual([...warped].sort((a, b) => a - b))
      for (const value of [-Number.MAX_VALUE, Number.MAX_VALUE]) expect(Math.abs(warp(value))).toBeLessThanOrEqual(100)
    }
  })

  it('keeps the others apart beside an absurd result', () => {
    const warp = fitOutputWarp(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 1e300), false)
    expect(warp(7) - warp(1)).toBeGreaterThan(0.05)
  })

  it('is 0 where all results are the same', () => {
    expect(fitOutputWarp(Float64Array.of(3, 3, 3), true)(3)).toBe(0)
    expect(fitOutputWarp(new Float64Array(0), true)(3)).toBe(0)
  })
})

describe('the warp of inputs', () => {
  it('is the distribution function of Kumaraswamy, with its slope', () => {
    // 1 − (1 − u^a)^b
    expect(bend({ a: 2, b: 3 }, 0.4)).toBeCloseTo(0.407296, 9)
    const h = 1e-6
    const curve = { a: 0.4, b: 2.5 }
    expect(slopeOf(curve, 0.3)).toBeCloseTo((bend(curve, 0.3 + h) - bend(curve, 0.3 - h)) / (2 * h), 5)
    for (const unit of [0, 1]) expect(slopeOf({ a: 0.4, b: 0.4 }, unit)).toBeLessThan(Number.POSITIVE_INFINITY)
  })

  it('finds where the metric varies fast, and leaves inactive coordinates so', () => {
    const dimensions = [{ type: 'numeric' }] as const
    const rows = Float64Array.from({ length: 40 }, (_, i) => (i + 0.5) / 40)
    const y = rows.map(unit => Math.sin(12 * unit ** 0.3))
    const { hyperparameters } = GaussianProcess.fit(rows, y, { dimensions })
    const [curve] = fitInputWarp(rows, y, dimensions, hyperparameters)
    expect(curve?.a).toBe(0.4)
    expect([...bendRows(Float64Array.of(Number.NaN, 0, 1), curve && [curve])]).toEqual([Number.NaN, 0, 1])
  })
})

describe('the milestones of a history', () => {
  it('are each of the first observations, then a twelfth more', () => {
    const seen = Array.from({ length: 50 }, (_, n) => milestoneOf(n, 500))
    expect(seen.slice(0, 25)).toEqual(Array.from({ length: 25 }, (_, n) => n))
    expect([...new Set(seen.slice(25))]).toEqual([24, 26, 28, 30, 32, 34, 36, 39, 42, 45, 48])
  })

  it('come no rarer once the model stays as large', () => {
    expect(milestoneOf(100_000, 120)).toBeGreaterThan(100_000 - 10)
  })

  it('count failed trials as the worst before', () => {
    expect([...impute(Float64Array.of(1, Number.NaN, 4))]).toEqual([1, 4, 4])
    expect([...impute(Float64Array.of(Number.NaN))]).toEqual([0])
  })
})

describe('a trust region', () => {
  const regionAfter = (values: readonly number[], startup = 0) =>
    values.reduce((state, value, index) => advanceRegion(state, value, index, startup, 4), beginRegion(0))

  it('grows after three successes in a row, up to a limit', () => {
    expect(regionAfter([9, 8]).length).toBe(0.8)
    expect(regionAfter([9, 8, 7])).toMatchObject({ length: 1.6, best: 7 })
    expect(regionAfter([9, 8, 7, 6, 5, 4]).length).toBe(1.6)
    expect(regionAfter([9, 8, 8, 7]).length).toBe(0.8)
  })

  it('shrinks after as many failures as it has patience', () => {
    expect(regionAfter([1, 2, Number.NaN, 2, 2]).length).toBe(0.4)
    expect(regionAfter([1, 2, 2, 2, 0.5, 2]).length).toBe(0.8)
  })

  it('does not count what fills the space', () => {
    expect(regionAfter([1, 2, 2, 2, 2, 2, 2], 5)).toMatchObject({ length: 0.8, failures: 2 })
  })

  it('begins anew when it has shrunk to nothing', () => {
    // 0.8 is below 2^−7 after seven halvings, by the 29th observation
    expect(regionAfter(Array.from({ length: 29 }, (_, i) => (i === 0 ? 1 : 2)))).toEqual(beginRegion(29))
  })

  it('is longer where length scales are, of the same volume, and stays in the unit cube', () => {
    expect([...weighSides([1, 4])]).toEqual([expect.closeTo(0.5, 12), expect.closeTo(2, 12)])
    expect(sideOf(0.5, 0.4, 0.5)).toEqual({ lower: 0.4, upper: 0.6 })
    expect(sideOf(0.1, 0.8, 1)).toEqual({ lower: 0, upper: 0.5 })
  })
})

describe('the layout of a space', () => {
  it('leaves out what has one value and lists what can be listed', () => {
    const { varying, combinations, isListed } = layOut(
      Space.of({ a: choice(['p', 'q']), b: choice(['only']), n: randint(0, 3) }),
    )
    expect(varying.map(({ key }) => key)).toEqual(['a', 'n'])
    expect(isListed).toBe(true)
    expect(combinations).toHaveLength(2 * 6)
  })

  it('relaxes integers of many values, and combines the others with each place of the numbers', () => {
    const layout = layOut(Space.of({ a: choice(['p', 'q']), k: randint(0, 4), x: uniform(0, 1) }))
    expect(layout).toMatchObject({ isListed: false, isCountable: false, smooth: [2], discrete: [0, 1] })
    expect(layout.combinations).toHaveLength(2 * 8)
    expect(layOut(Space.of({ n: randint(0, 900), x: uniform(0, 1) }))).toMatchObject({
      smooth: [0, 1],
      combinations: undefined,
    })
  })
})
