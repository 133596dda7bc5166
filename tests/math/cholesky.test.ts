import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  appendRow,
  cholesky,
  choleskyWithJitter,
  invert,
  logDeterminant,
  solveLower,
  solveLowerRows,
  solveUpper,
  triangleLength,
} from '../../src/math/cholesky.js'
import { rankOneDowndate, rankOneUpdate } from '../../src/math/cholesky-update.js'

// from NumPy 2.4: linalg.cholesky, inv, slogdet and solve
const golden = {
  matrix: [4, 2, 5, -1, 0.3, 3, 0.5, -1, 0.7, 6, 1, 0.2, 0.1, -2, 4],
  factor: [
    2, 1, 2, -0.5, 0.4, 1.6093476939431082, 0.25, -0.625, 0.6679724984512899, 2.2584702214801817, 0.5, -0.15,
    0.25476160406049203, -1.0577618967267433, 1.5949094942753235,
  ],
  inverse: [
    0.5112328821135558, -0.24737206930792321, 0.32960841280035047, 0.24508444585297573, -0.14987653342840918,
    0.4687768226174913, -0.18353621577608367, 0.13128540817990908, -0.14631118858033246, 0.2822852949146502,
    -0.21333483609735898, 0.11475221411262804, -0.13865229964742698, 0.18412021070685886, 0.3931225111633234,
  ],
  logDeterminant: 6.287255962279268,
  right: [1, -2, 3, -4, 5],
  solution: [1.4087010409058691, -1.307599057350348, 1.8431512366464629, -1.0935807240012059, 0.37033554972428573],
}

/** A matrix that is safely positive definite, packed, with a vector. */
const problems = fc.integer({ min: 1, max: 23 }).chain(n =>
  fc
    .record({
      root: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: n * n, maxLength: n * n }),
      vector: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: n, maxLength: n }),
    })
    .map(({ root, vector }) => {
      const matrix = new Float64Array(triangleLength(n))
      for (let i = 0; i < n; i++) {
        for (let k = 0; k <= i; k++) {
          let sum = i === k ? 1 : 0
          for (let j = 0; j < n; j++) sum += ((root[i * n + j] ?? 0) * (root[k * n + j] ?? 0)) / n
          matrix[triangleLength(i) + k] = sum
        }
      }
      return { n, matrix, vector: Float64Array.from(vector) }
    }),
)

function factorOf(matrix: Float64Array, n: number): Float64Array {
  const factor = matrix.slice()
  expect(cholesky(factor, n)).toBe(true)
  return factor
}

/** L·Lᵀ, packed. */
function product(l: Float64Array, n: number): Float64Array {
  const matrix = new Float64Array(triangleLength(n))
  for (let i = 0; i < n; i++) {
    for (let k = 0; k <= i; k++) {
      for (let j = 0; j <= k; j++) {
        const place = triangleLength(i) + k
        matrix[place] = (matrix[place] ?? 0) + (l[triangleLength(i) + j] ?? 0) * (l[triangleLength(k) + j] ?? 0)
      }
    }
  }
  return matrix
}

/** A·x of a packed symmetric matrix. */
function multiply(a: Float64Array, n: number, x: Float64Array): number[] {
  return Array.from({ length: n }, (_, i) => {
    let sum = 0
    for (let k = 0; k < n; k++) sum += (a[triangleLength(Math.max(i, k)) + Math.min(i, k)] ?? 0) * (x[k] ?? 0)
    return sum
  })
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  return Math.max(0, ...Array.from(a, (value, i) => Math.abs(value - (b[i] ?? Number.NaN))))
}

describe('cholesky', () => {
  it('agrees with NumPy on factor, inverse, determinant and solution', () => {
    const factor = factorOf(Float64Array.from(golden.matrix), 5)
    const inverse = new Float64Array(15)
    invert(factor, 5, inverse, new Float64Array(25))
    const solution = Float64Array.from(golden.right)
    solveLower(factor, 5, solution)
    solveUpper(factor, 5, solution)
    expect(largestDifference(factor, golden.factor)).toBeLessThan(1e-14)
    expect(largestDifference(inverse, golden.inverse)).toBeLessThan(1e-14)
    expect(largestDifference(solution, golden.solution)).toBeLessThan(1e-14)
    expect(logDeterminant(factor, 5)).toBeCloseTo(golden.logDeterminant, 13)
  })

  it('multiplies back to the matrix', () => {
    fc.assert(
      fc.property(problems, ({ n, matrix }) => {
        expect(largestDifference(product(factorOf(matrix, n), n), matrix)).toBeLessThan(1e-11)
      }),
    )
  })

  it('inverts: A⁻¹ times each column of A is one of the identity', () => {
    fc.assert(
      fc.property(problems, ({ n, matrix, vector }) => {
        const inverse = new Float64Array(matrix.length)
        invert(factorOf(matrix, n), n, inverse, new Float64Array(n * n).fill(Number.NaN))
        const back = multiply(inverse, n, Float64Array.from(multiply(matrix, n, vector)))
        expect(largestDifference(back, vector)).toBeLessThan(1e-9)
      }),
    )
  })

  it('solves with one and with many right-hand sides', () => {
    fc.assert(
      fc.property(problems, fc.integer({ min: 1, max: 5 }), ({ n, matrix, vector }, m) => {
        const factor = factorOf(matrix, n)
        const one = vector.slice()
        solveLower(factor, n, one)
        const rows = new Float64Array(m * n)
        for (let i = 0; i < m; i++) rows.set(vector, i * n)
        solveLowerRows(factor, n, rows, m)
        for (let i = 0; i < m; i++) {
          expect(largestDifference(rows.subarray(i * n, i * n + n), one)).toBeLessThan(1e-11)
        }
        solveUpper(factor, n, one)
        expect(largestDifference(multiply(matrix, n, one), vector)).toBeLessThan(1e-9)
      }),
    )
  })

  it('solves at a place inside a larger array and leaves the rest alone', () => {
    const factor = factorOf(Float64Array.from(golden.matrix), 5)
    const inside = Float64Array.from([7, ...golden.right, 8])
    solveLower(factor, 5, inside, 1)
    solveUpper(factor, 5, inside, 1)
    expect(largestDifference(inside, [7, ...golden.solution, 8])).toBeLessThan(1e-14)
  })

  it('grows by a row to what a new factorization gives', () => {
    fc.assert(
      fc.property(problems, ({ n, matrix }) => {
        const grown = matrix.slice()
        expect(cholesky(grown.subarray(0, triangleLength(n - 1)), n - 1)).toBe(true)
        expect(appendRow(grown, n - 1)).toBe(true)
        expect(largestDifference(grown, factorOf(matrix, n))).toBeLessThan(1e-11)
      }),
    )
  })

  it.each([
    ['indefinite', [1, 2, 1]],
    ['singular', [1, 1, 1]],
    ['negative', [-1]],
    ['not a number', [1, Number.NaN, 1]],
    ['indefinite in its odd last row', [1, 0, 1, 2, 2, 1]],
  ])('refuses a matrix that is %s', (_, matrix) => {
    expect(cholesky(Float64Array.from(matrix), Math.floor(Math.sqrt(2 * matrix.length)))).toBe(false)
  })
})

describe('choleskyWithJitter', () => {
  it('adds nothing to a positive definite matrix', () => {
    const factor = new Float64Array(15)
    expect(choleskyWithJitter(Float64Array.from(golden.matrix), 5, factor)).toBe(0)
    expect(largestDifference(factor, golden.factor)).toBeLessThan(1e-14)
  })

  it('adds the least power of ten of the diagonal that helps', () => {
    const factor = new Float64Array(3)
    expect(choleskyWithJitter(Float64Array.of(4, 4, 4), 2, factor)).toBeCloseTo(4e-10, 20)
    expect(largestDifference(product(factor, 2), [4, 4, 4])).toBeLessThan(1e-9)
    // smallest eigenvalue −0.05 of a mean diagonal 1
    expect(choleskyWithJitter(Float64Array.of(1, 1.05, 1), 2, factor)).toBeCloseTo(0.1, 12)
  })

  it('says NaN where no jitter helps', () => {
    expect(choleskyWithJitter(Float64Array.of(1, Number.NaN, 1), 2, new Float64Array(3))).toBeNaN()
    expect(choleskyWithJitter(Float64Array.of(1, 5, 1), 2, new Float64Array(3))).toBeNaN()
  })
})

describe('rank-one changes', () => {
  it('update to the factor of A + x·xᵀ, and downdate back', () => {
    fc.assert(
      fc.property(problems, ({ n, matrix, vector }) => {
        const factor = factorOf(matrix, n)
        const changed = factor.slice()
        rankOneUpdate(changed, n, vector.slice())
        const sum = matrix.map((value, place) => {
          const i = Math.floor((Math.sqrt(8 * place + 1) - 1) / 2)
          return value + (vector[i] ?? 0) * (vector[place - triangleLength(i)] ?? 0)
        })
        expect(largestDifference(changed, factorOf(sum, n))).toBeLessThan(1e-9)
        expect(rankOneDowndate(changed, n, vector.slice())).toBe(true)
        expect(largestDifference(changed, factor)).toBeLessThan(1e-7)
      }),
    )
  })

  it('tells that a downdate leaves nothing positive definite', () => {
    expect(rankOneDowndate(Float64Array.of(1, 0, 1), 2, Float64Array.of(0, 2))).toBe(false)
  })
})
