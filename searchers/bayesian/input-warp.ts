import { GaussianProcess, type GpDimension, type Hyperparameters } from '../../src/gp/gaussian-process.js'

/** A rising map of the unit interval to itself: u ↦ 1 − (1 − u^a)^b, the distribution function of Kumaraswamy. */
export interface Curve {
  readonly a: number
  readonly b: number
}

const straight: Curve = { a: 1, b: 1 }

/** The curves that are tried: bent one way or the other, steep at both ends or in the middle. */
const curves: readonly Curve[] = [0.4, 1, 2.5].flatMap(a => [0.4, 1, 2.5].map(b => ({ a, b })))

/** The precision of the normal prior of log a and log b. @see Snoek et al. (2014), section 3.2 */
const precision = 2

/** How near the ends of the interval slopes are those at the ends. */
const edge = 1e-6

/** @param unit - in [0, 1] */
export function bend({ a, b }: Curve, unit: number): number {
  return a === 1 && b === 1 ? unit : 1 - (1 - unit ** a) ** b
}

/** The derivative of {@link bend}, finite at the ends too. */
export function slopeOf({ a, b }: Curve, unit: number): number {
  const u = Math.min(1 - edge, Math.max(edge, unit))
  return a * b * u ** (a - 1) * (1 - u ** a) ** (b - 1)
}

/** Bends the numbers of rows, row-major [n × d], into new rows; NaN stays NaN. */
export function bendRows(rows: Float64Array, warp: readonly Curve[] | undefined): Float64Array {
  return warp === undefined ? rows : rows.map((value, i) => bend(warp[i % warp.length] ?? straight, value))
}

/**
 * Chooses a curve for each numeric dimension, one after the other: that of the greatest posterior density at given hyperparameters. Categories
 * stay straight. O(9 n³ d).
 *
 * @param rows - row-major [n × d]
 * @see Snoek et al., Input Warping for Bayesian Optimization of Non-Stationary Functions, ICML 2014
 */
export function fitInputWarp(
  rows: Float64Array,
  y: Float64Array,
  dimensions: readonly GpDimension[],
  hyperparameters: Hyperparameters,
): readonly Curve[] {
  const warp = dimensions.map(() => straight)
  const density = (place: number, curve: Curve) => {
    const bent = bendRows(
      rows,
      warp.map((other, j) => (j === place ? curve : other)),
    )
    const gp = GaussianProcess.fit(bent, y, { dimensions, hyperparameters, standardize: false })
    return gp.logMarginalLikelihood - 0.5 * precision * (Math.log(curve.a) ** 2 + Math.log(curve.b) ** 2)
  }
  for (const [place, { type }] of dimensions.entries()) {
    if (type === 'categorical') continue
    let best = straight
    let most = density(place, straight)
    for (const curve of curves) {
      const here = curve.a === 1 && curve.b === 1 ? Number.NEGATIVE_INFINITY : density(place, curve)
      if (here > most) {
        most = here
        best = curve
      }
    }
    warp[place] = best
  }
  return warp
}
