import { show, TuneError } from '../../src/errors.js'
import { Rng } from '../../src/rng.js'
import type { ImageSelection, ImageSet } from './images.js'

/** The parts that a training set is divided into. */
export interface Split {
  /** What is trained on. */
  readonly train: ImageSelection
  /** What is held back to judge by. */
  readonly validation: ImageSelection
}

/**
 * Divides a set into training and validation images, drawn without replacement; which ones depends on the set's size and the seed alone.
 * The validation images are drawn first, so that they stay the same when more images are trained on.
 *
 * @throws TuneError `INVALID_CONFIG` when the set is too small for both
 */
export function splitImages(
  images: ImageSet,
  sizes: { readonly train: number; readonly validation: number },
  seed: number,
): Split {
  const { train, validation } = sizes
  const areCounts = [train, validation].every(size => Number.isInteger(size) && size >= 0)
  if (!areCounts || train === 0 || train + validation > images.count) {
    throw new TuneError(
      'INVALID_CONFIG',
      `trainImages is ${show(train)} and validationImages is ${show(validation)}: there must be at least one training image, and together at most ${images.count}`,
    )
  }
  const order = shuffled(images, seed)
  return {
    validation: { images, indices: order.slice(0, validation) },
    train: { images, indices: order.slice(validation, validation + train) },
  }
}

/** Which part of a cross-validation is held back; `context.repeat` of a trial is one. */
export interface Fold {
  /** From 0. */
  readonly index: number
  /** How many folds there are; at least 2. */
  readonly of: number
}

/**
 * Divides a set for one fold of a cross-validation: that fold validates, the others are trained on. Over all folds each image validates once; folds' sizes
 * differ by one image at most.
 *
 * @param options - `count`: use so many of the images only, the same for all folds; all by default. `seed`: decides which image is in which fold
 * @throws TuneError `INVALID_CONFIG` for a fold that there is not, or more folds than images
 */
export function foldImages(
  images: ImageSet,
  fold: Fold,
  options: { readonly seed: number; readonly count?: number | undefined },
): Split {
  const { index, of } = fold
  const count = options.count ?? images.count
  if (!Number.isInteger(count) || count < 2 || count > images.count) {
    throw new TuneError('INVALID_CONFIG', `count is ${show(count)}: it must be an integer from 2 to ${images.count}`)
  }
  if (!Number.isInteger(of) || of < 2 || of > count || !Number.isInteger(index) || index < 0 || index >= of) {
    throw new TuneError(
      'INVALID_CONFIG',
      `fold ${show(index)} of ${show(of)} is none: there must be from 2 to ${count} folds, counted from 0`,
    )
  }
  const order = shuffled(images, options.seed).slice(0, count)
  const [start, end] = [Math.floor((index * count) / of), Math.floor(((index + 1) * count) / of)]
  const train = new Uint32Array(count - (end - start))
  train.set(order.subarray(0, start))
  train.set(order.subarray(end), start)
  return { validation: { images, indices: order.slice(start, end) }, train: { images, indices: train } }
}

function shuffled({ count }: ImageSet, seed: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index)
  return Rng.from(seed).fork('split').shuffle(order)
}
