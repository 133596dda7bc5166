import { activate, type DenseActivationName, slopeAt } from './activation.js'
import { type LayerWeights, multiply, multiplyTransposed, sumProducts } from './products.js'

/** The sizes of a dense network. */
export interface DenseShape {
  /** How many numbers go in. */
  readonly inputs: number
  /** Units of each hidden layer. */
  readonly hidden: readonly number[]
  /** How many numbers come out, without an activation. */
  readonly outputs: number
  /** That of all hidden layers. */
  readonly activation: DenseActivationName
}

/**
 * A fully connected network in plain typed arrays, with its gradient: for networks so small that a call of a tensor library costs more than the
 * arithmetic. All parameters lie in one array, layer after layer, weights before biases, and start at 0.
 *
 * Batches are unit-major, [units × count].
 */
export class DenseNetwork {
  /** Its sizes. */
  readonly shape: DenseShape
  /** Everything it has learnt. */
  readonly parameters: Float64Array
  /** What {@link DenseNetwork.backward} found last, like `parameters`. */
  readonly gradient: Float64Array
  /** The parameters by layer, the output layer last: views. */
  readonly layers: readonly LayerWeights[]
  readonly #gradients: readonly LayerWeights[]
  #count = 0
  #input: Float64Array = new Float64Array()
  /** The values of each layer, and the gradients with respect to them. */
  #values: readonly Float64Array[] = []
  #deltas: readonly Float64Array[] = []

  constructor(shape: DenseShape) {
    this.shape = shape
    const sizes = [shape.inputs, ...shape.hidden, shape.outputs]
    const length = sizes.slice(1).reduce((sum, outputs, i) => sum + outputs * ((sizes[i] ?? 0) + 1), 0)
    this.parameters = new Float64Array(length)
    this.gradient = new Float64Array(length)
    this.layers = layersOf(sizes, this.parameters)
    this.#gradients = layersOf(sizes, this.gradient)
  }

  /**
   * Computes the outputs of a batch, [outputs × count]; they hold until the next call.
   *
   * @param inputs - [inputs × count]
   */
  forward(inputs: Float64Array, count: number): Float64Array {
    this.#makeRoom(count)
    this.#input = inputs
    let x = inputs
    for (const [index, layer] of this.layers.entries()) {
      const y = this.#values[index] ?? x
      multiply(layer, x, y, count)
      if (index < this.shape.hidden.length) activate(this.shape.activation, y, 0, y.length)
      x = y
    }
    return x
  }

  /** The values of a hidden layer for the last batch, [units × count]; they hold until the next call of {@link DenseNetwork.forward}. */
  hiddenValues(layer: number): Float64Array {
    return this.#values[layer] ?? new Float64Array()
  }

  /**
   * Sets `gradient`, for the last batch.
   *
   * @param outputGradient - that of the loss with respect to the outputs, [outputs × count]
   */
  backward(outputGradient: Float64Array): void {
    const { activation } = this.shape
    let delta = outputGradient
    for (let index = this.layers.length - 1; index >= 0; index--) {
      const below = index === 0 ? undefined : this.#values[index - 1]
      const gradient = this.#gradients[index]
      const layer = this.layers[index]
      if (gradient === undefined || layer === undefined) continue
      sumProducts(gradient, below ?? this.#input, delta, this.#count)
      const next = this.#deltas[index - 1]
      if (below === undefined || next === undefined) return
      multiplyTransposed(layer, delta, next, this.#count)
      for (let i = 0; i < next.length; i++) next[i] = (next[i] ?? 0) * slopeAt(activation, below[i] ?? 0)
      delta = next
    }
  }

  #makeRoom(count: number): void {
    if (count === this.#count) return
    this.#count = count
    this.#values = this.layers.map(({ outputs }) => new Float64Array(outputs * count))
    this.#deltas = this.layers.map(({ outputs }) => new Float64Array(outputs * count))
  }
}

function layersOf(sizes: readonly number[], numbers: Float64Array): LayerWeights[] {
  let position = 0
  const take = (length: number): Float64Array => {
    position += length
    return numbers.subarray(position - length, position)
  }
  return sizes.slice(1).map((outputs, i) => {
    const inputs = sizes[i] ?? 0
    return { inputs, outputs, weights: take(outputs * inputs), biases: take(outputs) }
  })
}
