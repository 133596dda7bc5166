import type { Domain } from './domain.js'
import { LatticeDomain } from './lattice.js'

/**
 * The multiples of `q` from `lower` to `upper`, **both included, all equally likely**.
 *
 * @param lower - a multiple of `q`
 * @param upper - a multiple of `q`, greater than `lower`
 * @param q - the step between values, greater than 0
 * @see Ray Tune's `tune.quniform`, where both ends have half the mass of the others (ray-project/ray#11879)
 */
export function quniform(lower: number, upper: number, q: number): Domain<number> {
  return new LatticeDomain('quniform', lower, upper, q)
}

/**
 * The multiples of `q` from `lower` to `upper`, both included, uniform in the logarithm: a value v is as likely as a log-uniform
 * number on [lower − q/2, upper + q/2) is to lie nearest to it, which is in proportion to ln((v + q/2) / (v − q/2)) ≈ q/v. As with
 * `quniform` the cells of both ends are whole.
 *
 * @param lower - a multiple of `q`, greater than 0
 * @param upper - a multiple of `q`, greater than `lower`
 * @param q - the step between values, greater than 0
 * @see Ray Tune's `tune.qloguniform`, which cuts the cells of both ends in half
 */
export function qloguniform(lower: number, upper: number, q: number): Domain<number> {
  return new LatticeDomain('qloguniform', lower, upper, q)
}
