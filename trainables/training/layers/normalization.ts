import type { Tensor } from '@tensorflow/tfjs-core'
import type { Parameter } from '../parameter.js'
import type { Layer, LayerHost } from './layer.js'

/** How batch normalization keeps its statistics. */
export interface BatchNormalizationOptions {
  /** The part of the running statistics that each batch leaves; in [0, 1). @defaultValue 0.9 */
  readonly momentum?: number | undefined
  /** Added to the variance. @defaultValue 0.001 */
  readonly epsilon?: number | undefined
}

/**
 * Normalizes each channel over the batch, then scales and shifts it; parameters `scale`, `shift`, and the running `mean` and `variance` that
 * predictions use. A frozen one uses these while training too, and leaves them.
 *
 * @see Ioffe and Szegedy, "Batch Normalization", 2015
 */
export function batchNormalization(
  host: LayerHost,
  name: string,
  channels: number,
  { momentum = 0.9, epsilon = 1e-3 }: BatchNormalizationOptions = {},
): Layer {
  const { tf } = host
  const scale = host.offset(`${name}/scale`, [channels], 1)
  const shift = host.offset(`${name}/shift`, [channels], 0)
  const runningMean = host.statistic(`${name}/mean`, [channels], 0)
  const runningVariance = host.statistic(`${name}/variance`, [channels], 1)
  const update = ({ variable }: Parameter, batch: Tensor): void =>
    variable.assign(tf.add(tf.mul(variable, momentum), tf.mul(batch, 1 - momentum)))
  return (x, pass) => {
    if (!pass.isTraining || runningMean.isFrozen) {
      const factor = tf.mul(scale.variable, tf.rsqrt(tf.add(runningVariance.variable, epsilon)))
      return tf.add(tf.mul(tf.sub(x, runningMean.variable), factor), shift.variable)
    }
    const axes = x.shape.slice(0, -1).map((_, index) => index)
    const count = x.size / channels
    const mean = tf.div(tf.sum(x, axes), count)
    const centred = tf.sub(x, mean)
    const variance = tf.div(tf.sum(tf.square(centred), axes), count)
    update(runningMean, mean)
    update(runningVariance, variance)
    return tf.add(tf.mul(centred, tf.mul(scale.variable, tf.rsqrt(tf.add(variance, epsilon)))), shift.variable)
  }
}
