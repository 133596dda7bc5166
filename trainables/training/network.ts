import type { Tensor, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core'
import type { Rng } from '../../src/rng.js'
import type { TensorFlowCore } from '../tensorflow/backend.js'
import { dropoutMask } from './dropout.js'
import { type InitializerName, initialWeights } from './initializers.js'

/** Something that a network has learnt, or keeps. */
export interface Parameter {
  /** Its name, unique in the network and the same in each run. */
  readonly name: string
  /** Holds its value, and is what the optimizer changes. */
  readonly variable: Variable
  /** A running statistic is kept but not trained. */
  readonly isTrained: boolean
  /** A weight is subject to L1 and L2 regularization; a bias or a scale is not. */
  readonly isWeight: boolean
}

/** How a batch goes through the network. */
export interface Pass {
  /** While training, dropout drops and batch normalization uses the batch's own statistics. */
  readonly isTraining: boolean
  /** A seed for the dropout layer of that name; another one at each step. */
  dropoutSeed(layer: string): number
}

/** A pass that computes predictions. */
export const inference: Pass = { isTraining: false, dropoutSeed: () => 0 }

/** A layer: a function of its input. */
export type Layer = (x: Tensor, pass: Pass) => Tensor

/**
 * Makes layers and owns their parameters. Each layer has a name, from which its initial weights are drawn, so that adding a layer
 * leaves the others as they were.
 */
export class Network {
  /** The library that it computes with. */
  readonly tf: TensorFlowCore
  readonly #parameters: Parameter[] = []
  readonly #rng: Rng
  readonly #initializer: InitializerName

  constructor(tf: TensorFlowCore, options: { readonly rng: Rng; readonly initializer: InitializerName }) {
    this.tf = tf
    this.#rng = options.rng
    this.#initializer = options.initializer
  }

  /** All parameters, in the order of their layers. */
  get parameters(): readonly Parameter[] {
    return this.#parameters
  }

  /** A convolution without bias, with stride 1. */
  convolution(
    name: string,
    sizes: { filterSize: number; inputs: number; outputs: number; pad: 'valid' | 'same' },
  ): Layer {
    const { filterSize, inputs, outputs, pad } = sizes
    const filter = this.#weights(`${name}/filter`, [filterSize, filterSize, inputs, outputs])
    return x => this.tf.conv2d(x as Tensor4D, filter as unknown as Tensor4D, 1, pad)
  }

  /** Max-pooling of squares that don't overlap. */
  maxPool(size: number): Layer {
    return x => this.tf.maxPool(x as Tensor4D, size, size, 'valid')
  }

  /** Adds a number of its own to each channel. */
  bias(name: string, channels: number): Layer {
    const bias = this.#constant(`${name}/bias`, [channels], 0, true)
    return x => this.tf.add(x, bias)
  }

  /** The matrix product with a weight matrix, without bias. */
  dense(name: string, sizes: { inputs: number; outputs: number }): Layer {
    const kernel = this.#weights(`${name}/kernel`, [sizes.inputs, sizes.outputs])
    return x => this.tf.matMul(x as Tensor2D, kernel as unknown as Tensor2D)
  }

  /** A layer that replaces negative values by 0. */
  relu(): Layer {
    return x => this.tf.relu(x)
  }

  /** Makes each item of the batch one row. */
  flatten(): Layer {
    return x => this.tf.reshape(x, [x.shape[0] ?? 0, -1])
  }

  /** Drops numbers at random while training; see {@link dropoutMask}. */
  dropout(name: string, rate: number): Layer {
    if (rate === 0) return x => x
    return (x, pass) =>
      pass.isTraining ? this.tf.mul(x, this.tf.tensor(dropoutMask(x.size, rate, pass.dropoutSeed(name)), x.shape)) : x
  }

  /**
   * Normalizes each channel over the batch, then scales and shifts it.
   *
   * @see Ioffe and Szegedy, "Batch Normalization", 2015
   */
  batchNormalization(name: string, channels: number): Layer {
    const { tf } = this
    const momentum = 0.9
    const epsilon = 1e-3
    const scale = this.#constant(`${name}/scale`, [channels], 1, true)
    const shift = this.#constant(`${name}/shift`, [channels], 0, true)
    const runningMean = this.#constant(`${name}/mean`, [channels], 0, false)
    const runningVariance = this.#constant(`${name}/variance`, [channels], 1, false)
    const update = (running: Variable, batch: Tensor): void =>
      running.assign(tf.add(tf.mul(running, momentum), tf.mul(batch, 1 - momentum)))
    return (x, pass) => {
      if (!pass.isTraining) {
        const factor = tf.mul(scale, tf.rsqrt(tf.add(runningVariance, epsilon)))
        return tf.add(tf.mul(tf.sub(x, runningMean), factor), shift)
      }
      const axes = x.shape.slice(0, -1).map((_, index) => index)
      const count = x.size / channels
      const mean = tf.div(tf.sum(x, axes), count)
      const centred = tf.sub(x, mean)
      const variance = tf.div(tf.sum(tf.square(centred), axes), count)
      update(runningMean, mean)
      update(runningVariance, variance)
      return tf.add(tf.mul(centred, tf.mul(scale, tf.rsqrt(tf.add(variance, epsilon)))), shift)
    }
  }

  /** Frees the parameters. */
  dispose(): void {
    for (const { variable } of this.#parameters) variable.dispose()
    this.#parameters.length = 0
  }

  #weights(name: string, shape: readonly number[]): Variable {
    const length = shape.reduce((product, size) => product * size, 1)
    const outputs = shape.at(-1) ?? 1
    const inputs = shape.at(-2) ?? 1
    const window = length / (inputs * outputs)
    const sizes = { length, fanIn: inputs * window, fanOut: outputs * window }
    const values = initialWeights(this.#initializer, sizes, this.#rng.fork('weights', name))
    return this.#add(name, values, shape, { isTrained: true, isWeight: true })
  }

  #constant(name: string, shape: readonly number[], value: number, isTrained: boolean): Variable {
    const length = shape.reduce((product, size) => product * size, 1)
    return this.#add(name, new Float32Array(length).fill(value), shape, { isTrained, isWeight: false })
  }

  #add(
    name: string,
    values: Float32Array,
    shape: readonly number[],
    kind: { readonly isTrained: boolean; readonly isWeight: boolean },
  ): Variable {
    const variable = this.tf.tidy(() => this.tf.variable(this.tf.tensor(values, [...shape]), kind.isTrained))
    this.#parameters.push({ name, variable, ...kind })
    return variable
  }
}

/** Puts layers one after another. */
export function sequence(...layers: readonly Layer[]): Layer {
  return (x, pass) => layers.reduce((value, layer) => layer(value, pass), x)
}
