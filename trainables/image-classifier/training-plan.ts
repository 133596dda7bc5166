import type { Split } from '../data/split.js'
import { batchSizeAt } from '../training/batch-size-policy.js'
import { learningRateAt, type RunPosition } from '../training/learning-rate-schedule.js'
import { decayFactor } from '../training/schedule.js'
import type { ImageClassifierConfig, SettingsOf } from './config.js'
import type { ScheduledClassifierConfig, ScheduledSettingsOf } from './scheduled-config.js'

/** How fast is learnt from how many images at each step of a run. */
export interface TrainingPlan {
  learningRate(position: RunPosition): number
  batchSize(position: RunPosition): number
  /** The most images that are held in memory at a time. @defaultValue a whole batch */
  readonly microBatch?: number | undefined
}

/** The plan of a learning rate that falls evenly over a run's steps, all of which take as many images. */
export function decayPlan(
  { learningRate, learningRateDecay, batchSize, epochs }: SettingsOf<ImageClassifierConfig>,
  split: Split,
): TrainingPlan {
  const steps = epochs * Math.ceil(split.train.indices.length / batchSize)
  return {
    learningRate: ({ step }) => learningRate * decayFactor(learningRateDecay, step / steps),
    batchSize: () => batchSize,
  }
}

/** The plan of a schedule and a policy. */
export function scheduledPlan({
  learningRate,
  batchSize,
  microBatch,
}: ScheduledSettingsOf<ScheduledClassifierConfig>): TrainingPlan {
  return {
    learningRate: position => learningRateAt(learningRate, position),
    batchSize: position => batchSizeAt(batchSize, position),
    microBatch,
  }
}
