import { configCheck } from '../kit/check-config.js'
import { type BatchSizePolicy, checkBatchSizePolicy } from '../training/batch-size-policy.js'
import { checkLearningRateSchedule, type LearningRateSchedule } from '../training/learning-rate-schedule.js'
import { type SettingsOf, type TrainingConfig, type TrainingDefaults, trainingSettings } from './config.js'

/** Hyperparameters and settings of the training of an image classifier whose learning rate and batch size may change from step to step. */
export interface ScheduledClassifierConfig extends TrainingConfig {
  /** Over the run's epochs; a number > 0 is the same all the time. */
  readonly learningRate?: number | LearningRateSchedule | undefined
  /** Images a step over the run's epochs; an integer ≥ 1 is the same all the time. */
  readonly batchSize?: number | BatchSizePolicy | undefined
  /**
   * The most images that are held in memory at a time; greater batches are computed in parts, each normalized by itself. An integer ≥ 1.
   *
   * @defaultValue 128
   */
  readonly microBatch?: number | undefined
}

/** A config with each default filled in. */
export type ScheduledSettingsOf<C extends ScheduledClassifierConfig> = Omit<
  SettingsOf<C>,
  'learningRate' | 'batchSize'
> & {
  /** Over the run's epochs. */
  readonly learningRate: LearningRateSchedule
  /** Images a step over the run's epochs. */
  readonly batchSize: BatchSizePolicy
}

/**
 * Checks the part of a config that all such classifiers have, and fills in the defaults.
 *
 * @throws TuneError `INVALID_CONFIG` that names the field, its value and what it may be
 */
export function scheduledClassifierSettings(
  config: ScheduledClassifierConfig,
  defaults: TrainingDefaults & { readonly learningRate: LearningRateSchedule; readonly batchSize: number },
): ScheduledSettingsOf<ScheduledClassifierConfig> {
  const { learningRate = defaults.learningRate, batchSize = defaults.batchSize } = config
  if (!isPlan(learningRate)) configCheck({ learningRate }).positive('learningRate')
  if (!isPlan(batchSize)) configCheck({ batchSize }).count(1, 'batchSize')
  const settings: ScheduledSettingsOf<ScheduledClassifierConfig> = {
    ...trainingSettings(config, defaults),
    learningRate: isPlan(learningRate) ? learningRate : { kind: 'constant', rate: learningRate },
    batchSize: isPlan(batchSize) ? batchSize : { kind: 'constant', size: batchSize },
    microBatch: config.microBatch ?? 128,
  }
  checkLearningRateSchedule(settings.learningRate)
  checkBatchSizePolicy(settings.batchSize)
  configCheck(settings).count(1, 'microBatch')
  return settings
}

/** Whether something is a schedule or a policy, and not a number that stands for a constant one. */
function isPlan<P extends LearningRateSchedule | BatchSizePolicy>(value: number | P): value is P {
  return typeof value === 'object' && value !== null
}
