import { normalCdf, normalFromCentre, normalQuantile, normalTail, scaledNormalTail } from './normal.js'

// Throughout, an interval [a, b] is in standard units, its ends may be infinite, and it is empty unless a < b.

const root2Pi = 2.5066282746310002
const logRoot2Pi = 0.9189385332046728
/** Below this, sums of tails lose digits to underflow. */
const leastTail = 1e-280

/**
 * log(Φ(b) − Φ(a)): the logarithm of the mass of the standard normal distribution between two points, to about 14 significant digits
 * however far out, and however near to one another, they are.
 *
 * @returns −Infinity if a ≥ b
 * @see SciPy's `stats.truncnorm`
 */
export function truncatedNormalLogMass(a: number, b: number): number {
  const nearest = nearestToZero(a, b)
  return logScaledMass(a, b) - 0.5 * nearest * nearest
}

/**
 * The log density at x of a normal distribution truncated to [lower, upper]; −Infinity outside. No digits are lost where the interval lies
 * far from the mean.
 *
 * @param mean - of the distribution before it is truncated
 * @param scale - its standard deviation, greater than 0
 */
export function truncatedNormalLogPdf(x: number, mean: number, scale: number, lower: number, upper: number): number {
  if (x < lower || x > upper) return Number.NEGATIVE_INFINITY
  const a = (lower - mean) / scale
  const b = (upper - mean) / scale
  // differences before quotients, so that little is lost where both are far out
  const nearest = Math.min(upper, Math.max(lower, mean))
  const product = ((x - nearest) / scale) * ((x - mean + (nearest - mean)) / scale)
  return -0.5 * product - logRoot2Pi - Math.log(scale) - logScaledMass(a, b)
}

/**
 * The point of [a, b] below which the share u of the standard normal distribution's mass between them lies, correct to about the last
 * two bits of a double however far out the interval is.
 *
 * @param u - in [0, 1]
 * @returns a point of [a, b]; NaN if a > b, or if u is outside [0, 1]
 */
export function truncatedNormalQuantile(u: number, a: number, b: number): number {
  if (!(u >= 0 && u <= 1 && a <= b)) return Number.NaN
  if (a === b) return a
  const tailA = normalTail(Math.abs(a))
  const tailB = normalTail(Math.abs(b))
  // sums of positive terms, so that neither loses digits where it is small
  const below = (1 - u) * (a > 0 ? 1 - tailA : tailA) + u * (b > 0 ? 1 - tailB : tailB)
  const above = (1 - u) * (a > 0 ? tailA : 1 - tailA) + u * (b > 0 ? tailB : 1 - tailB)
  let x: number
  if (below <= above) x = below > leastTail ? normalQuantile(below) : -quantileInTail(-b, -a, u)
  else x = above > leastTail ? -normalQuantile(above) : quantileInTail(a, b, 1 - u)
  return Math.min(b, Math.max(a, x))
}

/**
 * The point x of [near, far] where Φ(−x) is `weight` · Φ(−near) + (1 − `weight`) · Φ(−far), for sums that may underflow.
 *
 * Newton's method for the logarithm as a function of x²/2, which far out is nearly a straight line, with the tail at the near end
 * divided out.
 */
function quantileInTail(near: number, far: number, weight: number): number {
  const anchor = Math.max(0, near)
  const scaledAnchor = scaledNormalTail(anchor)
  const nearShare = near >= 0 ? weight : 2 * weight * normalCdf(-near)
  const farShare =
    (1 - weight) * (scaledNormalTail(far) / scaledAnchor) * Math.exp(-0.5 * (far - anchor) * (far + anchor))
  const target = Math.log(nearShare + farShare)
  if (target === Number.NEGATIVE_INFINITY) return far
  // half the growth of x² from the anchor on
  let growth = -target
  for (let i = 0; ; i++) {
    const x = Math.sqrt(anchor * anchor + 2 * growth)
    const scaled = scaledNormalTail(x)
    const step = (Math.log(scaled / scaledAnchor) - growth - target) * root2Pi * scaled * x
    growth += step
    const squared = x * x
    // what a further step would add to x, in proportion to it, is about step² / x⁶
    if (step * step < 1e-17 * squared * squared * squared || i === 8) return Math.sqrt(anchor * anchor + 2 * growth)
  }
}

/** The point of [a, b] where the density is greatest. */
function nearestToZero(a: number, b: number): number {
  return a > 0 ? a : b < 0 ? b : 0
}

/** The logarithm of the mass over exp(−x²/2), x the point of [a, b] that is nearest to 0: what stays of it far out. */
function logScaledMass(a: number, b: number): number {
  if (a >= b) return Number.NEGATIVE_INFINITY
  // differences of tails lose digits in short intervals
  if ((b - a) * Math.max(2, Math.abs(a + b)) < 0.2) return logScaledShortMass(a, b)
  if (a > 0) return logScaledTailMass(a, b)
  if (b < 0) return logScaledTailMass(-b, -a)
  const [tailA, tailB] = [normalTail(-a), normalTail(b)]
  // where both tails are large their complements are small, and computed without a difference
  return tailA + tailB < 0.5 ? Math.log1p(-tailA - tailB) : Math.log(normalFromCentre(-a) + normalFromCentre(b))
}

/** {@link logScaledMass} of an interval on one side of 0. */
function logScaledTailMass(near: number, far: number): number {
  const ratio = Math.exp(-0.5 * (far - near) * (far + near))
  return Math.log(scaledNormalTail(near) - ratio * scaledNormalTail(far))
}

/** {@link logScaledMass} of a short interval: the density's Taylor series about its middle, integrated. */
function logScaledShortMass(a: number, b: number): number {
  const half = 0.5 * (b - a)
  const middle = 0.5 * (a + b)
  const nearest = nearestToZero(a, b)
  // the middle's own rounding would count far out
  const beyond = nearest === a ? half : nearest === b ? -half : middle
  const s = middle * middle
  const g = half * half
  // Hermite polynomials of even degree 2k, over (2k + 1)!
  const second = (s - 1) / 6
  const fourth = ((s - 6) * s + 3) / 120
  const sixth = (((s - 15) * s + 45) * s - 15) / 5040
  const series = ((sixth * g + fourth) * g + second) * g
  return Math.log(2 * half * (1 + series)) - logRoot2Pi - 0.5 * beyond * (2 * nearest + beyond)
}
