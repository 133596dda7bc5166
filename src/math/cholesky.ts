// Symmetric and lower triangular matrices [n × n] are packed by rows: (i, j) with j ≤ i stands at i(i + 1)/2 + j. A row is contiguous,
// a matrix needs half the memory, and one more row is appended without moving the others.

/** The length of a packed triangle of n rows; the place where row n starts. */
export function triangleLength(n: number): number {
  return (n * (n + 1)) / 2
}

/**
 * Factorizes a symmetric positive definite matrix A = L·Lᵀ in place; n³/6 multiplications.
 *
 * @param a - A, packed [n × n]; L afterwards, or of no use if it could not be factorized
 * @returns whether A is positive definite in floating point
 */
export function cholesky(a: Float64Array, n: number): boolean {
  const even = n & ~1
  for (let i = 0; i < even; i += 2) {
    const row0 = triangleLength(i)
    const row1 = row0 + i + 1
    solvePair(a, a, row0, row1, 0, i)
    let d0 = a[row0 + i] ?? 0
    let d1 = a[row1 + i + 1] ?? 0
    let below = a[row1 + i] ?? 0
    for (let k = 0; k < i; k++) {
      const x0 = a[row0 + k] ?? 0
      const x1 = a[row1 + k] ?? 0
      d0 -= x0 * x0
      below -= x0 * x1
      d1 -= x1 * x1
    }
    if (!(d0 > 0)) return false
    d0 = Math.sqrt(d0)
    below /= d0
    d1 -= below * below
    if (!(d1 > 0)) return false
    a[row0 + i] = d0
    a[row1 + i] = below
    a[row1 + i + 1] = Math.sqrt(d1)
  }
  return even === n || appendRow(a, even)
}

/**
 * Factorizes A plus as little of a multiple of the identity as makes it positive definite: none, or from 1e−10 of the mean of A's
 * diagonal upwards in tenfold steps.
 *
 * @param a - A, packed [n × n]; kept
 * @param factor - takes L, packed [n × n]
 * @returns what was added to the diagonal; NaN if 1 times its mean did not do (A is not finite, or far from positive definite)
 */
export function choleskyWithJitter(a: Float64Array, n: number, factor: Float64Array): number {
  const length = triangleLength(n)
  factor.set(length === a.length ? a : a.subarray(0, length))
  if (cholesky(factor, n)) return 0
  let mean = 0
  for (let i = 0; i < n; i++) mean += (a[triangleLength(i) + i] ?? 0) / n
  for (let exponent = -10; exponent <= 0; exponent++) {
    const jitter = mean * 10 ** exponent
    factor.set(length === a.length ? a : a.subarray(0, length))
    for (let i = 0; i < n; i++) {
      const place = triangleLength(i) + i
      factor[place] = (factor[place] ?? 0) + jitter
    }
    if (cholesky(factor, n)) return jitter
  }
  return Number.NaN
}

/**
 * Makes the factor of a matrix that has one row more, in place; n²/2 multiplications.
 *
 * @param l - L, packed [n × n], behind it the new row of A [n + 1], which becomes that of L
 * @returns whether the larger matrix is positive definite
 */
export function appendRow(l: Float64Array, n: number): boolean {
  const row = triangleLength(n)
  solveLower(l, n, l, row)
  let d = l[row + n] ?? 0
  for (let k = 0; k < n; k++) {
    const x = l[row + k] ?? 0
    d -= x * x
  }
  if (!(d > 0)) return false
  l[row + n] = Math.sqrt(d)
  return true
}

/**
 * Solves L·x = b in place; n²/2 multiplications.
 *
 * @param l - L, packed [n × n]
 * @param x - b, from `start` on; x afterwards
 */
export function solveLower(l: Float64Array, n: number, x: Float64Array, start = 0): void {
  const even = n & ~1
  for (let i = 0; i < even; i += 2) {
    const row0 = triangleLength(i)
    const row1 = row0 + i + 1
    // two sums for each row, so that additions don't wait for one another
    let a0 = x[start + i] ?? 0
    let a1 = x[start + i + 1] ?? 0
    let b0 = 0
    let b1 = 0
    for (let k = 0; k < i; k += 2) {
      const xa = x[start + k] ?? 0
      const xb = x[start + k + 1] ?? 0
      a0 -= (l[row0 + k] ?? 0) * xa
      b0 -= (l[row0 + k + 1] ?? 0) * xb
      a1 -= (l[row1 + k] ?? 0) * xa
      b1 -= (l[row1 + k + 1] ?? 0) * xb
    }
    const x0 = (a0 + b0) / (l[row0 + i] ?? 0)
    x[start + i] = x0
    x[start + i + 1] = (a1 + b1 - (l[row1 + i] ?? 0) * x0) / (l[row1 + i + 1] ?? 0)
  }
  if (even === n) return
  const row = triangleLength(even)
  let sum = x[start + even] ?? 0
  for (let k = 0; k < even; k++) sum -= (l[row + k] ?? 0) * (x[start + k] ?? 0)
  x[start + even] = sum / (l[row + even] ?? 0)
}

/**
 * Solves Lᵀ·x = b in place; n²/2 multiplications.
 *
 * @param l - L, packed [n × n]
 * @param x - b, from `start` on; x afterwards
 */
export function solveUpper(l: Float64Array, n: number, x: Float64Array, start = 0): void {
  let i = n - 1
  for (; i > 0; i -= 2) {
    const row1 = triangleLength(i)
    const row0 = row1 - i
    const x1 = (x[start + i] ?? 0) / (l[row1 + i] ?? 0)
    const x0 = ((x[start + i - 1] ?? 0) - (l[row1 + i - 1] ?? 0) * x1) / (l[row0 + i - 1] ?? 0)
    x[start + i] = x1
    x[start + i - 1] = x0
    for (let k = 0; k < i - 1; k++) {
      x[start + k] = (x[start + k] ?? 0) - (l[row0 + k] ?? 0) * x0 - (l[row1 + k] ?? 0) * x1
    }
  }
  if (i === 0) x[start] = (x[start] ?? 0) / (l[0] ?? 0)
}

/**
 * Solves L·x = b for many b in place; m·n²/2 multiplications, at about twice the speed of {@link solveLower}.
 *
 * @param l - L, packed [n × n]
 * @param rows - each row a b, row-major [m × n]; each an x afterwards
 */
export function solveLowerRows(l: Float64Array, n: number, rows: Float64Array, m: number): void {
  for (let i = 0; i + 1 < m; i += 2) solvePair(l, rows, i * n, (i + 1) * n, 0, n)
  if (m % 2 === 1) solveLower(l, n, rows, (m - 1) * n)
}

/**
 * Inverts A = L·Lᵀ; n³/3 multiplications.
 *
 * @param l - L, packed [n × n]
 * @param inverse - takes A⁻¹, packed [n × n]
 * @param workspace - [n × n], overwritten
 */
export function invert(l: Float64Array, n: number, inverse: Float64Array, workspace: Float64Array): void {
  // row i of the workspace becomes column i of L⁻¹, from its diagonal on
  for (let i = 0; i < n; i += 2) {
    const hasPair = i + 1 < n
    const row0 = i * n
    const row1 = hasPair ? row0 + n : row0
    workspace.fill(0, row0 + i, row0 + n)
    workspace.fill(0, row1 + i, row1 + n)
    workspace[row0 + i] = 1
    if (hasPair) workspace[row1 + i + 1] = 1
    solvePair(l, workspace, row0, row1, i, n)
  }
  // A⁻¹ = L⁻ᵀ·L⁻¹: products of these rows, from the later one's diagonal on
  for (let i = 0; i < n; i += 2) {
    const hasPair = i + 1 < n
    const row0 = i * n
    const row1 = hasPair ? row0 + n : row0
    const out0 = triangleLength(i)
    const out1 = out0 + i + 1
    for (let j = 0; j <= i; j += 2) {
      const column0 = j * n
      const column1 = j + 1 < n ? column0 + n : column0
      // row 1 starts with a zero, where it is another one than row 0
      let s00 = 0
      let s01 = 0
      let s10 = 0
      let s11 = 0
      for (let k = i; k < n; k++) {
        const x0 = workspace[row0 + k] ?? 0
        const x1 = workspace[row1 + k] ?? 0
        const y0 = workspace[column0 + k] ?? 0
        const y1 = workspace[column1 + k] ?? 0
        s00 += x0 * y0
        s01 += x0 * y1
        s10 += x1 * y0
        s11 += x1 * y1
      }
      inverse[out0 + j] = s00
      if (j < i) inverse[out0 + j + 1] = s01
      if (!hasPair) continue
      inverse[out1 + j] = s10
      inverse[out1 + j + 1] = s11
    }
  }
}

/** The logarithm of the determinant of A = L·Lᵀ, L packed [n × n]. */
export function logDeterminant(l: Float64Array, n: number): number {
  let sum = 0
  for (let i = 0; i < n; i++) sum += Math.log(l[triangleLength(i) + i] ?? 0)
  return 2 * sum
}

/**
 * Solves L·x = b for two b in place, where they are known to start with zeros.
 *
 * @param x - the two, at `row0` and `row1`
 * @param from - even; both are zero before it
 * @param to - the size of the leading part of L that counts
 */
function solvePair(l: Float64Array, x: Float64Array, row0: number, row1: number, from: number, to: number): void {
  const even = to & ~1
  for (let j = from; j < even; j += 2) {
    const column0 = triangleLength(j)
    const column1 = column0 + j + 1
    let s00 = x[row0 + j] ?? 0
    let s01 = x[row0 + j + 1] ?? 0
    let s10 = x[row1 + j] ?? 0
    let s11 = x[row1 + j + 1] ?? 0
    for (let k = from; k < j; k++) {
      const x0 = x[row0 + k] ?? 0
      const x1 = x[row1 + k] ?? 0
      const y0 = l[column0 + k] ?? 0
      const y1 = l[column1 + k] ?? 0
      s00 -= x0 * y0
      s01 -= x0 * y1
      s10 -= x1 * y0
      s11 -= x1 * y1
    }
    const d0 = l[column0 + j] ?? 0
    const below = l[column1 + j] ?? 0
    const d1 = l[column1 + j + 1] ?? 0
    s00 /= d0
    s10 /= d0
    x[row0 + j] = s00
    x[row0 + j + 1] = (s01 - s00 * below) / d1
    x[row1 + j] = s10
    x[row1 + j + 1] = (s11 - s10 * below) / d1
  }
  if (even === to) return
  const column = triangleLength(even)
  let s0 = x[row0 + even] ?? 0
  let s1 = x[row1 + even] ?? 0
  for (let k = from; k < even; k++) {
    const y = l[column + k] ?? 0
    s0 -= (x[row0 + k] ?? 0) * y
    s1 -= (x[row1 + k] ?? 0) * y
  }
  const d = l[column + even] ?? 0
  x[row0 + even] = s0 / d
  x[row1 + even] = s1 / d
}
