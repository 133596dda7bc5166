import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { Initializer } from '../initializers.js'
import type { Layer, LayerHost } from './layer.js'
import { type Padding, padFor } from './padding.js'

/** Sizes of a convolution. */
export interface ConvolutionOptions {
  /** Height and width of the filters, in pixels. */
  readonly filterSize: number
  /** Channels that come in. */
  readonly inputs: number
  /** Channels that go out, one a filter. */
  readonly outputs: number
  /** Pixels from one window to the next. @defaultValue 1 */
  readonly stride?: number | undefined
  /** @defaultValue 'valid' */
  readonly pad?: Padding | undefined
  /** Whether each output channel has a number of its own added. @defaultValue false */
  readonly bias?: boolean | undefined
  /** How the filters start. @defaultValue that of the network */
  readonly initializer?: Initializer | undefined
}

/** A convolution [n × h × w × inputs] → [n × h′ × w′ × outputs]; parameters `filter` and, if wanted, `bias`. */
export function convolution(host: LayerHost, name: string, options: ConvolutionOptions): Layer {
  const { tf } = host
  const { filterSize, inputs, outputs, stride = 1, pad = 'valid' } = options
  const filter = host.weight(`${name}/filter`, [filterSize, filterSize, inputs, outputs], options.initializer)
  const bias = options.bias ? host.offset(`${name}/bias`, [outputs], 0) : undefined
  return input => {
    const padded = padFor(tf, input as Tensor4D, { size: filterSize, stride, pad }, 0)
    const y = tf.conv2d(padded.x, filter.variable as unknown as Tensor4D, stride, padded.pad)
    return bias === undefined ? y : tf.add(y, bias.variable)
  }
}
