import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countReached, justAfter, rungLevels } from '../../../schedulers/kit/rungs.js'

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
