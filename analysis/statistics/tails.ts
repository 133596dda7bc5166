import { gammaln } from 'simple-statistics'

/** Where series and continued fractions end: their next term no longer changes a double by more than its last digits. */
const precision = 1e-15
/** More terms than any argument needs that is not absurd. */
const mostTerms = 10_000
/** Stands for zero in denominators of continued fractions. */
const tiny = 1e-300

/**
 * The upper tail of the χ² distribution, to about 12 significant digits.
 *
 * @param x - at least 0
 * @param freedom - degrees of freedom, above 0
 * @see SciPy's `stats.chi2.sf`
 */
export function chiSquaredTail(x: number, freedom: number): number {
  if (x <= 0) return 1
  if (x === Number.POSITIVE_INFINITY) return 0
  const shape = freedom / 2
  const half = x / 2
  const factor = Math.exp(shape * Math.log(half) - half - gammaln(shape))
  return half < shape + 1 ? 1 - factor * lowerGammaSeries(shape, half) : factor * upperGammaFraction(shape, half)
}

/**
 * The upper tail of Snedecor's F distribution, to about 12 significant digits.
 *
 * @param x - at least 0
 * @param above - degrees of freedom of the numerator, above 0
 * @param below - those of the denominator, above 0
 * @see SciPy's `stats.f.sf`
 */
export function fTail(x: number, above: number, below: number): number {
  if (x <= 0) return 1
  if (x === Number.POSITIVE_INFINITY) return 0
  return betaShare(below / (below + above * x), below / 2, above / 2)
}

/** γ(a, x) · e^x / x^a, as a series; for x < a + 1. */
function lowerGammaSeries(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let i = 1; i < mostTerms && term > sum * precision; i++) {
    term *= x / (a + i)
    sum += term
  }
  return sum
}

/** Γ(a, x) · e^x / x^a, as a continued fraction by Lentz's method; for x ≥ a + 1. */
function upperGammaFraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = 1 / tiny
  let d = 1 / b
  let fraction = d
  for (let i = 1; i < mostTerms; i++) {
    const numerator = -i * (i - a)
    b += 2
    d = 1 / awayFromZero(numerator * d + b)
    c = awayFromZero(b + numerator / c)
    fraction *= d * c
    if (Math.abs(d * c - 1) < precision) break
  }
  return fraction
}

/** The regularized incomplete beta function I_x(a, b). @see SciPy's `special.betainc` */
export function betaShare(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const factor = Math.exp(gammaln(a + b) - gammaln(a) - gammaln(b) + a * Math.log(x) + b * Math.log1p(-x))
  // the fraction converges fast on one side of the mean; the other is its mirror image
  return x < (a + 1) / (a + b + 2) ? (factor * betaFraction(x, a, b)) / a : 1 - (factor * betaFraction(1 - x, b, a)) / b
}

function betaFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  for (let i = 1; i < mostTerms; i++) {
    const even = (i * (b - i) * x) / ((a + 2 * i - 1) * (a + 2 * i))
    d = 1 / awayFromZero(1 + even * d)
    c = awayFromZero(1 + even / c)
    fraction *= d * c
    const odd = (-(a + i) * (a + b + i) * x) / ((a + 2 * i) * (a + 2 * i + 1))
    d = 1 / awayFromZero(1 + odd * d)
    c = awayFromZero(1 + odd / c)
    fraction *= d * c
    if (Math.abs(d * c - 1) < precision) break
  }
  return fraction
}

function awayFromZero(value: number): number {
  return Math.abs(value) < tiny ? tiny : value
}
