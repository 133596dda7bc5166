import { setImmediate } from 'node:timers/promises'
import { batchesOf, type ImageSelection, type Normalization } from '../../data/images.js'
import { type Classifier, type TrainingOptions, trainStep } from '../train.js'
import { Smoother, type SweepPoint } from './smoothing.js'

/** How to try batch sizes out. */
export interface BatchSizeFinderOptions extends Omit<TrainingOptions, 'learningRate'> {
  /** The same for all sizes; > 0. */
  readonly learningRate: number
  /** The first size; an integer ≥ 1. @defaultValue 64 */
  readonly from?: number | undefined
  /** No size is greater. @defaultValue 8192 */
  readonly to?: number | undefined
  /** Steps with each size, before it is doubled; ≥ 1. @defaultValue 10 */
  readonly stepsPerSize?: number | undefined
  /** The part of the smoothed loss that a step leaves; in [0, 1). @defaultValue 0.9 */
  readonly smoothing?: number | undefined
  /** Is told of each size once it has been tried. */
  readonly onPoint?: ((point: BatchSizePoint) => void) | undefined
}

/** What a size has amounted to. */
export interface BatchSizePoint extends SweepPoint {
  /** Images that a second of training took in. */
  readonly imagesPerSecond: number
}

/** What a batch-size range test has found. */
export interface BatchSizeRange {
  /** Sizes and the mean losses of their steps, in order. */
  readonly points: readonly BatchSizePoint[]
  /** From which size on the loss falls noticeably. */
  readonly lower: number | undefined
  /** Up to which size it falls on; greater ones take in more images for nothing. */
  readonly upper: number | undefined
}

/**
 * Trains with a batch size that is doubled every few steps, at one learning rate, and watches the loss: what the learning-rate range test is to
 * learning rates. Images are taken in the selection's order, again and again. Give `microBatch`, as great batches need much memory.
 *
 * @returns undefined when the signal was aborted
 */
export async function findBatchSize(
  classifier: Classifier,
  selection: ImageSelection,
  normalization: Normalization,
  options: BatchSizeFinderOptions,
): Promise<BatchSizeRange | undefined> {
  const { from = 64, to = 8192, stepsPerSize = 10, smoothing = 0.9, learningRate, signal } = options
  const { images, indices } = selection
  const smoother = new Smoother(smoothing)
  const points: BatchSizePoint[] = []
  let taken = 0
  for (let size = from; size <= to; size *= 2) {
    let loss = 0
    let smoothed = Number.NaN
    const start = performance.now()
    for (let step = 0; step < stepsPerSize; step++) {
      await setImmediate()
      if (signal.aborted) return undefined
      const next = Uint32Array.from({ length: size }, (_, at) => indices[(taken + at) % indices.length] ?? 0)
      taken += size
      for (const batch of batchesOf({ images, indices: next }, size, normalization)) {
        const found = trainStep(classifier, batch, images, { ...options, learningRate: () => learningRate })
        loss += found.loss / stepsPerSize
        smoothed = smoother.add(found.loss)
      }
    }
    const seconds = (performance.now() - start) / 1000
    const point = { value: size, loss, smoothed, imagesPerSecond: (size * stepsPerSize) / seconds }
    points.push(point)
    options.onPoint?.(point)
  }
  return { points, ...suggestBatchSizes(points) }
}

/**
 * Looks for the sizes between which the smoothed loss falls: from the point where a tenth of the whole fall has been made to the one where all
 * but a tenth has.
 */
export function suggestBatchSizes(points: readonly SweepPoint[]): Pick<BatchSizeRange, 'lower' | 'upper'> {
  const [first] = points
  const least = Math.min(...points.map(({ smoothed }) => smoothed))
  const fall = (first?.smoothed ?? Number.NaN) - least
  if (!(fall > 0)) return { lower: undefined, upper: undefined }
  const reached = (part: number): number | undefined =>
    points.find(({ smoothed }) => (first?.smoothed ?? 0) - smoothed >= part * fall)?.value
  return { lower: reached(0.1), upper: reached(0.9) }
}
