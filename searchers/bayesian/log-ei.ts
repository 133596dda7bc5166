import { logNormalPdf, normalCdf, normalPdf, scaledNormalTail } from '../../src/math/normal.js'

const sqrtTwoPi = Math.sqrt(2 * Math.PI)

/** log h(z) with h(z) = φ(z) + z·Φ(z), and what its gradient needs. */
export interface LogImprovement {
  readonly value: number
  /** Φ(z)/h(z): the derivative of log h. */
  readonly slope: number
  /** φ(z)/h(z). */
  readonly density: number
}

/**
 * The logarithm of the expected positive part of a standard normal variable plus z: expected improvement is σ·h(z) with
 * z = (best − mean)/σ. Where h underflows (z < −38), or is lost to rounding, its logarithm is still right to about 10 digits.
 *
 * @see Ament et al., Unexpected Improvements to Expected Improvement for Bayesian Optimization, NeurIPS 2023, equation 9
 */
export function logImprovement(z: number): LogImprovement {
  if (z > -1) {
    const density = normalPdf(z)
    const mass = normalCdf(z)
    const h = density + z * mass
    return { value: Math.log(h), slope: mass / h, density: density / h }
  }
  const x = -z
  // h = φ·(1 − x·mills); the difference is 1/x² − 3/x⁴ + …, which is more accurate where its terms are small
  const mills = sqrtTwoPi * scaledNormalTail(x)
  const u = 1 / (x * x)
  const left = x > 100 ? u * (1 - u * (3 - u * (15 - 105 * u))) : 1 - x * mills
  return { value: logNormalPdf(x) + Math.log(left), slope: mills / left, density: 1 / left }
}
