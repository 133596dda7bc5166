import { describe, expect, it } from 'vitest'
import { duplicates } from '../../../analysis/index.js'
import { choice, gridSearch, uniform } from '../../../src/index.js'
import { noiseOf, runStudy } from './studies.js'

describe('duplicates', () => {
  it('measure the noise of results of the same config', async () => {
    const noise = noiseOf('duplicates', 0.5)
    const grid = await runStudy(
      ({ a }: { a: number }) => ({ loss: a + noise() }),
      { a: gridSearch([1, 2, 3, 4]) },
      { numSamples: 25 },
    )
    const { groups, repeated, trials, noise: floor } = duplicates(grid)
    expect(groups.map(each => each.trials.length)).toEqual([25, 25, 25, 25])
    expect([repeated, trials]).toEqual([96, 100])
    expect(floor?.freedom).toBe(96)
    expect(floor?.lower).toBeLessThan(0.5)
    expect(floor?.upper).toBeGreaterThan(0.5)
    expect(floor?.leastDifference).toBeCloseTo(2.772 * (floor?.deviation ?? 0), 3)
  })

  it('hold the true deviation in their interval about as often as they say', async () => {
    let held = 0
    for (let seed = 0; seed < 60; seed++) {
      const noise = noiseOf(`noise ${seed}`, 2)
      const grid = await runStudy(() => ({ loss: noise() }), { a: choice(['x', 'y']) }, { numSamples: 12, seed })
      const floor = duplicates(grid).noise
      if (floor && floor.lower <= 2 && floor.upper >= 2) held += 1
    }
    // 57 are meant
    expect(held).toBeGreaterThanOrEqual(53)
  })

  it('are nearly the same where a tolerance says so', async () => {
    const grid = await runStudy(({ a }: { a: number }) => ({ loss: a }), { a: uniform(0, 1) }, { numSamples: 50 })
    expect(duplicates(grid).groups).toEqual([])
    const near = duplicates(grid, { tolerance: 0.05 })
    expect(near.repeated).toBeGreaterThan(25)
    // no two of a group are further apart than twice the tolerance
    for (const { values } of near.groups) expect(Math.max(...values) - Math.min(...values)).toBeLessThanOrEqual(0.1)
    expect(() => duplicates(grid, { tolerance: 1 })).toThrow('duplicates: tolerance is 1: give a share of the range')
  })

  it('do not take a trial that was stopped early for a repeat of one that was not', async () => {
    function* curve({ a }: { a: string }) {
      for (let step = 1; step <= 4; step++) yield { loss: (a === 'x' ? 1 : 2) / step }
    }
    const { noise } = duplicates(await runStudy(curve, { a: choice(['x', 'y']) }, { numSamples: 10 }))
    expect(noise).toMatchObject({ deviation: 0, freedom: 8 })
  })
})
