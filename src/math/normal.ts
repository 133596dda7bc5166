// Coefficients as published: Cody (1969) for the distribution function, Wichura (1988) for its inverse, rounded to doubles. Polynomials
// are summed by Horner's rule, the longer ones in even and odd halves, since a processor works on several sums at a time.

const inverseRoot2Pi = 0.3989422804014327
const logRoot2Pi = 0.9189385332046728
/** Half of the distribution lies within this of 0, where Cody's central approximation holds. */
const centre = 0.67448975
/** Beyond it Cody's last approximation holds. */
const far = Math.sqrt(32)

/** The density φ of the standard normal distribution. */
export function normalPdf(x: number): number {
  return inverseRoot2Pi * Math.exp(-0.5 * x * x)
}

/** The logarithm of {@link normalPdf}. */
export function logNormalPdf(x: number): number {
  return -0.5 * x * x - logRoot2Pi
}

/**
 * The standard normal distribution function Φ, to about 15 significant digits in both tails (so `normalCdf(-x)` is the upper tail).
 *
 * @see W. J. Cody, Rational Chebyshev approximations for the error function, Math. Comp. 23 (1969) 631–637
 */
export function normalCdf(x: number): number {
  return x > 0 ? 1 - normalTail(x) : normalTail(-x)
}

/**
 * log Φ(x), to about 15 significant digits at any x: where Φ underflows (x < −38) and where it rounds to 1 (x > 8) too.
 *
 * @see SciPy's `special.log_ndtr`
 */
export function logNormalCdf(x: number): number {
  if (x > centre) return Math.log1p(-normalTail(x))
  if (x >= -centre) return Math.log(0.5 + fromCentre(x))
  return Math.log(scaledNormalTail(-x)) - 0.5 * x * x
}

/**
 * The tail Φ(−x) of the standard normal distribution for x ≥ 0, to about 15 significant digits; it underflows at 38.5.
 *
 * @param x - at least 0
 */
export function normalTail(x: number): number {
  if (x <= centre) return 0.5 - fromCentre(x)
  // the least double is met before
  if (x > 40) return 0
  return expHalfSquare(x, -1) * beyondCentre(x)
}

/**
 * Φ(−x) · exp(x²/2) for x ≥ 0, to about 15 significant digits: a tail without what makes it underflow. It falls from ½ at 0 like
 * 1 / (√(2π) x), and Mills' ratio is √(2π) times it.
 *
 * @param x - at least 0
 */
export function scaledNormalTail(x: number): number {
  return x <= centre ? (0.5 - fromCentre(x)) * Math.exp(0.5 * x * x) : beyondCentre(x)
}

/**
 * The scaled complementary error function exp(x²) · erfc(x), to about 15 significant digits; Infinity below −26.6.
 *
 * @see SciPy's `special.erfcx`
 */
export function erfcx(x: number): number {
  if (x >= 0) return 2 * scaledNormalTail(x * Math.SQRT2)
  // the largest double is met before
  if (x < -27) return Number.POSITIVE_INFINITY
  return 2 * (expHalfSquare(x, 2) - scaledNormalTail(-x * Math.SQRT2))
}

/**
 * The inverse of {@link normalCdf}, to about 16 significant digits: −Infinity at 0, Infinity at 1, NaN outside [0, 1].
 *
 * @see M. J. Wichura, Algorithm AS 241, Applied Statistics 37 (1988) 477–484
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) return q * quantileCentre(0.180625 - q * q)
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p))
  if (r === Number.POSITIVE_INFINITY) return q < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const x = r <= 5 ? quantileMiddle(r - 1.6) : quantileTail(r - 5)
  return q < 0 ? -x : x
}

/**
 * Φ(x) − ½ for x ≥ 0, to about 15 significant digits near 0 too.
 *
 * @param x - at least 0
 */
export function normalFromCentre(x: number): number {
  return x <= centre ? fromCentre(x) : 0.5 - normalTail(x)
}

/** Φ(x) − ½ for |x| up to {@link centre}. */
function fromCentre(x: number): number {
  const s = x * x
  const above =
    (((0.06568233791820745 * s + 2.2352520354606837) * s + 161.02823106855587) * s + 1067.6894854603709) * s +
    18154.98125334356
  const below = (((s + 47.202581904688245) * s + 976.0985517377767) * s + 10260.932208618979) * s + 45507.78933502673
  return x * (above / below)
}

/** {@link scaledNormalTail} for x above {@link centre}. */
function beyondCentre(x: number): number {
  return x <= far ? beforeFar(x) : beyondFar(x)
}

function beforeFar(x: number): number {
  const s = x * x
  const evenAbove =
    (((1.0765576773720192e-8 * s + 8.883149794388377) * s + 597.2702763948002) * s + 6848.190450536283) * s +
    9842.714838383978
  const oddAbove = ((0.39894151208813466 * s + 93.50665613217785) * s + 2494.5375852903726) * s + 11602.65143764735
  const evenBelow = (((s + 235.387901782625) * s + 6485.558298266761) * s + 34900.95272114598) * s + 19685.429676859992
  const oddBelow = ((22.266688044328117 * s + 1519.3775994075547) * s + 18615.571640885097) * s + 38912.00328609327
  return (evenAbove + oddAbove * x) / (evenBelow + oddBelow * x)
}

function beyondFar(x: number): number {
  const s = 1 / (x * x)
  const above =
    ((((0.023073441764940174 * s + 0.215898534057957) * s + 0.12740116116024736) * s + 0.022235277870649807) * s +
      0.0014216191932278934) *
      s +
    2.9112874951168793e-5
  const below =
    ((((s + 1.284260096144911) * s + 0.4682382124808651) * s + 0.06598813786892856) * s + 0.0037823963320275824) * s +
    7.297515550839662e-5
  return (inverseRoot2Pi - s * (above / below)) / x
}

/** exp(`sign` · x²/2), with what the rounding of x² leaves out made good, so that no digits are lost at large x. */
function expHalfSquare(x: number, sign: number): number {
  // Dekker's product: x = upper + lower, of 26 bits each
  const spread = 134217729 * x
  const upper = spread - (spread - x)
  const lower = x - upper
  const square = x * x
  const remainder = upper * upper - square + 2 * upper * lower + lower * lower
  return Math.exp(0.5 * sign * square) * (1 + 0.5 * sign * remainder)
}

function quantileCentre(x: number): number {
  const s = x * x
  const evenAbove = ((33430.57558358813 * s + 45921.95393154987) * s + 1971.5909503065513) * s + 3.3871328727963665
  const oddAbove = ((2509.0809287301227 * s + 67265.7709270087) * s + 13731.69376550946) * s + 133.14166789178438
  const evenBelow = ((28729.085735721943 * s + 21213.794301586597) * s + 687.1870074920579) * s + 1
  const oddBelow = ((5226.495278852854 * s + 39307.89580009271) * s + 5394.196021424751) * s + 42.31333070160091
  return (evenAbove + oddAbove * x) / (evenBelow + oddBelow * x)
}

function quantileMiddle(x: number): number {
  const s = x * x
  const evenAbove = ((0.022723844989269184 * s + 1.2704582524523684) * s + 5.769497221460691) * s + 1.4234371107496835
  const oddAbove = ((0.0007745450142783414 * s + 0.2417807251774506) * s + 3.6478483247632045) * s + 4.630337846156546
  const evenBelow = ((0.0005475938084995345 * s + 0.14810397642748008) * s + 1.6763848301838038) * s + 1
  const oddBelow = ((1.0507500716444169e-9 * s + 0.015198666563616457) * s + 0.6897673349851) * s + 2.053191626637759
  return (evenAbove + oddAbove * x) / (evenBelow + oddBelow * x)
}

function quantileTail(x: number): number {
  const s = x * x
  const evenAbove =
    ((2.7115555687434876e-5 * s + 0.026532189526576124) * s + 1.7848265399172913) * s + 6.657904643501103
  const oddAbove =
    ((2.0103343992922881e-7 * s + 0.0012426609473880784) * s + 0.29656057182850487) * s + 5.463784911164114
  const evenBelow = ((1.421511758316446e-7 * s + 0.0007868691311456133) * s + 0.1369298809227358) * s + 1
  const oddBelow =
    ((2.0442631033899397e-15 * s + 1.8463183175100548e-5) * s + 0.014875361290850615) * s + 0.599832206555888
  return (evenAbove + oddAbove * x) / (evenBelow + oddBelow * x)
}
