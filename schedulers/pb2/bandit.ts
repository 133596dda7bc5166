import type { GaussianProcess } from '../../src/gp/gaussian-process.js'
import { minimize } from '../../src/math/lbfgs.js'
import type { Rng } from '../../src/rng.js'

/** How many coordinates go before those of the configs: the time, and the score at the start of an interval. */
export const contexts = 2

const draws = 256
const climbs = 3

/** Where the bound is looked for. */
export interface Bandit {
  /** What is known of the gain per unit of time. */
  readonly process: GaussianProcess
  /** The same as if the trials that are under way had told already. */
  readonly fantasy: GaussianProcess
  /** How many standard deviations make up for how much expected gain. */
  readonly kappa: number
}

/**
 * How much a standard deviation is worth beside the mean: β = 0.2 + max(0, ln 0.4n) of n observations.
 *
 * @returns √β
 * @see Ray Tune's `PB2`, `UCB`
 */
export function kappaOf(n: number): number {
  return Math.sqrt(0.2 + Math.max(0, Math.log(0.4 * n)))
}

/**
 * Finds where the upper confidence bound is greatest: the best of random points, climbed by L-BFGS.
 *
 * @param point - [2 + d], its context fixed, NaN where the config has no such number; takes the result
 * @see Parker-Holder et al. 2020, eq. (8): the mean of what is known, the deviation that is left by what is under way
 */
export function maximizeBound({ process, fantasy, kappa }: Bandit, point: Float64Array, rng: Rng): void {
  const size = point.length
  const free = Array.from(point.keys()).filter(j => j >= contexts && !Number.isNaN(point[j] ?? Number.NaN))
  if (free.length === 0) return
  const points = new Float64Array(draws * size)
  for (let i = 0; i < draws; i++) {
    points.set(point, i * size)
    // the first is the donor's own
    if (i > 0) for (const j of free) points[i * size + j] = rng.uniform()
  }
  const { mean } = process.predict(points, draws)
  const { variance } = fantasy.predict(points, draws)
  const bounds = mean.map((value, i) => value + kappa * Math.sqrt(variance[i] ?? 0))
  const order = Array.from(bounds.keys()).sort((a, b) => (bounds[b] ?? 0) - (bounds[a] ?? 0) || a - b)

  const whole = Float64Array.from(point)
  const byMean = new Float64Array(size)
  const byVariance = new Float64Array(size)
  const unused = new Float64Array(size)
  const negative = (x: Float64Array, gradient: Float64Array): number => {
    for (const [k, j] of free.entries()) whole[j] = x[k] ?? 0
    const { mean: value } = process.predictWithGradient(whole, byMean, unused)
    const { variance: left } = fantasy.predictWithGradient(whole, unused, byVariance)
    const deviation = Math.sqrt(Math.max(left, Number.MIN_VALUE))
    // where nothing is left to learn the deviation has no slope
    const slope = left > 0 ? kappa / (2 * deviation) : 0
    for (const [k, j] of free.entries()) gradient[k] = -((byMean[j] ?? 0) + slope * (byVariance[j] ?? 0))
    return -(value + kappa * deviation)
  }
  const lower = new Float64Array(free.length)
  const upper = new Float64Array(free.length).fill(1)
  let best = Number.POSITIVE_INFINITY
  for (const i of order.slice(0, climbs)) {
    const start = Float64Array.from(free, j => points[i * size + j] ?? 0)
    const { x, value } = minimize(negative, start, { lower, upper, maxIterations: 30 })
    if (!(value < best)) continue
    best = value
    for (const [k, j] of free.entries()) point[j] = x[k] ?? 0
  }
}
