import { setImmediate } from 'node:timers/promises'
import type { Batch } from '../../data/images.js'
import { type Classifier, type ImageSizes, type TrainingOptions, trainStep } from '../train.js'
import { Smoother, type SweepPoint } from './smoothing.js'

/** How to try learning rates out. */
export interface LearningRateFinderOptions extends Omit<TrainingOptions, 'learningRate'> {
  /** The first learning rate; > 0. @defaultValue 1e-9 */
  readonly from?: number | undefined
  /** The last one. @defaultValue 10 */
  readonly to?: number | undefined
  /** How many there are, each for one batch, evenly on a logarithmic scale; at least 2. @defaultValue 100 */
  readonly steps?: number | undefined
  /** The part of the smoothed loss that a step leaves; in [0, 1). @defaultValue 0.9 */
  readonly smoothing?: number | undefined
  /** Ends once the smoothed loss is so many times its lowest, or not a number. @defaultValue 4 */
  readonly divergence?: number | undefined
  /** Is told of each learning rate once it has been tried. */
  readonly onPoint?: ((point: SweepPoint) => void) | undefined
}

/** What a learning-rate range test has found. */
export interface LearningRateRange {
  /** Learning rates and losses, in order. */
  readonly points: readonly SweepPoint[]
  /** Where the smoothed loss falls most steeply: a learning rate to train with, and the upper end for cyclical ones is near. Undefined if it never falls. */
  readonly steepest: number | undefined
  /** Where the smoothed loss is lowest: greater ones diverge. */
  readonly lowest: number | undefined
}

/**
 * Trains with a learning rate that grows from batch to batch, and watches the loss. The network is left as it then is: make a new one to train.
 *
 * @param batches - as many as there are steps, or fewer
 * @returns undefined when the signal was aborted
 * @see Smith, "Cyclical Learning Rates for Training Neural Networks", 2017, section 3.3 (the range test); Gugger, "How Do You Find a Good Learning Rate", 2018
 */
export async function findLearningRate(
  classifier: Classifier,
  batches: Iterable<Batch>,
  images: ImageSizes,
  options: LearningRateFinderOptions,
): Promise<LearningRateRange | undefined> {
  const { from = 1e-9, to = 10, steps = 100, smoothing = 0.9, divergence = 4, signal } = options
  const smoother = new Smoother(smoothing)
  const points: SweepPoint[] = []
  let least = Number.POSITIVE_INFINITY
  for (const batch of batches) {
    if (points.length === steps) break
    await setImmediate()
    if (signal.aborted) return undefined
    const rate = from * (to / from) ** (points.length / (steps - 1))
    const { loss } = trainStep(classifier, batch, images, { ...options, learningRate: () => rate })
    const smoothed = smoother.add(loss)
    const point = { value: rate, loss, smoothed }
    points.push(point)
    options.onPoint?.(point)
    if (!(smoothed <= divergence * least)) {
      if (Number.isNaN(smoothed) || least !== Number.POSITIVE_INFINITY) break
    }
    least = Math.min(least, smoothed)
  }
  return { points, ...suggestLearningRate(points) }
}

/**
 * Looks for the steepest fall and the lowest point of a range test's smoothed loss, its first tenth left out, where smoothing has little to go by. How
 * steeply the loss falls is the slope of the straight line through a tenth of all points (least squares, over the logarithm of the learning rate), so
 * that a lucky batch or two don't decide.
 */
export function suggestLearningRate(points: readonly SweepPoint[]): Pick<LearningRateRange, 'steepest' | 'lowest'> {
  const settled = points.slice(Math.floor(points.length / 10)).filter(({ smoothed }) => Number.isFinite(smoothed))
  const lowest = settled.reduce<SweepPoint | undefined>(
    (best, point) => (best === undefined || point.smoothed < best.smoothed ? point : best),
    undefined,
  )
  const descent = lowest === undefined ? [] : settled.slice(0, settled.indexOf(lowest) + 1)
  const reach = Math.max(1, Math.round(points.length / 20))
  let steepest: number | undefined
  let least = 0
  for (let at = reach; at + reach < descent.length; at++) {
    const slope = slopeOf(descent.slice(at - reach, at + reach + 1))
    if (slope < least) {
      least = slope
      steepest = descent[at]?.value
    }
  }
  return { steepest, lowest: lowest?.value }
}

/** By how much the smoothed loss grows when the value is multiplied by e. */
function slopeOf(points: readonly SweepPoint[]): number {
  const at = points.map(({ value }) => Math.log(value))
  const middle = at.reduce((sum, x) => sum + x, 0) / at.length
  const spread = at.reduce((sum, x) => sum + (x - middle) ** 2, 0)
  return points.reduce((sum, { smoothed }, i) => sum + ((at[i] ?? 0) - middle) * smoothed, 0) / spread
}
