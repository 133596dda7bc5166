import { show, TuneError } from '../../src/errors.js'
import { type BodyAndHead, bodyAndHead } from '../image-models/body-and-head.js'
import { type Layer, observe, sequence } from '../training/layers/layer.js'
import type { Network } from '../training/network.js'
import type { ImageSizes } from '../training/train.js'
import type { AlexNetArchitecture } from './architecture.js'

/** Of the max-pooling. */
const window = { size: 3, stride: 2 } as const

/**
 * Makes AlexNet's layers: `convolution1` …, `hidden1` …, and `output`. Shows to whoever watches a pass what each convolution gives, after
 * its ReLU.
 *
 * @param images - their size, which the dense layers depend on, and how many classes are told apart
 * @throws TuneError `INVALID_CONFIG` when no pixel is left after the convolutions
 */
export function buildAlexNet(
  network: Network,
  { convolutions, denseUnits, dropout }: AlexNetArchitecture,
  images: ImageSizes & { readonly classes: number },
): BodyAndHead {
  const layers: Layer[] = []
  let { height, width, channels } = images
  for (const [index, { filters, filterSize, stride, pad, isPooled }] of convolutions.entries()) {
    const name = `convolution${index + 1}`
    layers.push(
      network.convolution(name, { filterSize, inputs: channels, outputs: filters, stride, pad, bias: true }),
      network.relu(),
      observe(name),
    )
    if (isPooled) layers.push(network.maxPool(window.size, { stride: window.stride }))
    const after = (pixels: number): number => {
      const convolved = Math.floor((pixels + 2 * pad - filterSize) / stride) + 1
      return isPooled ? Math.floor((convolved - window.size) / window.stride) + 1 : convolved
    }
    height = after(height)
    width = after(width)
    channels = filters
    if (height < 1 || width < 1)
      throw new TuneError(
        'INVALID_CONFIG',
        `images of ${show(images.height)} × ${show(images.width)} pixels are too small: after ${name} none is left; make them larger`,
      )
  }
  layers.push(network.flatten())
  let units = height * width * channels
  for (const [index, outputs] of denseUnits.entries()) {
    const name = `hidden${index + 1}`
    layers.push(
      network.dropout(name, dropout),
      network.dense(name, { inputs: units, outputs, bias: true }),
      network.relu(),
    )
    units = outputs
  }
  const head = network.dense('output', { inputs: units, outputs: images.classes, bias: true })
  return bodyAndHead(network, sequence(...layers), head)
}
