/**
 * A residual network as plain data: what {@link buildResidualNetwork} makes layers of.
 *
 * @remarks A type and no interface, so that it can stand in a search space.
 */
export type ResidualArchitecture = {
  /** Tells it from the other image models. */
  readonly kind: 'residual'
  /** The first convolution, which has as many filters as the first stage has channels. */
  readonly stem: {
    /** Height and width of the filters, in pixels; odd. */
    readonly filterSize: number
    /** Pixels from one window to the next. */
    readonly stride: number
    /** Whether 3 × 3 max-pooling with stride 2 follows. */
    readonly isPooled: boolean
  }
  /** Two 3 × 3 convolutions a block, or 1 × 1, 3 × 3 and 1 × 1, the last with four times as many channels. */
  readonly block: 'basic' | 'bottleneck'
  /** How many blocks each stage has; each stage but the first halves the image. */
  readonly blocks: readonly number[]
  /** Channels of each stage's inner convolutions. */
  readonly channels: readonly number[]
  /**
   * What shortcuts do where the sizes change: a 1 × 1 convolution (option B in the paper), or every second pixel and channels of zeros, which takes no
   * parameters (option A; basic blocks only).
   */
  readonly shortcut: 'projection' | 'padding'
}

const imageNet = {
  kind: 'residual',
  stem: { filterSize: 7, stride: 2, isPooled: true },
  channels: [64, 128, 256, 512],
  shortcut: 'projection',
} as const

/** 11,689,512 parameters with the thousand classes of ImageNet. @see He et al. 2016, table 1 */
export const resnet18: ResidualArchitecture = { ...imageNet, block: 'basic', blocks: [2, 2, 2, 2] }

/** 60,192,808 parameters with the thousand classes of ImageNet. @see He et al. 2016, table 1 */
export const resnet152: ResidualArchitecture = { ...imageNet, block: 'bottleneck', blocks: [3, 8, 36, 3] }

/**
 * The residual network for CIFAR-10, 6n + 2 layers deep: three stages of n blocks with 16, 32 and 64 channels.
 *
 * @param n - blocks a stage; 3 for 20 layers
 * @param shortcut - the paper's are without parameters, which makes 269,722 of them for n = 3; with projections there are 272,474
 * @see He et al., "Deep Residual Learning for Image Recognition", 2016, section 4.2
 */
export function cifarResidual(
  n: number,
  shortcut: ResidualArchitecture['shortcut'] = 'padding',
): ResidualArchitecture & { readonly block: 'basic' } {
  return {
    kind: 'residual',
    stem: { filterSize: 3, stride: 1, isPooled: false },
    block: 'basic',
    blocks: [n, n, n],
    channels: [16, 32, 64],
    shortcut,
  }
}
