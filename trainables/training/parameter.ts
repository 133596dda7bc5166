import type { Variable } from '@tensorflow/tfjs-core'
import { show, TuneError } from '../../src/errors.js'
import type { TensorFlowCore } from '../tensorflow/backend.js'

/**
 * What a parameter is to training: a `weight` is trained and subject to L1 and L2 penalties, an `offset` (a bias, or batch normalization's scale and
 * shift) is trained without them, a `statistic` is kept, not trained.
 */
export type ParameterKind = 'weight' | 'offset' | 'statistic'

/**
 * Something that a network has learnt, or keeps.
 *
 * Its numbers are drawn when they are first asked for, so that a network of sixty million parameters can be counted, or loaded from a file,
 * without the draws.
 */
export class Parameter {
  /** Its name, unique in the network and the same in each run: the layer's, a slash, and what it is there. */
  readonly name: string
  /** Its sizes, a convolution's filter as [height × width × inputs × outputs]. */
  readonly shape: readonly number[]
  /** What it is to training. */
  readonly kind: ParameterKind
  /** Left as it is by training; see {@link Network.freeze}. */
  isFrozen = false
  readonly #tf: TensorFlowCore
  readonly #draw: () => Float32Array
  #variable: Variable | undefined

  /** @param options - `draw` makes the numbers that it starts with */
  constructor(
    tf: TensorFlowCore,
    options: {
      readonly name: string
      readonly shape: readonly number[]
      readonly kind: ParameterKind
      readonly draw: () => Float32Array
    },
  ) {
    this.#tf = tf
    this.name = options.name
    this.shape = options.shape
    this.kind = options.kind
    this.#draw = options.draw
  }

  /** How many numbers it holds. */
  get size(): number {
    return this.shape.reduce((product, size) => product * size, 1)
  }

  /** Whether training changes it. */
  get isTrained(): boolean {
    return this.kind !== 'statistic' && !this.isFrozen
  }

  /** Whether it is subject to L1 and L2 penalties. */
  get isWeight(): boolean {
    return this.kind === 'weight'
  }

  /** Holds its value, and is what the optimizer changes. */
  get variable(): Variable {
    this.#variable ??= this.#create(this.#draw())
    return this.#variable
  }

  /** A copy of its numbers, row-major. */
  read(): Float32Array {
    return this.variable.dataSync<'float32'>().slice()
  }

  /**
   * Sets its numbers, row-major.
   *
   * @throws TuneError `INVALID_OPTION` when there are more or fewer than it holds
   */
  write(values: Float32Array): void {
    if (values.length !== this.size) {
      throw new TuneError('INVALID_OPTION', `${this.name} ${show(this.shape)} can't take ${values.length} numbers`)
    }
    const variable = this.#variable
    if (variable === undefined) this.#variable = this.#create(values)
    else this.#tf.tidy(() => variable.assign(this.#tf.tensor(values, [...this.shape])))
  }

  /** Frees its memory. */
  dispose(): void {
    this.#variable?.dispose()
    this.#variable = undefined
  }

  #create(values: Float32Array): Variable {
    const tf = this.#tf
    return tf.tidy(() => tf.variable(tf.tensor(values, [...this.shape]), this.kind !== 'statistic'))
  }
}
