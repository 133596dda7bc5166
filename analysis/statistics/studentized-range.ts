import { bisect } from 'simple-statistics'
import { normalCdf, normalPdf } from '../../src/math/normal.js'

/** The trapezoidal rule is exact to the last digits for so fine a step, since the integrand and all its derivatives vanish at both ends. */
const step = 1 / 16
/** Beyond it the density of the normal distribution is below 1e-18. */
const end = 9

/**
 * The upper tail of the studentized range with infinitely many degrees of freedom: how likely the range of `count` standard normal numbers
 * exceeds `range`. To about 12 decimal places.
 *
 * @param range - at least 0
 * @param count - an integer from 2
 * @see R's `ptukey(range, count, Inf, lower.tail = FALSE)`
 */
export function studentizedRangeTail(range: number, count: number): number {
  if (range <= 0) return 1
  let sum = 0
  // the largest of the numbers is at z, and the others are at most the range below it
  for (let z = -end; z <= end; z += step) sum += normalPdf(z) * (normalCdf(z) - normalCdf(z - range)) ** (count - 1)
  return Math.max(0, 1 - count * step * sum)
}

/**
 * The value that the studentized range with infinitely many degrees of freedom exceeds with probability `tail`; to about 10 decimal places.
 *
 * @param tail - in (0, 1)
 * @param count - an integer from 2
 * @see R's `qtukey(1 - tail, count, Inf)`
 */
export function studentizedRangeQuantile(tail: number, count: number): number {
  return bisect(range => studentizedRangeTail(range, count) - tail, 0, 64, 64, 1e-12)
}
