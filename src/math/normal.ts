// Coefficients as published: Cody (1969) for the distribution function, Wichura (1988) for its inverse; lowest power first, rounded to doubles.
const centreNumerator = [
  18154.98125334356, 1067.6894854603709, 161.02823106855587, 2.2352520354606837, 0.06568233791820745,
]
const centreDenominator = [45507.78933502673, 10260.932208618979, 976.0985517377767, 47.202581904688245, 1]
const middleNumerator = [
  9842.714838383978, 11602.65143764735, 6848.190450536283, 2494.5375852903726, 597.2702763948002, 93.50665613217785,
  8.883149794388377, 0.39894151208813466, 1.0765576773720192e-8,
]
const middleDenominator = [
  19685.429676859992, 38912.00328609327, 34900.95272114598, 18615.571640885097, 6485.558298266761, 1519.3775994075547,
  235.387901782625, 22.266688044328117, 1,
]
const tailNumerator = [
  2.9112874951168793e-5, 0.0014216191932278934, 0.022235277870649807, 0.12740116116024736, 0.215898534057957,
  0.023073441764940174,
]
const tailDenominator = [
  7.297515550839662e-5, 0.0037823963320275824, 0.06598813786892856, 0.4682382124808651, 1.284260096144911, 1,
]
const quantileCentreNumerator = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
  33430.57558358813, 2509.0809287301227,
]
const quantileCentreDenominator = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943,
  5226.495278852854,
]
const quantileMiddleNumerator = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506,
  0.022723844989269184, 0.0007745450142783414,
]
const quantileMiddleDenominator = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
]
const quantileTailNumerator = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
]
const quantileTailDenominator = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5,
  1.421511758316446e-7, 2.0442631033899397e-15,
]

const inverseRoot2Pi = 0.3989422804014327

/** The density of the standard normal distribution. */
export function normalPdf(x: number): number {
  return inverseRoot2Pi * Math.exp(-0.5 * x * x)
}

/**
 * The standard normal distribution function Φ, to about 15 significant digits in both tails (so `normalCdf(-x)` is the upper tail).
 *
 * @see W. J. Cody, Rational Chebyshev approximations for the error function, Math. Comp. 23 (1969) 631–637
 */
export function normalCdf(x: number): number {
  const y = Math.abs(x)
  if (y <= 0.67448975) return 0.5 + x * ratio(centreNumerator, centreDenominator, x * x)
  const tail = y <= Math.sqrt(32) ? lowerTail(y, ratio(middleNumerator, middleDenominator, y)) : farTail(y)
  return x > 0 ? 1 - tail : tail
}

/**
 * The inverse of {@link normalCdf}, to about 16 significant digits: −Infinity at 0, Infinity at 1, NaN outside [0, 1].
 *
 * @see M. J. Wichura, Algorithm AS 241, Applied Statistics 37 (1988) 477–484
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) return q * ratio(quantileCentreNumerator, quantileCentreDenominator, 0.180625 - q * q)
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p))
  if (r === Number.POSITIVE_INFINITY) return q < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const x =
    r <= 5
      ? ratio(quantileMiddleNumerator, quantileMiddleDenominator, r - 1.6)
      : ratio(quantileTailNumerator, quantileTailDenominator, r - 5)
  return q < 0 ? -x : x
}

function farTail(y: number): number {
  // the least double is met before
  if (y > 40) return 0
  const square = 1 / (y * y)
  return lowerTail(y, (inverseRoot2Pi - square * ratio(tailNumerator, tailDenominator, square)) / y)
}

/** `factor` · exp(−y²/2), the exponent split so that the rounding of y² costs no digits. */
function lowerTail(y: number, factor: number): number {
  const rounded = Math.trunc(y * 16) / 16
  return Math.exp(-0.5 * rounded * rounded) * Math.exp(-0.5 * (y - rounded) * (y + rounded)) * factor
}

function ratio(numerator: readonly number[], denominator: readonly number[], x: number): number {
  return polynomial(numerator, x) / polynomial(denominator, x)
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0)
}
