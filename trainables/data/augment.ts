import type { Rng } from '../../src/rng.js'

/** How an image is changed before it is trained on. */
export interface Change {
  /** Pixels by which it is moved down; those that come in are black. */
  readonly down: number
  /** Pixels by which it is moved to the right. */
  readonly right: number
  /** Whether left and right change places. */
  readonly isFlipped: boolean
}

/** Draws the change of one image after another. */
export type Augmentation = () => Change

/** What {@link augmentation} may do. */
export interface AugmentationOptions {
  /** Images are padded by as many black pixels on each side and cropped back to their size at random; an integer ≥ 0. @defaultValue 0 */
  readonly crop?: number | undefined
  /** Whether every second image, at random, has left and right change places. @defaultValue false */
  readonly flip?: boolean | undefined
}

/**
 * Random crops and horizontal flips, as they are usual for CIFAR-10 with a crop of 4.
 *
 * @param rng - another stream for each epoch, such as `rng.fork('augmentation', epoch)`
 * @see He et al., "Deep Residual Learning for Image Recognition", 2016, section 4.2
 */
export function augmentation({ crop = 0, flip = false }: AugmentationOptions, rng: Rng): Augmentation {
  const shift = (): number => (crop === 0 ? 0 : rng.integer(0, 2 * crop + 1) - crop)
  return () => ({ down: shift(), right: shift(), isFlipped: flip && rng.uniform() < 0.5 })
}
