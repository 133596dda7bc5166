import { show, TuneError } from '../../src/errors.js'
import type { Rng } from '../../src/rng.js'
import type { TensorFlowCore } from '../tensorflow/backend.js'
import { type Initializer, initialWeights } from './initializers.js'
import { type ActivationName, type ActivationOptions, activation } from './layers/activations.js'
import { concatenate, residual, withoutGradient } from './layers/combine.js'
import { type ConvolutionOptions, convolution } from './layers/convolution.js'
import { bias, type DenseOptions, dense, flatten } from './layers/dense.js'
import { dropout } from './layers/dropout.js'
import type { Layer, LayerHost } from './layers/layer.js'
import { type BatchNormalizationOptions, batchNormalization } from './layers/normalization.js'
import { averagePool, globalAveragePool, maxPool, type PoolingOptions } from './layers/pooling.js'
import { Parameter, type ParameterKind } from './parameter.js'

/** How a network's weights start. */
export interface NetworkOptions {
  /** The stream that each parameter's own is forked from, by its name. */
  readonly rng: Rng
  /** For the layers that don't have one of their own. */
  readonly initializer: Initializer
}

/**
 * Makes layers and owns their parameters. Each layer has a name, from which its initial weights are drawn, so that adding a layer
 * leaves the others as they were.
 *
 * A network of a kind of its own adds layers by {@link weight}, {@link offset} and {@link statistic}.
 */
export class Network implements LayerHost {
  readonly tf: TensorFlowCore
  readonly #parameters = new Map<string, Parameter>()
  readonly #options: NetworkOptions

  constructor(tf: TensorFlowCore, options: NetworkOptions) {
    this.tf = tf
    this.#options = options
  }

  /** All parameters, in the order of their layers. */
  get parameters(): readonly Parameter[] {
    return [...this.#parameters.values()]
  }

  /** How many numbers it can learn, frozen ones included; statistics don't count. */
  get parameterCount(): number {
    return this.parameters.reduce((sum, { kind, size }) => sum + (kind === 'statistic' ? 0 : size), 0)
  }

  /**
   * Looks up a parameter, such as `hidden/scale`.
   *
   * @throws TuneError `INVALID_OPTION` when there is none of that name
   */
  parameter(name: string): Parameter {
    const found = this.#parameters.get(name)
    if (found !== undefined) return found
    throw new TuneError(
      'INVALID_OPTION',
      `the network has no parameter ${show(name)}, only ${[...this.#parameters.keys()].join(', ')}`,
    )
  }

  /**
   * Keeps layers as they are: their parameters are no longer trained, their batch statistics no longer updated. Optimizers that are made afterwards
   * keep nothing for them.
   *
   * @param layers - layers' names, or the parts of names that come before a slash: `stage1` for `stage1/first/filter`, not for `stage10/…`
   * @throws TuneError `INVALID_OPTION` when one of them matches nothing
   */
  freeze(...layers: readonly string[]): void {
    this.#setFrozen(layers, true)
  }

  /** Lets layers be trained again, by an optimizer that is made afterwards; see {@link freeze}. */
  unfreeze(...layers: readonly string[]): void {
    this.#setFrozen(layers, false)
  }

  /** A convolution, without bias by default. */
  convolution(name: string, options: ConvolutionOptions): Layer {
    return convolution(this, name, options)
  }

  /** The maximum over squares; by default they don't overlap. */
  maxPool(size: number, options?: PoolingOptions): Layer {
    return maxPool(this, size, options)
  }

  /** The mean over squares; by default they don't overlap. */
  averagePool(size: number, options?: PoolingOptions): Layer {
    return averagePool(this, size, options)
  }

  /** The mean of each channel over the image. */
  globalAveragePool(): Layer {
    return globalAveragePool(this)
  }

  /** Adds a number of its own to each channel. */
  bias(name: string, channels: number): Layer {
    return bias(this, name, channels)
  }

  /** The matrix product with a weight matrix, without bias by default. */
  dense(name: string, options: DenseOptions): Layer {
    return dense(this, name, options)
  }

  /** A layer that replaces negative values by 0. */
  relu(): Layer {
    return activation(this, 'relu')
  }

  /** A function of each number. */
  activation(name: ActivationName, options?: ActivationOptions): Layer {
    return activation(this, name, options)
  }

  /** Makes each item of the batch one row. */
  flatten(): Layer {
    return flatten(this)
  }

  /** Drops numbers at random while training. */
  dropout(name: string, rate: number): Layer {
    return dropout(this, name, rate)
  }

  /** Normalizes each channel over the batch, then scales and shifts it. */
  batchNormalization(name: string, channels: number, options?: BatchNormalizationOptions): Layer {
    return batchNormalization(this, name, channels, options)
  }

  /** A branch and a shortcut around it, added up. */
  residual(branch: Layer, shortcut?: Layer): Layer {
    return residual(this, branch, shortcut)
  }

  /** Branches side by side, their channels put one after another. */
  concatenate(...branches: readonly Layer[]): Layer {
    return concatenate(this, ...branches)
  }

  /** A layer that no gradient goes through: a frozen trunk, whose activations are then freed at once. */
  withoutGradient(layer: Layer): Layer {
    return withoutGradient(this, layer)
  }

  weight(name: string, shape: readonly number[], initializer: Initializer = this.#options.initializer): Parameter {
    const length = shape.reduce((product, size) => product * size, 1)
    const outputs = shape.at(-1) ?? 1
    const inputs = shape.at(-2) ?? 1
    const window = length / (inputs * outputs)
    const sizes = { length, fanIn: inputs * window, fanOut: outputs * window }
    return this.#add(name, shape, 'weight', () =>
      initialWeights(initializer, sizes, this.#options.rng.fork('weights', name)),
    )
  }

  offset(name: string, shape: readonly number[], value: number): Parameter {
    return this.#constant(name, shape, value, 'offset')
  }

  statistic(name: string, shape: readonly number[], value: number): Parameter {
    return this.#constant(name, shape, value, 'statistic')
  }

  /** Frees the parameters. */
  dispose(): void {
    for (const parameter of this.#parameters.values()) parameter.dispose()
    this.#parameters.clear()
  }

  #constant(name: string, shape: readonly number[], value: number, kind: ParameterKind): Parameter {
    const length = shape.reduce((product, size) => product * size, 1)
    return this.#add(name, shape, kind, () => new Float32Array(length).fill(value))
  }

  #add(name: string, shape: readonly number[], kind: ParameterKind, draw: () => Float32Array): Parameter {
    if (this.#parameters.has(name)) {
      throw new TuneError('INVALID_OPTION', `two layers have a parameter ${show(name)}: give each a name of its own`)
    }
    const parameter = new Parameter(this.tf, { name, shape, kind, draw })
    this.#parameters.set(name, parameter)
    return parameter
  }

  #setFrozen(layers: readonly string[], isFrozen: boolean): void {
    for (const layer of layers) {
      const matching = this.parameters.filter(({ name }) => name === layer || name.startsWith(`${layer}/`))
      if (matching.length === 0) {
        throw new TuneError(
          'INVALID_OPTION',
          `no parameter's name is ${show(layer)} or starts with ${show(`${layer}/`)}: the network has ${[...this.#parameters.keys()].join(', ')}`,
        )
      }
      for (const parameter of matching) parameter.isFrozen = isFrozen
    }
  }
}
