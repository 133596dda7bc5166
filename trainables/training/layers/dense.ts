import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Initializer } from '../initializers.js'
import type { Layer, LayerHost } from './layer.js'

/** Sizes of a dense layer. */
export interface DenseOptions {
  /** Numbers that come in. */
  readonly inputs: number
  /** Units. */
  readonly outputs: number
  /** Whether each unit has a number of its own added. @defaultValue false */
  readonly bias?: boolean | undefined
  /** How the weights start. @defaultValue that of the network */
  readonly initializer?: Initializer | undefined
}

/** The matrix product with a weight matrix, [n × inputs] → [n × outputs]; parameters `kernel` and, if wanted, `bias`. */
export function dense(host: LayerHost, name: string, options: DenseOptions): Layer {
  const { tf } = host
  const { inputs, outputs } = options
  const kernel = host.weight(`${name}/kernel`, [inputs, outputs], options.initializer)
  const bias = options.bias ? host.offset(`${name}/bias`, [outputs], 0) : undefined
  return x => {
    const y = tf.matMul(x as Tensor2D, kernel.variable as unknown as Tensor2D)
    return bias === undefined ? y : tf.add(y, bias.variable)
  }
}

/** Adds a number of its own to each channel; parameter `bias`. */
export function bias(host: LayerHost, name: string, channels: number): Layer {
  const offset = host.offset(`${name}/bias`, [channels], 0)
  return x => host.tf.add(x, offset.variable)
}

/** Makes each item of the batch one row. */
export function flatten({ tf }: LayerHost): Layer {
  return x => tf.reshape(x, [x.shape[0] ?? 0, -1])
}
