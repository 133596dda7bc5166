/** Steps of 2^(1/64), so that little is left to the polynomial. */
const steps = 64
const stepsPerUnit = steps / Math.LN2
// ln 2 / 64 in two parts: 24 bits, whose multiples are exact, and the rest with what the double nearest to ln 2 lacks
const stepHigh = Math.fround(Math.LN2 / steps)
const stepLow = Math.LN2 / steps - stepHigh + 2.3190468138462996e-17 / steps
const fractions = Float64Array.from({ length: steps }, (_, i) => 2 ** (i / steps))
const powers = Float64Array.from({ length: 1100 }, (_, i) => 2 ** -i)

/**
 * exp(x) of an x that is not positive, to about 15 significant digits; twice as fast as Math.exp in a loop, of which half the time of
 * a kernel matrix was.
 */
export function expOfNegative(x: number): number {
  if (!(x > -745)) return Number.isNaN(x) ? x : 0
  const step = (x * stepsPerUnit - 0.5) | 0
  const rest = x - step * stepHigh - step * stepLow
  const polynomial = 1 + rest * (1 + rest * (1 / 2 + rest * (1 / 6 + rest * (1 / 24 + rest * (1 / 120)))))
  return (fractions[step & 63] ?? 0) * (powers[-(step >> 6)] ?? 0) * polynomial
}
