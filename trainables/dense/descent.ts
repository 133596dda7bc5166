/** The optimizers of {@link Descent}. */
export const descentNames = ['sgd', 'adam'] as const

/** The name of an optimizer. */
export type DescentName = (typeof descentNames)[number]

/** Gradient descent on parameters in a typed array. @see Kingma and Ba 2015, the efficient form at the end of section 2, for Adam */
export class Descent {
  /** How many steps have been taken. */
  step = 0
  /** What it keeps between steps, by name: Adam's moments. */
  readonly slots: Readonly<Record<string, Float64Array>>
  readonly #rule: (parameters: Float64Array, gradient: Float64Array, learningRate: number, step: number) => void

  /** @param length - how many parameters there are */
  constructor(name: DescentName, length: number) {
    if (name === 'sgd') {
      this.slots = {}
      this.#rule = (parameters, gradient, learningRate) => {
        for (let i = 0; i < length; i++) parameters[i] = (parameters[i] ?? 0) - learningRate * (gradient[i] ?? 0)
      }
      return
    }
    const first = new Float64Array(length)
    const second = new Float64Array(length)
    this.slots = { first, second }
    this.#rule = (parameters, gradient, learningRate, step) => {
      const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8]
      const rate = (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step)
      for (let i = 0; i < length; i++) {
        const slope = gradient[i] ?? 0
        const mean = beta1 * (first[i] ?? 0) + (1 - beta1) * slope
        const square = beta2 * (second[i] ?? 0) + (1 - beta2) * slope * slope
        first[i] = mean
        second[i] = square
        parameters[i] = (parameters[i] ?? 0) - (rate * mean) / (Math.sqrt(square) + epsilon)
      }
    }
  }

  /** Takes one step against the gradient. */
  apply(parameters: Float64Array, gradient: Float64Array, learningRate: number): void {
    this.step++
    this.#rule(parameters, gradient, learningRate, this.step)
  }
}
