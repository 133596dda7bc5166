import { activation } from './activations.js'
import { concatenate, residual } from './combine.js'
import { convolution } from './convolution.js'
import { type Layer, type LayerHost, sequence } from './layer.js'
import { type BatchNormalizationOptions, batchNormalization } from './normalization.js'
import { maxPool } from './pooling.js'

/** A convolution without bias, batch normalization, and ReLU unless it is left out. */
export function normalizedConvolution(
  host: LayerHost,
  name: string,
  options: {
    readonly filterSize: number
    readonly inputs: number
    readonly outputs: number
    readonly stride?: number | undefined
    /** @defaultValue as much as keeps the size at stride 1, the same on each side */
    readonly pad?: number | undefined
    /** @defaultValue true */
    readonly relu?: boolean | undefined
    readonly normalization?: BatchNormalizationOptions | undefined
  },
): Layer {
  const { pad = Math.floor(options.filterSize / 2), relu = true, normalization, ...sizes } = options
  return sequence(
    convolution(host, name, { ...sizes, pad }),
    batchNormalization(host, `${name}/normalization`, options.outputs, normalization),
    activation(host, relu ? 'relu' : 'linear'),
  )
}

/** Sizes of a residual block. */
export interface ResidualBlockOptions {
  /** Channels that come in. */
  readonly inputs: number
  /** Channels of its inner convolutions; a bottleneck puts out four times as many. */
  readonly channels: number
  /** Of the 3 × 3 convolution that shrinks the image. @defaultValue 1 */
  readonly stride?: number | undefined
  /** That of each convolution. @defaultValue the layer's own */
  readonly normalization?: BatchNormalizationOptions | undefined
}

/** Two 3 × 3 convolutions and a shortcut, which is a 1 × 1 convolution where sizes change: the block of ResNet-18 and -34. */
export function basicBlock(host: LayerHost, name: string, options: ResidualBlockOptions): Layer {
  const { inputs, channels, stride = 1, normalization } = options
  const branch = sequence(
    normalizedConvolution(host, `${name}/first`, { filterSize: 3, inputs, outputs: channels, stride, normalization }),
    normalizedConvolution(host, `${name}/second`, {
      ...{ filterSize: 3, inputs: channels, outputs: channels, normalization },
      relu: false,
    }),
  )
  return joined(host, name, branch, { inputs, outputs: channels, stride, normalization })
}

/**
 * 1 × 1, 3 × 3 and 1 × 1 convolutions and a shortcut: the block of ResNet-50, -101 and -152.
 *
 * @remarks The stride is that of the 3 × 3 convolution, as in the published weights (He et al. have it in the first 1 × 1).
 */
export function bottleneckBlock(host: LayerHost, name: string, options: ResidualBlockOptions): Layer {
  const { inputs, channels, stride = 1, normalization } = options
  const outputs = 4 * channels
  const branch = sequence(
    normalizedConvolution(host, `${name}/first`, { filterSize: 1, inputs, outputs: channels, normalization }),
    normalizedConvolution(host, `${name}/second`, {
      ...{ filterSize: 3, inputs: channels, outputs: channels, stride, normalization },
    }),
    normalizedConvolution(host, `${name}/third`, {
      ...{ filterSize: 1, inputs: channels, outputs, relu: false, normalization },
    }),
  )
  return joined(host, name, branch, { inputs, outputs, stride, normalization })
}

function joined(
  host: LayerHost,
  name: string,
  branch: Layer,
  sizes: {
    readonly inputs: number
    readonly outputs: number
    readonly stride: number
    readonly normalization: BatchNormalizationOptions | undefined
  },
): Layer {
  const isProjected = sizes.stride !== 1 || sizes.inputs !== sizes.outputs
  const shortcut = isProjected
    ? normalizedConvolution(host, `${name}/shortcut`, { filterSize: 1, pad: 0, relu: false, ...sizes })
    : undefined
  return sequence(residual(host, branch, shortcut), activation(host, 'relu'))
}

/** Two convolutions side by side, 1 × 1 and 3 × 3: the inception block of the small GoogLeNet. */
export function miniInception(
  host: LayerHost,
  name: string,
  sizes: { readonly inputs: number; readonly narrow: number; readonly wide: number },
): Layer {
  const { inputs, narrow, wide } = sizes
  return concatenate(
    host,
    normalizedConvolution(host, `${name}/narrow`, { filterSize: 1, inputs, outputs: narrow }),
    normalizedConvolution(host, `${name}/wide`, { filterSize: 3, inputs, outputs: wide }),
  )
}

/** Halves the image by a 3 × 3 convolution and by max-pooling, side by side; puts out `inputs + outputs` channels. */
export function miniDownsample(
  host: LayerHost,
  name: string,
  sizes: { readonly inputs: number; readonly outputs: number },
): Layer {
  return concatenate(
    host,
    normalizedConvolution(host, name, { filterSize: 3, stride: 2, pad: 0, ...sizes }),
    maxPool(host, 3, { stride: 2 }),
  )
}
