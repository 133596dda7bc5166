import { describe, expect, it } from 'vitest'
import { calibrate, type Scenario } from '../../../benchmarks/calibration-scenarios.js'

/** The benchmark `calibration` has more of them, and says how often a difference is found. */
const scenario = (effects: Scenario['effects']): Scenario => ({ name: 'short', effects, problems: ['p'], repeats: 8 })

describe('comparisons that are run from end to end', () => {
  it('claim nothing of strategies that are alike', async () => {
    const { comparisons, wrong, wrongShare, found } = await calibrate(scenario({ a: 0, b: 0 }), 12, 1)
    expect(comparisons).toBe(12)
    // 0.6 are allowed on average
    expect(wrong).toBeLessThanOrEqual(2)
    expect(wrongShare[0]).toBeLessThan(0.05)
    expect(found).toBeUndefined()
  })

  it('find a true difference that is large, and never the other way round', async () => {
    // a t-test of 8 pairs finds a difference of 2 deviations in 99.7 % of comparisons
    const { wrong, found } = await calibrate(scenario({ better: 0, worse: 2 }), 8, 1)
    expect(wrong).toBe(0)
    expect(found).toBeGreaterThanOrEqual(7)
  })
})
