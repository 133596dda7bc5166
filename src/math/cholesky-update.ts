import { triangleLength } from './cholesky.js'

/**
 * Makes the factor of A + x·xᵀ from that of A in place; n² multiplications.
 *
 * @param l - L of A = L·Lᵀ, packed by rows as in `cholesky.ts` [n × n]
 * @param x - [n], overwritten
 * @see Golub and Van Loan, Matrix Computations (2013), section 6.5.4
 */
export function rankOneUpdate(l: Float64Array, n: number, x: Float64Array): void {
  rotate(l, n, x, 1)
}

/**
 * Makes the factor of A − x·xᵀ from that of A in place; n² multiplications.
 *
 * @param l - L of A = L·Lᵀ, packed by rows as in `cholesky.ts` [n × n]; of no use where false is returned
 * @param x - [n], overwritten
 * @returns whether A − x·xᵀ is positive definite
 */
export function rankOneDowndate(l: Float64Array, n: number, x: Float64Array): boolean {
  return rotate(l, n, x, -1)
}

function rotate(l: Float64Array, n: number, x: Float64Array, sign: 1 | -1): boolean {
  for (let k = 0; k < n; k++) {
    let place = triangleLength(k) + k
    const diagonal = l[place] ?? 0
    const sine = (x[k] ?? 0) / diagonal
    const square = 1 + sign * sine * sine
    if (!(square > 0)) return false
    const cosine = Math.sqrt(square)
    l[place] = diagonal * cosine
    for (let i = k + 1; i < n; i++) {
      place += i
      const updated = ((l[place] ?? 0) + sign * sine * (x[i] ?? 0)) / cosine
      l[place] = updated
      x[i] = cosine * (x[i] ?? 0) - sine * updated
    }
  }
  return true
}
