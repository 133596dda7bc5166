import type { Domain } from './domain.js'
import { LatticeDomain } from './lattice.js'

/**
 * Integers from `lower`, included, to `upper`, **excluded**, all equally likely.
 *
 * @param lower - an integer
 * @param upper - an integer greater than `lower`
 * @see Ray Tune's `tune.randint`
 */
export function randint(lower: number, upper: number): Domain<number> {
  return new LatticeDomain('randint', lower, upper)
}

/**
 * The multiples of `q` from `lower` to `upper`, **both included, also where `q` is 1**, all equally likely.
 *
 * @param lower - an integer multiple of `q`
 * @param upper - an integer multiple of `q`, greater than `lower`
 * @param q - the step between values, an integer of at least 1
 * @defaultValue `q` is 1
 * @see Ray Tune's `tune.qrandint`, which before ray-project/ray#65864 is uneven and may never give `upper`
 */
export function qrandint(lower: number, upper: number, q = 1): Domain<number> {
  return new LatticeDomain('qrandint', lower, upper, q)
}

/**
 * Integers from `lower`, included, to `upper`, **excluded**, uniform in the logarithm: a log-uniform number of [lower, upper) rounded
 * down, so that k is drawn in proportion to ln((k + 1) / k). For layer widths, batch sizes and other sizes.
 *
 * @param lower - an integer of at least 1
 * @param upper - an integer greater than `lower`
 * @see Ray Tune's `tune.lograndint`
 */
export function lograndint(lower: number, upper: number): Domain<number> {
  return new LatticeDomain('lograndint', lower, upper)
}

/**
 * The multiples of `q` from `lower` to `upper`, **both included, also where `q` is 1**, uniform in the logarithm: `q` times
 * `lograndint(lower / q, upper / q + 1)`.
 *
 * @param lower - an integer multiple of `q`, at least 1
 * @param upper - an integer multiple of `q`, greater than `lower`
 * @param q - the step between values, an integer of at least 1
 * @defaultValue `q` is 1
 * @see Ray Tune's `tune.qlograndint`, which before ray-project/ray#65864 is uneven and may never give `upper`
 */
export function qlograndint(lower: number, upper: number, q = 1): Domain<number> {
  return new LatticeDomain('qlograndint', lower, upper, q)
}
