import type { ImageSet } from '../data/images.js'
import { type Layer, sequence } from '../training/layers/layer.js'
import type { Network } from '../training/network.js'
import type { Classifier } from '../training/train.js'
import type { LeNet5Settings } from './config.js'

/** The side of the images that LeNet-5 takes, in pixels; smaller ones get a black border. */
const inputSide = 32

/** What the convolutions and poolings leave of an image: 5 × 5 places. */
const placesLeft = 25

/**
 * Builds LeNet-5: two 5 × 5 convolutions of 6 and 16 filters, each followed by its activation and 2 × 2 max-pooling, and dense layers of 120 and 84
 * units. With MNIST's images it has 61,706 parameters if nothing is normalized.
 *
 * @remarks As usual today, the second convolution sees all six maps, pooling takes the maximum, and the output is a softmax.
 * @see LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document Recognition", 1998, section II.B
 */
export function buildLeNet5(
  network: Network,
  images: Pick<ImageSet, 'height' | 'channels' | 'classes'>,
  settings: Pick<LeNet5Settings, 'activation' | 'batchNormalization' | 'inputDropout' | 'hiddenDropout'>,
): Classifier {
  const { activation, batchNormalization, inputDropout, hiddenDropout } = settings
  const { channels, classes } = images
  const hidden = (name: string, outputs: number): Layer =>
    sequence(
      batchNormalization === 'none' ? network.bias(name, outputs) : network.batchNormalization(name, outputs),
      network.activation(activation),
    )
  const convolution = (name: string, inputs: number, outputs: number, pad: number): Layer =>
    sequence(
      network.convolution(name, { filterSize: 5, inputs, outputs, pad }),
      hidden(name, outputs),
      network.maxPool(2),
    )
  const dense = (name: string, inputs: number, outputs: number): Layer =>
    sequence(network.dropout(name, hiddenDropout), network.dense(name, { inputs, outputs }), hidden(name, outputs))
  const layers = sequence(
    batchNormalization === 'inputAndHidden' ? network.batchNormalization('input', channels) : x => x,
    network.dropout('input', inputDropout),
    convolution('convolution1', channels, 6, (inputSide - images.height) / 2),
    network.dropout('convolution2', hiddenDropout),
    convolution('convolution2', 6, 16, 0),
    network.flatten(),
    dense('dense1', 16 * placesLeft, 120),
    dense('dense2', 120, 84),
    network.dropout('output', hiddenDropout),
    network.dense('output', { inputs: 84, outputs: classes, bias: true }),
  )
  return { network, layers }
}
