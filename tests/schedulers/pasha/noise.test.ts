import { describe, expect, it } from 'vitest'
import { type Curve, NoiseEstimate, noiseBetween } from '../../../schedulers/pasha/noise.js'
import { ranksAgree } from '../../../schedulers/pasha/soft-ranking.js'

const curve = (...scores: number[]): Curve => ({ times: scores.map((_, index) => index + 1), scores })
const rung = (...scores: number[]) => new Map(scores.entries())

describe('noiseBetween', () => {
  it('is the last distance of curves that have crossed and crossed back', () => {
    expect(noiseBetween(curve(1, 3, 1, 2), curve(2, 2, 2, 5))).toBe(3)
    expect(noiseBetween(curve(3, 1, 3), curve(2, 2, 2.5))).toBe(0.5)
  })

  it('is unknown of curves that have crossed once or never', () => {
    expect(noiseBetween(curve(1, 3, 4), curve(2, 2, 2))).toBeUndefined()
    expect(noiseBetween(curve(1, 1), curve(2, 2))).toBeUndefined()
    expect(noiseBetween(curve(), curve(2, 2))).toBeUndefined()
  })

  it('looks at the times that both have, and passes over ties and what is not finite', () => {
    const sparse = { times: [1, 3, 5, 9], scores: [1, 3, 1, 9] }
    expect(noiseBetween(sparse, curve(2, 0, 2, 0, 2))).toBe(1)
    expect(noiseBetween(curve(1, 2, 3, 2, 1), curve(2, 2, 2, 2, 1.5))).toBe(0.5)
    const worst = Number.NEGATIVE_INFINITY
    expect(noiseBetween(curve(1, worst, 3, 1), curve(2, 9, 2, 2))).toBe(1)
  })
})

describe('NoiseEstimate', () => {
  it('is the 90th percentile of the distances', () => {
    const noise = new NoiseEstimate()
    expect(noise.epsilon).toBeUndefined()
    noise.add(curve(0, 0, 0))
    noise.add(curve(1, -1, 1))
    expect(noise.epsilon).toBe(1)
    // crosses the first one twice, at a distance of 3, and not the second
    noise.add(curve(4, -4, 3))
    expect(noise.epsilon).toBeCloseTo(2.8, 12)
  })
})

describe('ranksAgree', () => {
  it('compares the order of the trials that are at both rungs', () => {
    expect(ranksAgree(rung(3, 2, 1), rung(9, 8, 7, 99), 0)).toBe(true)
    expect(ranksAgree(rung(3, 2, 1), rung(9, 7, 8), 0)).toBe(false)
    expect(ranksAgree(new Map(), rung(1), 0)).toBe(true)
  })

  it('lets trials change places that differ by epsilon at most at the lower rung', () => {
    expect(ranksAgree(rung(3, 2, 1), rung(9, 7, 8), 1)).toBe(true)
    expect(ranksAgree(rung(3, 2, 1), rung(9, 7, 8), 0.99)).toBe(false)
    expect(ranksAgree(rung(2, 3), rung(5, 5), 0)).toBe(true)
  })

  it('ranks what is not finite last', () => {
    const worst = Number.NEGATIVE_INFINITY
    expect(ranksAgree(rung(1, worst), rung(1, worst), 0)).toBe(true)
    expect(ranksAgree(rung(worst, 1), rung(1, worst), 0)).toBe(false)
  })
})
