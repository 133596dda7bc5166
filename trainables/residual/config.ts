import {
  type ScheduledClassifierConfig,
  type ScheduledSettingsOf,
  scheduledClassifierSettings,
} from '../image-classifier/scheduled-config.js'
import { configCheck } from '../kit/check-config.js'
import type { InitializerName } from '../training/initializers.js'
import type { OptimizerName } from '../training/optimizers/rules.js'
import type { ResidualArchitecture } from './architecture.js'

/**
 * Hyperparameters and settings of {@link cifarResNet}: a learning rate of 0.2 that is divided by 10 after each 25 epochs, and batches of 128 images, unless
 * they say otherwise. `dataDirectory` is the folder `cifar-10-batches-bin` with CIFAR-10's binary files.
 */
export interface CifarResNetConfig extends ScheduledClassifierConfig {
  /** Blocks a stage; the network is 6n + 2 layers deep. An integer ≥ 1. @defaultValue 3, for 20 layers */
  readonly blocks?: number | undefined
  /** What shortcuts do where sizes change; `padding` takes no parameters and is the paper's. @defaultValue 'padding' */
  readonly shortcut?: ResidualArchitecture['shortcut'] | undefined
  /** @defaultValue 'momentum' */
  readonly optimizer?: OptimizerName | undefined
  /** How weights start. @defaultValue 'heNormal' */
  readonly initializer?: InitializerName | undefined
  /** Factor of the sum of the weights' squares in the loss; ≥ 0. @defaultValue 1e-5 */
  readonly l2?: number | undefined
  /** Training images are moved by up to so many pixels; an integer ≥ 0. @defaultValue 4 */
  readonly crop?: number | undefined
  /** Whether training images have left and right change places at random. @defaultValue true */
  readonly flip?: boolean | undefined
  /** Passes over the training images; an integer ≥ 1. @defaultValue 50 */
  readonly epochs?: number | undefined
}

/** A config with each default filled in. */
export type CifarResNetSettings = ScheduledSettingsOf<CifarResNetConfig>

/**
 * Checks a config and fills in the defaults.
 *
 * @throws TuneError `INVALID_CONFIG` that names the field, its value and what it may be
 */
export function cifarResNetSettings(config: CifarResNetConfig): CifarResNetSettings {
  const settings: CifarResNetSettings = {
    ...scheduledClassifierSettings(config, {
      ...{ optimizer: 'momentum', initializer: 'heNormal', l2: 1e-5, epochs: 50, available: 50_000 },
      ...{ learningRate: { kind: 'step', rate: 0.2, every: 25 }, batchSize: 128 },
    }),
    blocks: config.blocks ?? 3,
    shortcut: config.shortcut ?? 'padding',
    crop: config.crop ?? 4,
    flip: config.flip ?? true,
  }
  const check = configCheck(settings)
  check.count(1, 'blocks')
  check.count(0, 'crop')
  check.oneOf('shortcut', ['padding', 'projection'])
  return settings
}
