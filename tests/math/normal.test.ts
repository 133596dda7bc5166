import { describe, expect, it } from 'vitest'
import {
  erfcx,
  logNormalCdf,
  logNormalPdf,
  normalCdf,
  normalFromCentre,
  normalPdf,
  normalQuantile,
  normalTail,
  scaledNormalTail,
} from '../../src/math/normal.js'

/** Compares to about 15 significant digits, or as many as told, whatever the magnitude. */
function expectDigits(actual: number, expected: number, tolerance = 2e-15): void {
  expect(Math.abs(actual - expected) / Math.abs(expected)).toBeLessThan(tolerance)
}

describe('the standard normal distribution', () => {
  // from mpmath at 40 digits
  it.each([
    [-37, 5.725571222524577e-300],
    [-20, 2.7536241186062337e-89],
    [-10, 7.619853024160525e-24],
    [-6, 9.86587645037698e-10],
    [-5.6, 1.071759025831093e-8],
    [-3, 0.0013498980316300946],
    [-1, 0.15865525393145705],
    [-0.7, 0.24196365222307303],
    [-0.5, 0.3085375387259869],
    [0.3, 0.6179114221889527],
    [1, 0.8413447460685429],
    [2.5, 0.9937903346742238],
  ])('has Φ(%d) = %d', (x, expected) => {
    expectDigits(normalCdf(x), expected, 1e-13)
  })

  // from mpmath at 40 digits
  it.each([
    [1e-300, -37.0470962993612],
    [1e-20, -9.262340089798407],
    [1e-10, -6.361340902404057],
    [1e-5, -4.264890793922825],
    [0.01, -2.326347874040841],
    [0.025, -1.9599639845400543],
    [0.074, -1.4466320671589785],
    [0.3, -0.5244005127080408],
    [0.7, 0.5244005127080407],
    [0.975, 1.9599639845400538],
  ])('has the quantile of %d at %d', (p, expected) => {
    expectDigits(normalQuantile(p), expected, 1e-13)
  })

  it('is symmetric', () => {
    for (const x of [0.1, 0.7, 1, 3, 5.6, 5.7]) {
      expect(normalCdf(x) + normalCdf(-x)).toBe(1)
      expect(normalQuantile(normalCdf(-x))).toBeCloseTo(-x, 13)
    }
    for (const p of [0.01, 0.075, 0.25]) expect(normalQuantile(1 - p)).toBeCloseTo(-normalQuantile(p), 14)
  })

  it('is continuous where its approximations meet', () => {
    for (const x of [0.67448975, Math.sqrt(32)]) {
      const [below, above] = [normalCdf(-x * (1 + 1e-15)), normalCdf(-x * (1 - 1e-15))]
      expect(Math.abs(above / below - 1)).toBeLessThan(1e-12)
    }
    for (const p of [0.075, Math.exp(-25)]) {
      expect(normalQuantile(p * (1 + 1e-15))).toBeCloseTo(normalQuantile(p * (1 - 1e-15)), 12)
    }
  })

  it('has infinite ends, and nothing outside them', () => {
    expect([0, 1, -0.1, 1.1, Number.NaN].map(normalQuantile)).toEqual([
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ])
    expect([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY].map(normalCdf)).toEqual([0, 1])
  })

  it('has its density', () => {
    expectDigits(normalPdf(0), 0.3989422804014327)
    expectDigits(normalPdf(-2), 0.05399096651318806)
  })
})

describe('the logarithm of the normal distribution function', () => {
  // from mpmath at 60 digits; SciPy 1.17's log_ndtr has the same, to 13 digits in the upper tail
  it.each([
    [-1e10, -5e19],
    [-1e5, -5000000012.431864],
    [-1000, -500007.82669481216],
    [-40, -804.6084420137538],
    [-5.7, -18.933112423224742],
    [-5.6, -18.351379495909335],
    [-1, -1.8410216450092636],
    [-0.67, -1.380595052695189],
    [-1e-9, -0.6931471813578298],
    [0, -Math.LN2],
    [0.5, -0.3689464152886564],
    [0.68, -0.2853544241329591],
    [3, -0.0013508099647481938],
    [8, -6.220960574271786e-16],
    [20, -2.7536241186062337e-89],
    [36, -4.182624065797283e-284],
  ])('is log Φ(%d) = %d', (x, expected) => {
    expectDigits(logNormalCdf(x), expected)
  })

  it('never falls', () => {
    let before = Number.NEGATIVE_INFINITY
    for (let x = -45; x < 10; x += 0.037) {
      const value = logNormalCdf(x)
      expect(value).toBeGreaterThanOrEqual(before)
      before = value
    }
  })

  it('agrees with the distribution function where that does not underflow', () => {
    for (let x = -30; x < 30; x += 0.173) expect(Math.exp(logNormalCdf(x)) / normalCdf(x)).toBeCloseTo(1, 12)
  })

  it('has its limits at infinity, and passes NaN on', () => {
    expect([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN].map(logNormalCdf)).toEqual([
      Number.NEGATIVE_INFINITY,
      expect.closeTo(0),
      Number.NaN,
    ])
  })
})

describe('the logarithm of the normal density', () => {
  it('is that of the density, and goes on where the density underflows', () => {
    for (const x of [-3, 0, 0.5, 5]) expect(logNormalPdf(x)).toBeCloseTo(Math.log(normalPdf(x)), 13)
    expectDigits(logNormalPdf(-100), -5000.918938533205)
  })
})

describe('the scaled complementary error function', () => {
  // from mpmath at 60 digits
  it.each([
    [-26, 7.657724931490568e293],
    [-5, 144009798674.66104],
    [-1, 5.008980080762283],
    [-1e-9, 1.0000000011283792],
    [0, 1],
    [0.3, 0.7345993345676551],
    [0.5, 0.6156903441929259],
    [1, 0.427583576155807],
    [4, 0.13699945762506138],
    [4.1, 0.13383411641865198],
    [25, 0.02254957243264136],
    [1000, 0.0005641893014533876],
    [1e10, 5.641895835477563e-11],
    [1e300, 5.641895835477563e-301],
  ])('is exp(x²) · erfc(x) at %d', (x, expected) => {
    expectDigits(erfcx(x), expected)
  })

  it('overflows where its value is beyond all doubles', () => {
    expect([-27, -1e200].map(erfcx)).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY])
    expect([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY].map(erfcx)).toEqual([Number.POSITIVE_INFINITY, 0])
  })
})

describe('the parts of the normal distribution', () => {
  it('sum to a half on either side', () => {
    for (const x of [0, 1e-5, 0.4, 0.67448975, 0.7, 3, 9]) expect(normalFromCentre(x) + normalTail(x)).toBe(0.5)
  })

  it('keep their digits near the middle', () => {
    // φ(0) · x: the next term of the series is x² / 6 of it
    expectDigits(normalFromCentre(1e-12), 3.989422804014327e-13)
  })

  it('have a scaled tail that does not underflow', () => {
    for (const x of [0, 0.5, 0.7, 5, 6, 30]) {
      expect((scaledNormalTail(x) * Math.exp(-0.5 * x * x)) / normalTail(x)).toBeCloseTo(1, 12)
    }
    expectDigits(scaledNormalTail(1e8), 3.989422804014327e-9)
    expect([39, Number.POSITIVE_INFINITY].map(normalTail)).toEqual([0, 0])
  })
})
