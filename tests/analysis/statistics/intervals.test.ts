import { mean, median } from 'simple-statistics'
import { describe, expect, it } from 'vitest'
import { bcaInterval, percentileInterval } from '../../../analysis/statistics/bootstrap.js'
import { bootstrapInterval, cliffsDelta, probabilityOfLarger } from '../../../analysis/statistics/index.js'
import { Rng } from '../../../src/rng.js'

const sample = [2.1, 3.4, 1.9, 8.7, 2.2, 3.0, 4.1, 2.8, 15.2, 3.3]
const meanOf = (values: Float64Array) => mean(values as unknown as number[])
const medianOf = (values: Float64Array) => median([...values])

describe('effect sizes', () => {
  it('count how often one sample is larger than the other', () => {
    // SciPy 1.17.1: stats.mannwhitneyu(x, y).statistic / 30
    const [x, y] = [
      [4.2, 3.9, 5.1, 4.8, 4.4, 5.0],
      [3.1, 4.4, 3.8, 4.0, 2.9],
    ]
    expect(probabilityOfLarger(x, y)).toBeCloseTo(0.8833333333333333, 12)
    expect(cliffsDelta(x, y)).toBeCloseTo(0.7666666666666666, 12)
    expect(cliffsDelta(y, x)).toBeCloseTo(-0.7666666666666666, 12)
  })

  it('are one half and zero for samples that are the same, infinities included', () => {
    expect(probabilityOfLarger([1, Infinity], [1, Infinity])).toBe(0.5)
    expect(cliffsDelta([1, Infinity], [1, Infinity])).toBe(0)
  })

  it('refuse samples without values', () => {
    expect(() => cliffsDelta([], [1])).toThrow('the length of the first sample is 0: give at least 1 values')
  })
})

describe('bootstrap intervals', () => {
  it('are SciPy’s for the same replicates', () => {
    const n = sample.length
    const replicates = Float64Array.from({ length: 99 }, (_, i) => {
      const start = Math.floor((i * i) / 3)
      const drawn = sample.map((_, j) => sample[(j * (i + 1) + start) % n] ?? 0)
      return mean(drawn) + 0.05 * ((i * 7) % 11)
    })
    const jackknife = Float64Array.from(sample, (_, left) => mean(sample.filter((_, i) => i !== left)))
    // the formula of SciPy 1.17.1's stats.bootstrap(method='BCa'), with numpy.quantile
    const { lower, upper } = bcaInterval(replicates, mean(sample), jackknife, 0.95)
    expect(lower).toBeCloseTo(2.1938749315836557, 9)
    expect(upper).toBeCloseTo(5.480429825788946, 9)
  })

  it('come near to SciPy’s with replicates of their own', () => {
    const rng = Rng.from(1)
    // SciPy 1.17.1: stats.bootstrap((sample,), numpy.mean, n_resamples=200000, random_state=1)
    const bca = bootstrapInterval(sample, meanOf, { rng, resamples: 20_000 })
    expect(Math.abs(bca.lower - 2.94)).toBeLessThan(0.05)
    expect(Math.abs(bca.upper - 8.74)).toBeLessThan(0.3)
    const percentile = bootstrapInterval(sample, meanOf, { rng, resamples: 20_000, method: 'percentile' })
    expect(Math.abs(percentile.lower - 2.68)).toBeLessThan(0.05)
    expect(Math.abs(percentile.upper - 7.46)).toBeLessThan(0.15)
  })

  it('are the same for the same stream', () => {
    const interval = () => bootstrapInterval(sample, medianOf, { rng: Rng.from(7), method: 'percentile' })
    expect(interval()).toEqual(interval())
  })

  it('hold the true mean about as often as they say', () => {
    const rng = Rng.from('coverage')
    let held = 0
    for (let i = 0; i < 200; i++) {
      const values = Float64Array.from({ length: 30 }, () => rng.normal())
      const { lower, upper } = bootstrapInterval(values, meanOf, { rng, resamples: 200 })
      if (lower <= 0 && upper >= 0) held += 1
    }
    // 190 are meant; a bootstrap of 30 values holds a little less
    expect(held).toBeGreaterThan(176)
    expect(held).toBeLessThan(199)
  })

  it('shrink to the value where there is only one, and keep infinities', () => {
    expect(bootstrapInterval([3], meanOf, { rng: Rng.from(1) })).toEqual({ lower: 3, upper: 3 })
    expect(percentileInterval(Float64Array.of(1, Infinity, Infinity), 0.9).upper).toBe(Infinity)
  })
})
