import { describe, expect, it } from 'vitest'
import { pairwiseSum } from '../../src/math/pairwise-sum.js'
import { standardDeviation } from '../../src/stoppers/deviation.js'

/** A number in [0, 1) that looks random, by whole-number arithmetic alone. */
const value = (index: number) => ((index * 2654435761) % 1000003) / 1000003
const values = (length: number) => Array.from({ length }, (_, index) => value(index))

describe('standardDeviation', () => {
  // numpy 2.4: np.sum and np.std of [((i * 2654435761) % 1000003) / 1000003 for i in range(n)]
  it.each([
    [[1, 0.0, 0.0]],
    [[3, 1.2833931498205504, 0.34929537293818147]],
    [[7, 2.9837520487438534, 0.28533136354199284]],
    [[8, 3.9783360649918054, 0.32644404723933174]],
    [[9, 4.400717797846607, 0.30867346495079034]],
    [[20, 10.281566155301535, 0.3001770279748732]],
    [[128, 66.13984058047825, 0.28862975377223044]],
    [[129, 66.89794830615507, 0.28828725431351937]],
    [[300, 152.72758981723055, 0.2891282013696173]],
  ])('has the bits of numpy (%o)', golden => {
    const [length = 0, sum, deviation] = golden
    expect([pairwiseSum(values(length)), standardDeviation(values(length))]).toEqual([sum, deviation])
  })

  it('is NaN where a value is not finite', () => {
    expect(standardDeviation([1, Number.NaN])).toBeNaN()
    expect(standardDeviation([1, Number.POSITIVE_INFINITY])).toBeNaN()
  })
})
