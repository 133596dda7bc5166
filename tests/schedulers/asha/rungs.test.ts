import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bracketProbabilities,
  countReached,
  interpolate,
  justAfter,
  pickBracket,
  rungLevels,
} from '../../../schedulers/asha/rungs.js'

describe('rungLevels', () => {
  it('has each whole power up to and with maxT', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 0, max: 10 }), (reductionFactor, power) => {
        const maxT = Array(power)
          .fill(reductionFactor)
          .reduce((product, factor) => product * factor, 1)
        const levels = rungLevels({ gracePeriod: 1, reductionFactor, maxT }, 0)
        expect(levels).toHaveLength(power + 1)
        expect(levels.at(-1)).toBe(maxT)
      }),
    )
  })

  it('reaches maxT with factors that binary numbers round', () => {
    const levels = rungLevels({ gracePeriod: 0.3, reductionFactor: 1.1, maxT: 0.3 * 1.1 ** 3 }, 0)
    expect(levels).toHaveLength(4)
    expect(levels.at(-1)).toBeLessThanOrEqual(0.3 * 1.1 ** 3)
  })

  it('leaves a bracket empty whose lowest rung lies past maxT', () => {
    expect(rungLevels({ gracePeriod: 5, reductionFactor: 4, maxT: 10 }, 1)).toEqual([])
  })
})

describe('brackets', () => {
  it('are drawn in proportion to e^rungs', () => {
    const probabilities = bracketProbabilities([3, 2, 0])
    const [a = 0, b = 0, c = 0] = probabilities
    expect(a + b + c).toBeCloseTo(1, 15)
    expect(a / b).toBeCloseTo(Math.E, 12)
    expect(b / c).toBeCloseTo(Math.E ** 2, 12)
    expect([0, a - 1e-9, a, a + b, 1 - 2 ** -53].map(u => pickBracket(probabilities, u))).toEqual([0, 0, 1, 2, 2])
  })
})

describe('times', () => {
  it('count as reached from the level on', () => {
    const levels = [1, 3, 9]
    const times = [Number.NEGATIVE_INFINITY, 0.5, 1, 2, 3, 9, 10, Number.NaN]
    expect(times.map(time => countReached(levels, time))).toEqual([0, 0, 1, 1, 2, 3, 3, 0])
  })

  it('have a next one', () => {
    for (const time of [0, 1e-9, 1, 3, 1e15, 1e300]) expect(justAfter(time)).toBeGreaterThan(time)
    expect(justAfter(3)).toBeLessThan(3.0001)
  })
})

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
