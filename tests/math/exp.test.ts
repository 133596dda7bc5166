import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expOfNegative } from '../../src/math/exp.js'

describe('expOfNegative', () => {
  it('agrees with Math.exp to 15 digits', () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 0, noNaN: true }), x => {
        expect(Math.abs(expOfNegative(x) / Math.exp(x) - 1)).toBeLessThan(1e-15)
      }),
      { numRuns: 2000 },
    )
  })

  it('is 1 at 0, falls to 0 through the subnormal numbers, and passes on NaN', () => {
    const ends = [0, -0, -744, -746, -1e9, Number.NEGATIVE_INFINITY, Number.NaN]
    expect(ends.map(expOfNegative)).toEqual([1, 1, 1e-323, 0, 0, 0, Number.NaN])
  })
})
