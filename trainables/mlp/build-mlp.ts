import type { ImageSet } from '../data/images.js'
import { type Layer, sequence } from '../training/layers/layer.js'
import type { Network } from '../training/network.js'
import type { Classifier } from '../training/train.js'
import type { MnistMlpSettings } from './config.js'

/** Builds a multi-layer perceptron: hidden dense layers one after another with dropout between them, and a softmax. */
export function buildMlp(
  network: Network,
  images: Pick<ImageSet, 'height' | 'width' | 'channels' | 'classes'>,
  settings: Pick<MnistMlpSettings, 'hiddenUnits' | 'activation' | 'inputDropout' | 'hiddenDropout'>,
): Classifier {
  const { hiddenUnits, activation, inputDropout, hiddenDropout } = settings
  const layers: Layer[] = [network.flatten(), network.dropout('input', inputDropout)]
  let inputs = images.height * images.width * images.channels
  for (const [index, outputs] of hiddenUnits.entries()) {
    const name = `hidden${index + 1}`
    layers.push(
      network.dense(name, { inputs, outputs, bias: true }),
      network.activation(activation),
      network.dropout(name, hiddenDropout),
    )
    inputs = outputs
  }
  layers.push(network.dense('output', { inputs, outputs: images.classes, bias: true }))
  return { network, layers: sequence(...layers) }
}
