import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import { Rng } from '../../src/rng.js'
import { loadTensorFlow, type TensorFlowCore } from '../../trainables/index.js'

/** A tensor that a kernel is run on. */
export interface Input {
  readonly shape: readonly number[]
  readonly dtype?: 'int32'
  /** @defaultValue drawn from a seed */
  readonly values?: readonly number[]
}

/** A result's shape and numbers. */
export interface Output {
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

/** A tensor for each input. */
type TensorsOf<I extends readonly Input[]> = { readonly [K in keyof I]: Tensor }

type Operation<I extends readonly Input[], R> = (...tensors: TensorsOf<I>) => R

/** Runs kernels on the WASM back end and on the cpu back end, which is taken to be right. */
export class KernelAgreement {
  readonly tf: TensorFlowCore

  private constructor(tf: TensorFlowCore) {
    this.tf = tf
  }

  static async load(): Promise<KernelAgreement> {
    const { tf } = await loadTensorFlow({ backend: 'wasm' })
    await import('@tensorflow/tfjs-backend-cpu')
    return new KernelAgreement(tf)
  }

  /** Runs an operation on one back end. */
  async compute<const I extends readonly Input[]>(
    backend: 'wasm' | 'cpu',
    inputs: I,
    run: Operation<I, Tensor | Tensor[]>,
  ): Promise<readonly Output[]> {
    const { tf } = this
    await tf.setBackend(backend)
    const results = tf.tidy(() => {
      const tensors = inputs.map(({ shape, dtype, values }, index) =>
        tf.tensor([...(values ?? normals(shape, index))], [...shape], dtype ?? 'float32'),
      )
      // there is one for each input
      return [run(...(tensors as unknown as TensorsOf<I>))].flat()
    })
    const read = results.map(result => ({ shape: result.shape, values: Array.from(result.dataSync()) }))
    tf.dispose(results)
    return read
  }

  /** Expects both back ends to agree to 1e-4, relative to the result's largest number. */
  async expect<const I extends readonly Input[]>(inputs: I, run: Operation<I, Tensor | Tensor[]>): Promise<void> {
    const expected = await this.compute('cpu', inputs, run)
    const found = await this.compute('wasm', inputs, run)
    expect(found.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape))
    for (const [index, { values }] of expected.entries()) {
      const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3)
      const distances = values.map((value, at) => Math.abs(value - (found[index]?.values[at] ?? Number.NaN)) / scale)
      expect(Math.max(0, ...distances)).toBeLessThan(1e-4)
    }
  }

  /**
   * Expects the gradients on the WASM back end to be the slopes of the function: along a random direction, by central differences.
   *
   * @param step - how far the inputs are moved; for linear functions any will do, for others it should be small
   */
  async expectSlopes<const I extends readonly Input[]>(
    inputs: I,
    run: Operation<I, Tensor>,
    step: number,
  ): Promise<void> {
    const { tf } = this
    const weighted = (...tensors: Tensor[]): Tensor => {
      // there is one for each input
      const y = run(...(tensors as unknown as TensorsOf<I>))
      return tf.mul(y, upstream(tf, y.shape))
    }
    const all: readonly Input[] = inputs
    const gradients = await this.compute('wasm', all, (...tensors) =>
      tf.grads((...points: Tensor[]) => tf.sum(weighted(...points)))([...tensors]),
    )
    for (const [index, { shape }] of inputs.entries()) {
      const direction = normals(shape, 100 + index)
      const at = async (distance: number): Promise<number> => {
        const moved = inputs.map((input, other) => {
          const values = input.values ?? normals(input.shape, other)
          if (other !== index) return { ...input, values }
          return { ...input, values: values.map((value, place) => value + distance * (direction[place] ?? 0)) }
        })
        const [y] = await this.compute('wasm', moved, weighted)
        // summed in double precision
        return (y?.values ?? []).reduce((sum, value) => sum + value, 0)
      }
      const slope = ((await at(step)) - (await at(-step))) / (2 * step)
      const gradient = gradients[index]?.values ?? []
      const predicted = gradient.reduce((sum, value, place) => sum + value * (direction[place] ?? 0), 0)
      const scale = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0))
      expect(Math.abs(slope - predicted)).toBeLessThan(1e-3 * Math.max(scale, 1e-3))
    }
  }
}

/** Normally distributed numbers, the same for each seed. */
export function normals(shape: readonly number[], seed: number): readonly number[] {
  const rng = Rng.from(seed)
  return Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => rng.normal())
}

/** Runs one kernel by its name. */
export function runKernel(tf: TensorFlowCore, name: string, inputs: Record<string, Tensor>, attributes: unknown) {
  return tf.engine().runKernel(name, inputs, attributes as NamedAttrMap) as Tensor
}

/** How a convolution goes over its input. */
export interface ConvolutionSettings {
  readonly strides: readonly [number, number]
  readonly pad: 'valid' | 'same' | number
}

/** A convolution and its two gradients, for an upstream gradient that depends on the result. */
export function convolutionAndGradients(tf: TensorFlowCore, { strides, pad }: ConvolutionSettings) {
  const attributes = { strides, pad, dilations: [1, 1], dataFormat: 'NHWC' }
  return (x: Tensor, filter: Tensor): Tensor[] => {
    const y = runKernel(tf, 'Conv2D', { x, filter }, attributes)
    const dy = tf.add(y, 1)
    return [
      y,
      runKernel(tf, 'Conv2DBackpropFilter', { x, dy }, { ...attributes, filterShape: filter.shape }),
      runKernel(tf, 'Conv2DBackpropInput', { dy, filter }, { ...attributes, inputShape: x.shape }),
    ]
  }
}

/** Some numbers for an output's gradient; the back end's own forward pass is not what is tested. */
export function upstream(tf: TensorFlowCore, shape: readonly number[]): Tensor {
  const length = shape.reduce((product, size) => product * size, 1)
  return tf.reshape(tf.sin(tf.range(0, length)), [...shape])
}
