import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { logNormalCdf, normalQuantile } from '../../src/math/normal.js'
import {
  truncatedNormalLogMass,
  truncatedNormalLogPdf,
  truncatedNormalQuantile,
} from '../../src/math/truncated-normal.js'

const { POSITIVE_INFINITY: infinity, NEGATIVE_INFINITY: minusInfinity } = Number

/** Compares to about 14 significant digits, whatever the magnitude. */
function expectDigits(actual: number, expected: number): void {
  expect(Math.abs(actual - expected) / Math.abs(expected)).toBeLessThan(1e-14)
}

/** Intervals as far out as 1000 and as short as 1e-6. */
const interval = fc
  .tuple(fc.double({ min: -1000, max: 1000, noNaN: true }), fc.double({ min: -6, max: 3, noNaN: true }))
  .map(([a, exponent]): [number, number] => [a, a + 10 ** exponent])

const share = fc.double({ min: 0, max: 1, noNaN: true })

describe('the mass of a truncated normal distribution', () => {
  // from mpmath at 80 digits
  it.each([
    [38, 40, -726.5572160188201],
    [-40, -38, -726.5572160188201],
    [-5, 1000, -2.866516129637636e-7],
    [-1000, -30, -454.3212439563432],
    [0, 1e-9, -21.642204370151084],
    [5, 5.0000001, -29.53703443135867],
    [-0.001, 0.002, -6.72808202351855],
    [1, infinity, -1.8410216450092636],
    [minusInfinity, -1, -1.8410216450092636],
    [-0.5, 0.5, -0.9599163336956223],
    [-8, 9, -6.22208916267774e-16],
    [1000, 1000.5, -500007.82669481216],
    [100000, infinity, -5000000012.431864],
    [-0.6, -0.2, -1.9208174119637071],
    [-3, 1, -0.1743595204529759],
  ])('from %d to %d has the logarithm %d', (a, b, expected) => {
    expectDigits(truncatedNormalLogMass(a, b), expected)
  })

  it('is nothing in an empty interval, and all in an infinite one', () => {
    expect(truncatedNormalLogMass(2, 2)).toBe(minusInfinity)
    expect(truncatedNormalLogMass(2, 1)).toBe(minusInfinity)
    expect(truncatedNormalLogMass(minusInfinity, infinity)).toBeCloseTo(0)
    for (const x of [-50, -1, 0, 2]) expectDigits(truncatedNormalLogMass(minusInfinity, x), logNormalCdf(x))
  })

  it('is the sum of the masses of its parts, and the same mirrored', () => {
    fc.assert(
      fc.property(interval, fc.double({ min: 0.01, max: 0.99, noNaN: true }), ([a, b], part) => {
        const middle = a + part * (b - a)
        const whole = truncatedNormalLogMass(a, b)
        const parts = [truncatedNormalLogMass(a, middle), truncatedNormalLogMass(middle, b)]
        expect(parts.reduce((sum, log) => sum + Math.exp(log - whole), 0)).toBeCloseTo(1, 9)
        expect(truncatedNormalLogMass(-b, -a)).toBe(whole)
      }),
      { seed: 1, numRuns: 500 },
    )
  })
})

describe('the quantile of a truncated normal distribution', () => {
  // from mpmath at 80 digits; SciPy 1.17 has the same, to ten digits in the tails
  it.each([
    [0.5, 38, 40, 38.018223745586276],
    [0.001, 38, 40, 38.00002631075145],
    [0.999, -40, -38, -38.00002631075145],
    [0.3, -5, 1000, -0.5243999356003838],
    [1e-12, -5, 1000, -4.999999327379494],
    [1e-300, -1000, 0, -37.06578788077213],
    [0.25, -1, 2, -0.3496414292924655],
    [0.9, 1, 1.0000001, 1.0000000899999997],
    [0.5, 500, infinity, 500.0013862868942],
    [0.25, 1e5, 1e9, 100000.00000287683],
    [1e-10, -3, 3, -2.9999999774969703],
    [0.5, 30, 31, 30.02307046782731],
    [0.5, minusInfinity, -20, -20.03454167651402],
  ])('of %d from %d to %d is %d', (u, a, b, expected) => {
    expect(Math.abs(truncatedNormalQuantile(u, a, b) / expected - 1)).toBeLessThan(1e-15)
  })

  it('stays in the interval, rises with the share, and leaves that share below', () => {
    fc.assert(
      fc.property(interval, share, share, ([a, b], u, v) => {
        const x = truncatedNormalQuantile(u, a, b)
        const y = truncatedNormalQuantile(v, a, b)
        expect(x >= a && x <= b).toBe(true)
        if (u < v) expect(x).toBeLessThanOrEqual(y + 1e-14 * Math.abs(y))
        // as much of the mass as the rounding of x itself moves
        const tolerance = 1e-9 + 1e-15 * Math.max(1, x * x) * (1 + 1 / (b - a))
        const below = Math.exp(truncatedNormalLogMass(a, x) - truncatedNormalLogMass(a, b))
        expect(Math.abs(below - u)).toBeLessThan(tolerance)
      }),
      { seed: 2, numRuns: 500 },
    )
  })

  it('is that of the whole distribution without ends', () => {
    for (const u of [1e-300, 1e-20, 0.3, 0.75]) {
      expectDigits(truncatedNormalQuantile(u, minusInfinity, infinity), normalQuantile(u))
    }
    expect([0, 1].map(u => truncatedNormalQuantile(u, minusInfinity, infinity))).toEqual([minusInfinity, infinity])
  })

  it('reaches the ends, wherever they are', () => {
    for (const [a, b] of [
      [-1, 2],
      [38, 40],
      [-1e9, -1e8],
      [-1000, 5],
    ] satisfies [number, number][]) {
      expect(truncatedNormalQuantile(0, a, b)).toBeCloseTo(a, 13)
      expect(truncatedNormalQuantile(1, a, b)).toBeCloseTo(b, 13)
    }
    expect(truncatedNormalQuantile(0.3, 4, 4)).toBe(4)
  })

  it('is NaN where there is none', () => {
    expect([
      truncatedNormalQuantile(-0.1, 0, 1),
      truncatedNormalQuantile(1.1, 0, 1),
      truncatedNormalQuantile(Number.NaN, 0, 1),
      truncatedNormalQuantile(0.5, 1, 0),
    ]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN])
  })
})

describe('the density of a truncated normal distribution', () => {
  // from mpmath at 80 digits; SciPy 1.17 agrees to about 8 digits or more
  it.each([
    [39, 0, 1, 38, 40, -34.861722514384546],
    [0.3, 0.5, 0.2, 0, 1, 0.20299647429333248],
    [0.05, 3, 0.1, 0, 1, -229.82419806911332],
    [0.75, 1000, 0.1, 0, 1, -24966.61307502534],
    [-4, 0, 1, -5, 1000, -8.91893824655306],
    [0.25, 0.25, 1e-6, 0, 1, 12.896572024759601],
    [2, 0, 0.5, minusInfinity, infinity, -8.225791352644727],
    [7, -1, 2, 6, infinity, -1.246020405420525],
  ])('at %d (mean %d, scale %d, from %d to %d) has the logarithm %d', (x, mean, scale, lower, upper, expected) => {
    expectDigits(truncatedNormalLogPdf(x, mean, scale, lower, upper), expected)
  })

  it('is nearly uniform where the scale is large', () => {
    // from mpmath at 80 digits
    expect(truncatedNormalLogPdf(0.3, 0.5, 100, 0, 1)).toBeCloseTo(2.1666597222277334e-6, 14)
  })

  it('is 0 outside', () => {
    expect([-0.1, 1.1].map(x => truncatedNormalLogPdf(x, 0.5, 0.2, 0, 1))).toEqual([minusInfinity, minusInfinity])
  })

  it('has the mass 1', () => {
    const count = 4000
    for (const [mean, scale] of [
      [0.5, 0.1],
      [-2, 0.3],
      [40, 0.9],
    ] satisfies [number, number][]) {
      let mass = 0
      for (let i = 0; i < count; i++)
        mass += Math.exp(truncatedNormalLogPdf((i + 0.5) / count, mean, scale, 0, 1)) / count
      expect(mass).toBeCloseTo(1, 4)
    }
  })
})
