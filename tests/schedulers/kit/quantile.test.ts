import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { interpolate } from '../../../schedulers/kit/quantile.js'

describe('interpolate', () => {
  it('stays between its ends, even where their difference overflows', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, b, t) => {
          const [low, high] = [Math.min(a, b), Math.max(a, b)]
          const between = interpolate(low, high, t)
          expect(between >= low && between <= high).toBe(true)
        },
      ),
    )
  })

  it('is −Infinity where the lower end is', () => {
    expect(interpolate(Number.NEGATIVE_INFINITY, 1, 0.5)).toBe(Number.NEGATIVE_INFINITY)
  })
})
