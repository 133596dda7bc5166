import { TuneError } from '../../src/errors.js'
import type { ImageSet } from '../data/images.js'
import { type Layer, sequence } from '../training/layers/layer.js'
import type { Network } from '../training/network.js'
import type { Classifier } from '../training/train.js'
import type { MnistCnnSettings } from './config.js'

/**
 * Builds the network for images of a size.
 *
 * Biases and activations come after the pooling: they are monotonic, so the result is the same as before it, at a quarter of the work.
 */
export function buildCnn(network: Network, images: ImageSet, settings: MnistCnnSettings): Classifier {
  const { filters, filterSize, padding, denseUnits, dropout, batchNormalization } = settings
  const shift = (name: string, channels: number): Layer =>
    batchNormalization ? network.batchNormalization(name, channels) : network.bias(name, channels)
  const layers: Layer[] = []
  let [height, width, channels] = [images.height, images.width, images.channels]
  const afterLayer = (size: number): number => Math.floor((padding === 'same' ? size : size - filterSize + 1) / 2)
  for (const [index, outputs] of filters.entries()) {
    const name = `convolution${index + 1}`
    layers.push(
      network.convolution(name, { filterSize, inputs: channels, outputs, pad: padding }),
      network.maxPool(2),
      shift(name, outputs),
      network.relu(),
    )
    height = afterLayer(height)
    width = afterLayer(width)
    channels = outputs
    if (height < 1 || width < 1) {
      network.dispose()
      throw new TuneError(
        'INVALID_CONFIG',
        `filters has ${filters.length} entries, but after ${index + 1} of them no pixel is left: use fewer, or padding 'same'`,
      )
    }
  }
  let units = height * width * channels
  layers.push(network.flatten())
  if (denseUnits > 0) {
    layers.push(
      network.dropout('hidden', dropout),
      network.dense('hidden', { inputs: units, outputs: denseUnits }),
      shift('hidden', denseUnits),
      network.relu(),
    )
    units = denseUnits
  }
  layers.push(
    network.dropout('output', dropout),
    network.dense('output', { inputs: units, outputs: images.classes }),
    network.bias('output', images.classes),
  )
  return { network, layers: sequence(...layers) }
}
