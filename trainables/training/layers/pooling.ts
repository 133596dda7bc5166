import type { backend_util, Tensor4D } from '@tensorflow/tfjs-core'
import type { Layer, LayerHost } from './layer.js'
import { type Padding, padFor } from './padding.js'

/** How pooling windows lie. */
export interface PoolingOptions {
  /** Pixels from one window to the next. @defaultValue the window's size */
  readonly stride?: number | undefined
  /** What is padded counts neither for the maximum nor for the mean. @defaultValue 'valid' */
  readonly pad?: Padding | undefined
}

/** The maximum over square windows, for each channel. */
export function maxPool({ tf }: LayerHost, size: number, { stride = size, pad = 'valid' }: PoolingOptions = {}): Layer {
  return x => {
    const padded = padFor(tf, x as Tensor4D, { size, stride, pad }, Number.NEGATIVE_INFINITY)
    return tf.maxPool(padded.x, size, stride, padded.pad)
  }
}

/**
 * The mean over square windows, for each channel.
 *
 * @remarks The gradient that TensorFlow.js 4.22 has for padded windows takes what is padded for a part of the mean, so the padding is done here.
 */
export function averagePool(
  { tf }: LayerHost,
  size: number,
  { stride = size, pad = 'valid' }: PoolingOptions = {},
): Layer {
  return input => {
    const x = input as Tensor4D
    if (pad === 'valid' || pad === 0) return tf.avgPool(x, size, stride, 'valid')
    const windows = tf.backend_util.computePool2DInfo(x.shape, size, stride, 1, pad)
    const { top, bottom, left, right } = windows.padInfo
    const padded = tf.pad(x, [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ])
    return tf.mul(tf.avgPool(padded, size, stride, 'valid'), tf.tensor(insideFactors(windows)))
  }
}

/** By how much the mean over each window is too small for having zeros around the image counted in: nested [1 × h′ × w′ × 1]. */
function insideFactors(windows: backend_util.Conv2DInfo): number[][][][] {
  const { outHeight, outWidth, inHeight, inWidth, filterHeight, filterWidth, strideHeight, strideWidth, padInfo } =
    windows
  const inside = (index: number, stride: number, before: number, window: number, length: number): number => {
    const start = index * stride - before
    return Math.min(start + window, length) - Math.max(start, 0)
  }
  const rows = Array.from({ length: outHeight }, (_, row) =>
    Array.from({ length: outWidth }, (_, column) => {
      const height = inside(row, strideHeight, padInfo.top, filterHeight, inHeight)
      const width = inside(column, strideWidth, padInfo.left, filterWidth, inWidth)
      return [(filterHeight * filterWidth) / (height * width)]
    }),
  )
  return [rows]
}

/** The mean over the whole image, for each channel: [n × h × w × c] → [n × c]. */
export function globalAveragePool({ tf }: LayerHost): Layer {
  return x => tf.mean(x, [1, 2])
}
