import { quantileSorted } from 'simple-statistics'
import { normalCdf, normalQuantile } from '../../src/math/normal.js'
import type { Rng } from '../../src/rng.js'
import { checkSample, checkThat } from './check.js'

/** A confidence interval. */
export interface Interval {
  /** Its lower end, in the unit of the values. */
  readonly lower: number
  /** Its upper end. */
  readonly upper: number
}

/** How {@link bootstrapInterval} is set. */
export interface BootstrapOptions {
  /** The stream that samples are drawn from. */
  readonly rng: Rng
  /** How likely such intervals hold the true value, in (0, 1). @defaultValue 0.95 */
  readonly level?: number
  /** How many samples are drawn; an integer from 2. @defaultValue 2000 */
  readonly resamples?: number
  /** `bca` corrects for bias and skewness; `percentile` suits statistics that jump, such as medians. @defaultValue `bca` */
  readonly method?: 'bca' | 'percentile'
}

/**
 * A confidence interval of a statistic of a sample, by drawing from that sample.
 *
 * @param values - at least 1; a single one is its own interval
 * @param statistic - of such a sample, which it may reorder
 * @throws `TuneError` `INVALID_OPTION`
 * @see Efron, Better Bootstrap Confidence Intervals (1987); SciPy's `stats.bootstrap`
 */
export function bootstrapInterval(
  values: ArrayLike<number>,
  statistic: (sample: Float64Array) => number,
  { rng, level = 0.95, resamples = 2000, method = 'bca' }: BootstrapOptions,
): Interval {
  checkSample('the sample', values, 1)
  checkThat(level > 0 && level < 1, 'level', level, 'a number between 0 and 1')
  checkThat(Number.isInteger(resamples) && resamples >= 2, 'resamples', resamples, 'an integer from 2')
  const sample = Float64Array.from(values)
  const n = sample.length
  const drawn = new Float64Array(n)
  const replicates = Float64Array.from({ length: resamples }, () => {
    for (let i = 0; i < n; i++) drawn[i] = sample[rng.integer(0, n)] ?? Number.NaN
    return statistic(drawn)
  })
  if (method === 'percentile' || n === 1) return percentileInterval(replicates, level)
  const jackknife = Float64Array.from({ length: n }, (_, left) => statistic(sample.filter((_, i) => i !== left)))
  return bcaInterval(replicates, statistic(sample.slice()), jackknife, level)
}

/** The quantiles of replicates that leave as much out on either side. @param replicates - unordered */
export function percentileInterval(replicates: Float64Array, level: number): Interval {
  return quantilesOf(replicates, (1 - level) / 2, (1 + level) / 2)
}

/**
 * The bias-corrected and accelerated interval.
 *
 * @param replicates - the statistic of each resample, unordered
 * @param estimate - the statistic of the sample itself
 * @param jackknife - the statistic without each of the values
 */
export function bcaInterval(
  replicates: Float64Array,
  estimate: number,
  jackknife: Float64Array,
  level: number,
): Interval {
  let below = 0
  for (const replicate of replicates) below += replicate < estimate ? 1 : replicate === estimate ? 0.5 : 0
  const bias = normalQuantile(below / replicates.length)
  const centre = jackknife.reduce((sum, value) => sum + value, 0) / jackknife.length
  let squares = 0
  let cubes = 0
  for (const value of jackknife) {
    squares += (centre - value) ** 2
    cubes += (centre - value) ** 3
  }
  const acceleration = squares === 0 ? 0 : cubes / (6 * squares ** 1.5)
  const shift = (probability: number) => {
    const z = bias + normalQuantile(probability)
    return normalCdf(bias + z / (1 - acceleration * z))
  }
  const [low, high] = [shift((1 - level) / 2), shift((1 + level) / 2)]
  // a statistic that all replicates lie on one side of has no bias to be corrected
  if (!(low >= 0 && high <= 1)) return percentileInterval(replicates, level)
  return quantilesOf(replicates, low, high)
}

function quantilesOf(replicates: Float64Array, low: number, high: number): Interval {
  const sorted = replicates.slice().sort()
  return { lower: quantileOfSorted(sorted, low), upper: quantileOfSorted(sorted, high) }
}

/** The quantile of ascending values, interpolated linearly, but for infinities, between which nothing lies. */
export function quantileOfSorted(sorted: Float64Array, probability: number): number {
  // it only reads lengths and elements
  const quantile = quantileSorted(sorted as unknown as number[], probability)
  return Number.isNaN(quantile) ? (sorted[Math.round((sorted.length - 1) * probability)] ?? Number.NaN) : quantile
}
