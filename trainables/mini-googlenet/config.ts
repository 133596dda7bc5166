import {
  type ScheduledClassifierConfig,
  type ScheduledSettingsOf,
  scheduledClassifierSettings,
} from '../image-classifier/scheduled-config.js'
import { configCheck } from '../kit/check-config.js'
import type { InitializerName } from '../training/initializers.js'
import type { OptimizerName } from '../training/optimizers/rules.js'

/** Hyperparameters and settings of {@link miniGoogLeNet}: a learning rate of 0.01 and batches of 64 images, unless they say otherwise. */
export interface MiniGoogLeNetConfig extends ScheduledClassifierConfig {
  /** By what the channels of each layer are multiplied; > 0. @defaultValue 1 */
  readonly width?: number | undefined
  /** @defaultValue 'momentum' */
  readonly optimizer?: OptimizerName | undefined
  /** How weights start. @defaultValue 'heNormal' */
  readonly initializer?: InitializerName | undefined
  /** Passes over the training images; an integer ≥ 1. @defaultValue 20 */
  readonly epochs?: number | undefined
}

/** A config with each default filled in. */
export type MiniGoogLeNetSettings = ScheduledSettingsOf<MiniGoogLeNetConfig>

/**
 * Checks a config and fills in the defaults.
 *
 * @throws TuneError `INVALID_CONFIG` that names the field, its value and what it may be
 */
export function miniGoogLeNetSettings(config: MiniGoogLeNetConfig): MiniGoogLeNetSettings {
  const settings: MiniGoogLeNetSettings = {
    ...scheduledClassifierSettings(config, {
      ...{ optimizer: 'momentum', initializer: 'heNormal', l2: 0, epochs: 20, available: 60_000 },
      ...{ learningRate: { kind: 'constant', rate: 0.01 }, batchSize: 64 },
    }),
    width: config.width ?? 1,
  }
  configCheck(settings).positive('width')
  return settings
}
