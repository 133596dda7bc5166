import type { ImageSet } from '../data/images.js'
import { miniDownsample, miniInception, normalizedConvolution } from '../training/layers/blocks.js'
import { type Layer, sequence } from '../training/layers/layer.js'
import type { Network } from '../training/network.js'
import type { Classifier } from '../training/train.js'

/** Channels of the 1 × 1 and the 3 × 3 convolution of an inception block, or of the convolution that halves the image. */
type Block = { readonly narrow: number; readonly wide: number } | { readonly halved: number }

const stem = 96
const blocks: readonly Block[] = [
  { narrow: 32, wide: 32 },
  { narrow: 32, wide: 48 },
  { halved: 80 },
  { narrow: 112, wide: 48 },
  { narrow: 96, wide: 64 },
  { narrow: 80, wide: 80 },
  { narrow: 48, wide: 96 },
  { halved: 96 },
  { narrow: 176, wide: 160 },
  { narrow: 176, wide: 160 },
]

/**
 * Builds MiniGoogLeNet: a 3 × 3 convolution, eight inception blocks of two convolutions side by side, the image halved twice on the way, the mean over the
 * image, and a softmax. Each convolution is normalized and followed by ReLU. For coloured images it has 1,651,114 parameters: the 1,649,402 of the paper, and 1,712 scales of batch normalization, which
 * the paper's has not.
 *
 * @param images - 16 or more pixels high and wide
 * @param width - by what all channels are multiplied; > 0
 * @remarks The windows that halve the image don't reach over its border, so that images of 28 pixels become ones of 13 and 6.
 * @see Zhang et al., "Understanding Deep Learning Requires Rethinking Generalization", 2017, figure 3 and table 1
 */
export function buildMiniGoogLeNet(
  network: Network,
  images: Pick<ImageSet, 'channels' | 'classes'>,
  width = 1,
): Classifier {
  const scaled = (channels: number): number => Math.max(1, Math.round(channels * width))
  const layers: Layer[] = [
    normalizedConvolution(network, 'stem', { filterSize: 3, inputs: images.channels, outputs: scaled(stem) }),
  ]
  let inputs = scaled(stem)
  for (const [index, block] of blocks.entries()) {
    const name = `block${index + 1}`
    if ('halved' in block) {
      const outputs = scaled(block.halved)
      layers.push(miniDownsample(network, name, { inputs, outputs }))
      inputs += outputs
    } else {
      const [narrow, wide] = [scaled(block.narrow), scaled(block.wide)]
      layers.push(miniInception(network, name, { inputs, narrow, wide }))
      inputs = narrow + wide
    }
  }
  layers.push(network.globalAveragePool(), network.dense('output', { inputs, outputs: images.classes, bias: true }))
  return { network, layers: sequence(...layers) }
}
