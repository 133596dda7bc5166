import { sampleCorrelation } from 'simple-statistics'
import { normalQuantile } from '../../src/math/normal.js'
import type { Interval } from './bootstrap.js'
import { checkSample, checkThat } from './check.js'
import { averageRanks } from './ranks.js'
import { fTail } from './tails.js'

/** A correlation coefficient with what is known of it. */
export interface CorrelationResult extends Interval {
  /** In [−1, 1]. */
  readonly value: number
  /** Of the test whether there is none, two-sided, by Student's t with n − 2 degrees of freedom. */
  readonly pValue: number
  /** How many pairs of values it is of. */
  readonly count: number
}

/**
 * Pearson's correlation of two samples, with the interval of Fisher's transformation.
 *
 * @param level - of the interval, in (0, 1). @defaultValue 0.95
 * @returns undefined for fewer than 4 pairs, and where one of the two never differs
 * @throws `TuneError` `INVALID_OPTION` for samples of different lengths, or a NaN
 * @see SciPy's `stats.pearsonr`
 */
export function pearsonCorrelation(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  level = 0.95,
): CorrelationResult | undefined {
  return correlate(first, second, level, () => 1)
}

/**
 * Spearman's rank correlation of two samples, ties sharing their ranks, with the interval of Fisher's transformation and Bonett and Wright's error.
 *
 * @param level - of the interval, in (0, 1). @defaultValue 0.95
 * @returns undefined for fewer than 4 pairs, and where one of the two never differs
 * @throws `TuneError` `INVALID_OPTION` for samples of different lengths, or a NaN
 * @see SciPy's `stats.spearmanr`; Bonett and Wright, Sample Size Requirements for Estimating Pearson, Kendall and Spearman Correlations (2000)
 */
export function spearmanCorrelation(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  level = 0.95,
): CorrelationResult | undefined {
  return correlate(averageRanks(first), averageRanks(second), level, value => 1 + value ** 2 / 2)
}

/** @param inflation - by what the variance 1 / (n − 3) of Fisher's z is multiplied */
function correlate(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  level: number,
  inflation: (value: number) => number,
): CorrelationResult | undefined {
  checkSample('the first sample', first, 0)
  checkSample('the second sample', second, 0)
  checkThat(second.length === first.length, 'the length of the second sample', second.length, `${first.length} values`)
  checkThat(level > 0 && level < 1, 'level', level, 'a number between 0 and 1')
  const count = first.length
  const [x, y] = [Array.from(first), Array.from(second)]
  if (count < 4 || new Set(x).size < 2 || new Set(y).size < 2) return undefined
  const value = Math.min(1, Math.max(-1, sampleCorrelation(x, y)))
  if (Number.isNaN(value)) return undefined
  const squared = value ** 2
  const pValue = squared >= 1 ? 0 : fTail(((count - 2) * squared) / (1 - squared), 1, count - 2)
  const reach = normalQuantile((1 + level) / 2) * Math.sqrt(inflation(value) / (count - 3))
  const [lower, upper] = [Math.tanh(Math.atanh(value) - reach), Math.tanh(Math.atanh(value) + reach)]
  return { value, lower, upper, pValue, count }
}
