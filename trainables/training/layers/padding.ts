import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { TensorFlowCore } from '../../tensorflow/backend.js'

/** What lies around an image: nothing, as much as keeps the size (at stride 1), or so many pixels on each side. */
export type Padding = 'valid' | 'same' | number

/**
 * Makes images ready for windows with a padding that each back end takes: libtensorflow has none in pixels.
 *
 * @param value - what is padded with
 */
export function padFor(
  tf: TensorFlowCore,
  x: Tensor4D,
  window: { readonly size: number; readonly stride: number; readonly pad: Padding },
  value: number,
): { readonly x: Tensor4D; readonly pad: Padding } {
  const { size, stride, pad } = window
  if (typeof pad === 'string') return { x, pad }
  if (pad === 0) return { x, pad: 'valid' }
  if (stride === 1 && size === 2 * pad + 1) return { x, pad: 'same' }
  if (tf.getBackend() !== 'tensorflow') return { x, pad }
  const sides: [number, number] = [pad, pad]
  return { x: tf.pad(x, [[0, 0], sides, sides, [0, 0]], value), pad: 'valid' }
}
