import { Rng } from '../../src/rng.js'

/** A regression with two inputs. */
export interface RegressionData {
  /** How many rows there are. */
  readonly count: number
  /** Row-major [count × 2]. */
  readonly inputs: Float64Array
  /** [count]. */
  readonly targets: Float64Array
}

/** What {@link correlatedInputs} is set to. */
export interface CorrelatedInputsOptions {
  /** How many there are; ≥ 3. */
  readonly rows: number
  /** The correlation of the inputs, exact; in [0, 1). */
  readonly correlation: number
  /** Decides the rows; an integer ≥ 0. */
  readonly dataSeed: number
}

/**
 * The data on which dropout turns the weights round: x₁ and x₂ measure almost the same thing, x₁ on a scale ten times as large, and the target is
 * exactly 10·x₁ + x₂.
 *
 * Least squares finds these weights, w₁ ten times w₂. Dropout adds `p / (1 − p) · (‖x₁‖² w₁² + ‖x₂‖² w₂²)`, so that two inputs that tell the same share
 * the work: it wants the contributions w₁·x₁ and w₂·x₂ to be alike, and as x₁ is ten times x₂, w₂ becomes ten times w₁. With the contributions
 * v₁ = 10·w₁ and v₂ = w₂, λ = p / (1 − p) and the correlation ρ, the normal equations give
 *
 *     v₁ + v₂ = 101 (1 + ρ) / (1 + λ + ρ)        v₁ − v₂ = 99 (1 − ρ) / (1 + λ − ρ)
 *
 * so that w₂ / w₁ = 10 · v₂ / v₁ is 1/10 at p = 0 and goes to 10 for any p > 0 as ρ goes to 1 (9.5 at ρ = 0.99 and p = 1/3).
 *
 * Means, variances and the correlation are exact, not just expected: the columns are orthonormalized draws of a normal distribution.
 */
export function correlatedInputs({ rows: count, correlation, dataSeed }: CorrelatedInputsOptions): RegressionData {
  const rng = Rng.from(dataSeed).fork('correlated-inputs')
  const draw = () => Float64Array.from({ length: count }, () => rng.normal())
  const shared = standardize(draw(), [])
  const own = standardize(draw(), [shared])
  const inputs = new Float64Array(2 * count)
  const targets = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const second = shared[i] ?? 0
    const first = 10 * (correlation * second + Math.sqrt(1 - correlation ** 2) * (own[i] ?? 0))
    inputs.set([first, second], 2 * i)
    targets[i] = 10 * first + second
  }
  return { count, inputs, targets }
}

/** Gives a column mean 0 and variance 1, and takes out what it has in common with columns that are so already. */
function standardize(column: Float64Array, others: readonly Float64Array[]): Float64Array {
  const { length } = column
  const mean = column.reduce((sum, value) => sum + value, 0) / length
  const shares = others.map(other => other.reduce((sum, value, i) => sum + value * (column[i] ?? 0), 0) / length)
  const left = column.map((value, i) =>
    others.reduce((rest, other, k) => rest - (shares[k] ?? 0) * (other[i] ?? 0), value - mean),
  )
  const deviation = Math.sqrt(left.reduce((sum, value) => sum + value * value, 0) / length)
  return left.map(value => value / deviation)
}
