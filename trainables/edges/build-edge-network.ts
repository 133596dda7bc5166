import type { ImageSet } from '../data/images.js'
import { type Layer, sequence } from '../training/layers/layer.js'
import type { Network } from '../training/network.js'
import type { Classifier } from '../training/train.js'

/** The networks that are compared. */
export const edgeNetworkNames = ['cnn', 'mlp'] as const

/** The name of one of {@link edgeNetworkNames}. */
export type EdgeNetworkName = (typeof edgeNetworkNames)[number]

/** The sizes of the images that a network is built for. */
export type EdgeImageShape = Pick<ImageSet, 'height' | 'width' | 'channels' | 'classes'>

/** Sizes of the networks; of those that belong to the other one nothing is made. */
export interface EdgeNetworkSizes {
  /** Which one is built. */
  readonly network: EdgeNetworkName
  /** Filters of each convolution of the CNN. */
  readonly filters: readonly number[]
  /** Units of the MLP's hidden layer. */
  readonly hiddenUnits: number
}

/** Builds one of the networks; with the default sizes the CNN has 7,891 parameters and the MLP 7,883. */
export function buildEdgeNetwork(network: Network, images: EdgeImageShape, sizes: EdgeNetworkSizes): Classifier {
  const layers = sizes.network === 'cnn' ? cnn(network, images, sizes) : mlp(network, images, sizes)
  return { network, layers }
}

/**
 * Convolutions, 5 × 5 at first and 3 × 3 from there, 2 × 2 max-pooling behind each of the first two, the mean of each map, softmax: where an
 * edge is makes no difference but at the borders.
 */
function cnn(network: Network, { channels, classes }: EdgeImageShape, { filters }: EdgeNetworkSizes): Layer {
  const maps = filters.flatMap((outputs, index) => {
    const name = `convolution${index + 1}`
    const isPooled = index < 2
    const inputs = filters[index - 1] ?? channels
    return [
      network.convolution(name, { filterSize: index === 0 ? 5 : 3, inputs, outputs, pad: 'same' }),
      // biases and ReLU are monotonic: behind the pooling they are the same at a quarter of the work
      ...(isPooled ? [network.maxPool(2)] : []),
      network.bias(name, outputs),
      network.relu(),
    ]
  })
  return sequence(
    ...maps,
    network.globalAveragePool(),
    network.dense('output', { inputs: filters.at(-1) ?? channels, outputs: classes, bias: true }),
  )
}

/** One hidden layer of ReLU, softmax: all pixels are alike to it. */
function mlp(
  network: Network,
  { height, width, channels, classes }: EdgeImageShape,
  { hiddenUnits }: EdgeNetworkSizes,
): Layer {
  return sequence(
    network.flatten(),
    network.dense('hidden', { inputs: height * width * channels, outputs: hiddenUnits, bias: true }),
    network.relu(),
    network.dense('output', { inputs: hiddenUnits, outputs: classes, bias: true }),
  )
}
