import { describe, expect, it } from 'vitest'
import { normalCdf, normalPdf, normalQuantile } from '../../src/math/normal.js'

/** Compares to about 13 significant digits, whatever the magnitude. */
function expectDigits(actual: number, expected: number): void {
  expect(Math.abs(actual / expected - 1)).toBeLessThan(1e-13)
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
    expectDigits(normalCdf(x), expected)
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
    expectDigits(normalQuantile(p), expected)
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
