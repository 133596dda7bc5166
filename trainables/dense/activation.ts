/** What a unit of a dense network does with its sum. `leakyRelu` lets a hundredth of negative sums through. */
export const denseActivationNames = ['relu', 'leakyRelu', 'tanh', 'sigmoid'] as const

/** The name of one of them. */
export type DenseActivationName = (typeof denseActivationNames)[number]

const leak = 0.01

/** Applies an activation in place to the numbers from `start` up to `end`. */
export function activate(name: DenseActivationName, values: Float64Array, start: number, end: number): void {
  switch (name) {
    case 'relu':
      for (let i = start; i < end; i++) values[i] = Math.max(values[i] ?? 0, 0)
      return
    case 'leakyRelu':
      for (let i = start; i < end; i++) {
        const value = values[i] ?? 0
        values[i] = value > 0 ? value : leak * value
      }
      return
    case 'tanh':
      for (let i = start; i < end; i++) values[i] = Math.tanh(values[i] ?? 0)
      return
    case 'sigmoid':
      for (let i = start; i < end; i++) values[i] = 1 / (1 + Math.exp(-(values[i] ?? 0)))
  }
}

/** The slope of an activation where its value is `value`; that of `relu` at 0 is 0. */
export function slopeAt(name: DenseActivationName, value: number): number {
  switch (name) {
    case 'relu':
      return value > 0 ? 1 : 0
    case 'leakyRelu':
      return value > 0 ? 1 : leak
    case 'tanh':
      return 1 - value * value
    case 'sigmoid':
      return value * (1 - value)
  }
}

/** The steepest slope of an activation: what a unit learns with at best. */
export function steepestSlope(name: DenseActivationName): number {
  return name === 'sigmoid' ? 0.25 : 1
}
