import type { Tensor } from '@tensorflow/tfjs-core'
import type { Layer, LayerHost } from './layer.js'

/**
 * A branch and a shortcut around it, added up.
 *
 * @param shortcut - by default the input as it is, which must then have the branch's shape
 * @see He et al., "Deep Residual Learning for Image Recognition", 2016, section 3.2
 */
export function residual({ tf }: LayerHost, branch: Layer, shortcut: Layer = x => x): Layer {
  return (x, pass) => tf.add(branch(x, pass), shortcut(x, pass))
}

/**
 * Branches side by side, their channels put one after another.
 *
 * @see Szegedy et al., "Going Deeper with Convolutions", 2015, section 4
 */
export function concatenate({ tf }: LayerHost, ...branches: readonly Layer[]): Layer {
  return (x, pass) => {
    const outputs = branches.map(branch => branch(x, pass))
    return tf.concat(outputs, -1)
  }
}

/**
 * A layer that no gradient goes through, so that what it computes on its way is freed at once: for the frozen trunk of a network whose end is trained.
 * Its parameters have to be frozen.
 */
export function withoutGradient({ tf }: LayerHost, layer: Layer): Layer {
  return (x, pass) =>
    tf.customGrad((...given) => ({
      value: layer(given[0] as Tensor, pass),
      gradFunc: () => tf.zerosLike(x),
    }))(x)
}
