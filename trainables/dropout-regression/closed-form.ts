import type { RegressionData } from './correlated-inputs.js'

/** Two weights. */
export type Weights = readonly [w1: number, w2: number]

/**
 * The weights at which the expected loss of linear regression with dropout on its inputs is least.
 *
 * Each input is 0 with probability p, else divided by 1 − p, so that its mean stays. Over the masks m, with the residual r = y − X·w of the whole
 * inputs and as masks of different inputs are independent,
 *
 *     E ‖y − (X∘m)·w‖² = ‖r‖² + Σⱼ Var(mⱼ) (XᵀX)ⱼⱼ wⱼ² = ‖y − X·w‖² + p / (1 − p) · Σⱼ (XᵀX)ⱼⱼ wⱼ²
 *
 * since Var(m) = (1 − p) / (1 − p)² − 1. That is ridge regression with the diagonal of XᵀX in place of the identity:
 *
 *     w = (XᵀX + p / (1 − p) · diag(XᵀX))⁻¹ Xᵀy
 *
 * @param dropout - p, in [0, 1)
 * @see Srivastava et al. 2014, section 9.1; Wager, Wang and Liang 2013
 */
export function dropoutSolution({ count, inputs, targets }: RegressionData, dropout: number): Weights {
  const moments = { a: 0, b: 0, c: 0, p: 0, q: 0 }
  for (let i = 0; i < count; i++) {
    const first = inputs[2 * i] ?? 0
    const second = inputs[2 * i + 1] ?? 0
    const target = targets[i] ?? 0
    moments.a += first * first
    moments.b += second * second
    moments.c += first * second
    moments.p += first * target
    moments.q += second * target
  }
  const growth = 1 / (1 - dropout)
  const { c, p, q } = moments
  const [a, b] = [moments.a * growth, moments.b * growth]
  const determinant = a * b - c * c
  return [(b * p - c * q) / determinant, (a * q - c * p) / determinant]
}

/** The mean loss over the rows that is expected with dropout; the mean squared error where that is 0. */
export function expectedLoss({ count, inputs, targets }: RegressionData, dropout: number, [w1, w2]: Weights): number {
  const factor = dropout / (1 - dropout)
  let sum = 0
  for (let i = 0; i < count; i++) {
    const [first, second] = [w1 * (inputs[2 * i] ?? 0), w2 * (inputs[2 * i + 1] ?? 0)]
    sum += ((targets[i] ?? 0) - first - second) ** 2 + factor * (first ** 2 + second ** 2)
  }
  return sum / count
}
