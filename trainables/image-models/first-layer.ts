import { TuneError } from '../../src/errors.js'
import type { Batch } from '../data/images.js'
import { inference } from '../training/layers/layer.js'
import type { Network } from '../training/network.js'
import type { Classifier, ImageSizes } from '../training/train.js'

/** Grey pictures of one size: what `imageGrid` draws. */
export interface Planes {
  /** Pixels of each from left to right. */
  readonly width: number
  /** Pixels from top to bottom. */
  readonly height: number
  /** Each [height × width], row-major. */
  readonly planes: readonly { readonly values: Float32Array; readonly label: string }[]
}

/**
 * The filters of a network's first convolution, a picture for each: the mean over the colours.
 *
 * @throws TuneError `INVALID_OPTION` when the network has no convolution
 */
export function firstFilters({ parameters }: Network): Planes {
  const first = parameters.find(({ name }) => name.endsWith('/filter'))
  if (first === undefined) throw new TuneError('INVALID_OPTION', 'the network has no convolution: give one that has')
  const [height = 0, width = 0, colours = 1, count = 0] = first.shape
  const weights = first.read()
  const planes = Array.from({ length: count }, (_, filter) => {
    const values = new Float32Array(height * width)
    for (let pixel = 0; pixel < values.length; pixel++)
      for (let colour = 0; colour < colours; colour++)
        values[pixel] = (values[pixel] ?? 0) + (weights[(pixel * colours + colour) * count + filter] ?? 0) / colours
    return { values, label: String(filter + 1) }
  })
  return { width, height, planes }
}

/**
 * What an observed layer gives for the first image of a batch, a picture for each channel.
 *
 * @param layer - a name that the network shows: `stem` or `stage1` of a residual network, `convolution1` of AlexNet
 * @throws TuneError `INVALID_OPTION` when no layer of that name is shown
 */
export function activationsOf(
  { network, layers }: Classifier,
  layer: string,
  batch: Batch,
  images: ImageSizes,
): Planes {
  const { tf } = network
  const length = images.height * images.width * images.channels
  let found: Planes | undefined
  tf.tidy(() => {
    const x = tf.tensor4d(batch.inputs.subarray(0, length), [1, images.height, images.width, images.channels])
    layers(x, {
      ...inference,
      observe: (name, value) => {
        if (name !== layer) return
        const [, height = 0, width = 0, channels = 0] = value.shape
        const numbers = value.dataSync<'float32'>()
        const planes = Array.from({ length: channels }, (_, channel) => ({
          values: Float32Array.from({ length: height * width }, (_, at) => numbers[at * channels + channel] ?? 0),
          label: String(channel + 1),
        }))
        found = { width, height, planes }
      },
    })
  })
  if (found === undefined) throw new TuneError('INVALID_OPTION', `the network shows no layer ${JSON.stringify(layer)}`)
  return found
}
