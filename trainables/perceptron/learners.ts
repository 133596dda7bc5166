import { type LabelledPoints, valueAt } from './points.js'

/**
 * Shows a perceptron each point once; at each mistake it adds the point, times its label, to its weights.
 *
 * @returns how many mistakes it made
 * @see Rosenblatt 1958
 */
export function perceptronPass(weights: Float64Array, points: LabelledPoints): number {
  let mistakes = 0
  for (let i = 0; i < points.count; i++) {
    const label = points.labels[i] ?? 0
    if (valueAt(weights, points, i) * label > 0) continue
    mistakes++
    addPoint(weights, points, i, label)
  }
  return mistakes
}

/** The factor of half the square of the slopes, beside the mean hinge loss. */
export interface HingeOptions {
  /** λ; > 0. */
  readonly regularization: number
  /** Of the step. */
  readonly learningRate: number
}

/**
 * One step of gradient descent on the objective of the soft-margin support vector machine, mean max(0, 1 − y·w·x) + λ/2 · (w₁² + w₂²);
 * the offset w₀ is not penalized.
 *
 * @returns the objective before the step
 * @see Cortes and Vapnik 1995
 */
export function hingeStep(weights: Float64Array, points: LabelledPoints, options: HingeOptions): number {
  const { regularization, learningRate } = options
  const [, across = 0, up = 0] = weights
  const gradient = Float64Array.of(0, regularization * across, regularization * up)
  let loss = 0
  for (let i = 0; i < points.count; i++) {
    const label = points.labels[i] ?? 0
    const shortfall = 1 - valueAt(weights, points, i) * label
    if (shortfall <= 0) continue
    loss += shortfall / points.count
    addPoint(gradient, points, i, -label / points.count)
  }
  for (let k = 0; k < 3; k++) weights[k] = (weights[k] ?? 0) - learningRate * (gradient[k] ?? 0)
  return loss + (regularization / 2) * (across ** 2 + up ** 2)
}

function addPoint(to: Float64Array, { points }: LabelledPoints, index: number, factor: number): void {
  for (let k = 0; k < 3; k++) to[k] = (to[k] ?? 0) + factor * (points[3 * index + k] ?? 0)
}
