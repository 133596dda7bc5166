import { describe, expect, it } from 'vitest'
import {
  erfcx,
  logNormalCdf,
  logNormalPdf,
  normalCdf,
  normalFromCentre,
  normalPdf,
  normalTail,
  scaledNormalTail,
} from '../../src/math/normal.js'

/** Compares to about 15 significant digits, whatever the magnitude. */
function expectDigits(actual: number, expected: number): void {
  expect(Math.abs(actual - expected) / Math.abs(expected)).toBeLessThan(2e-15)
}

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
