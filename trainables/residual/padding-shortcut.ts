import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { Layer, LayerHost } from '../training/layers/layer.js'
import { averagePool } from '../training/layers/pooling.js'

/**
 * A shortcut without parameters: every `stride`-th pixel of every `stride`-th row, and channels of zeros behind those that come in.
 *
 * @see He et al. 2016, section 3.3, option A
 */
export function paddingShortcut(
  host: LayerHost,
  { inputs, outputs, stride }: { readonly inputs: number; readonly outputs: number; readonly stride: number },
): Layer {
  const { tf } = host
  // the mean over a window of one pixel is that pixel
  const thinned: Layer = stride === 1 ? x => x : averagePool(host, 1, { stride })
  return (x, pass) => {
    const kept = thinned(x, pass) as Tensor4D
    return tf.pad(kept, [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, outputs - inputs],
    ])
  }
}
