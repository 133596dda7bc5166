/**
 * AlexNet as plain data: what {@link buildAlexNet} makes layers of.
 *
 * @remarks A type and no interface, so that it can stand in a search space.
 */
export type AlexNetArchitecture = {
  /** Tells it from the other image models. */
  readonly kind: 'alexnet'
  /** The convolutions, each with bias and ReLU. */
  readonly convolutions: readonly {
    /** How many filters it has. */
    readonly filters: number
    /** Their height and width, in pixels. */
    readonly filterSize: number
    /** Pixels from one window to the next. */
    readonly stride: number
    /** Pixels of zeros on each side. */
    readonly pad: number
    /** Whether 3 × 3 max-pooling with stride 2 follows. */
    readonly isPooled: boolean
  }[]
  /** Units of the hidden dense layers. */
  readonly denseUnits: readonly number[]
  /** The part of the units that is dropped in front of each hidden dense layer while training; in [0, 1). */
  readonly dropout: number
}

const small = { filterSize: 3, stride: 1, pad: 1 } as const

/**
 * 61,100,840 parameters with the thousand classes of ImageNet and images of 224 × 224 pixels; they must have 63 × 63 at least.
 *
 * @remarks The one-column network that torchvision publishes weights of: 64 instead of 96 filters in the first layer, no local response normalization.
 * @see Krizhevsky, "One weird trick for parallelizing convolutional neural networks", 2014; Krizhevsky et al. 2012
 */
export const alexNet: AlexNetArchitecture = {
  kind: 'alexnet',
  convolutions: [
    { filters: 64, filterSize: 11, stride: 4, pad: 2, isPooled: true },
    { filters: 192, filterSize: 5, stride: 1, pad: 2, isPooled: true },
    { filters: 384, ...small, isPooled: false },
    { filters: 256, ...small, isPooled: false },
    { filters: 256, ...small, isPooled: true },
  ],
  denseUnits: [4096, 4096],
  dropout: 0.5,
}
