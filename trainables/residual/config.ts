import { configCheck } from '../kit/check-config.js'
import { type BackendName, backendNames } from '../tensorflow/backend.js'
import { checkLearningRateSchedule, type LearningRateSchedule } from '../training/learning-rate-schedule.js'
import { type OptimizerName, optimizerNames } from '../training/optimizers/rules.js'
import type { ResidualArchitecture } from './architecture.js'

/** Hyperparameters and settings of {@link cifarResNet}. */
export interface CifarResNetConfig {
  /** Over the run's epochs. @defaultValue 0.2, divided by 10 after each 25 epochs */
  readonly learningRate?: LearningRateSchedule | undefined
  /** Blocks a stage; the network is 6n + 2 layers deep. An integer ≥ 1. @defaultValue 3, for 20 layers */
  readonly blocks?: number | undefined
  /** What shortcuts do where sizes change; `padding` takes no parameters and is the paper's. @defaultValue 'padding' */
  readonly shortcut?: ResidualArchitecture['shortcut'] | undefined
  /** @defaultValue 'momentum' */
  readonly optimizer?: OptimizerName | undefined
  /** For the optimizer `momentum`; in [0, 1). @defaultValue 0.9 */
  readonly momentum?: number | undefined
  /** Images a step; an integer ≥ 1. @defaultValue 128 */
  readonly batchSize?: number | undefined
  /** Factor of the sum of the weights' squares in the loss; ≥ 0. @defaultValue 1e-5 */
  readonly l2?: number | undefined
  /** Training images are moved by up to so many pixels; an integer ≥ 0. @defaultValue 4 */
  readonly crop?: number | undefined
  /** Whether training images have left and right change places at random. @defaultValue true */
  readonly flip?: boolean | undefined
  /** Passes over the training images; an integer ≥ 1. @defaultValue 50 */
  readonly epochs?: number | undefined
  /** How many of CIFAR-10's 50,000 training images are trained on; ≥ 1. @defaultValue 45,000 */
  readonly trainImages?: number | undefined
  /** How many others of them validate; ≥ 1. @defaultValue 5,000 */
  readonly validationImages?: number | undefined
  /** Decides which images are which, the same in all trials of a study. @defaultValue 0 */
  readonly splitSeed?: number | undefined
  /** Whether the last epoch's report has the accuracy on the 10,000 test images. @defaultValue false */
  readonly evaluateTest?: boolean | undefined
  /** The folder `cifar-10-batches-bin` with CIFAR-10's binary files. */
  readonly dataDirectory?: string | undefined
  /** The back end of TensorFlow.js. @defaultValue the fastest installed */
  readonly backend?: BackendName | undefined
}

/** A config with each default filled in. */
export type CifarResNetSettings = {
  readonly [K in Exclude<keyof CifarResNetConfig, 'dataDirectory' | 'backend'>]-?: Exclude<
    CifarResNetConfig[K],
    undefined
  >
} & Pick<CifarResNetConfig, 'dataDirectory' | 'backend'>

/**
 * Checks a config and fills in the defaults.
 *
 * @throws TuneError `INVALID_CONFIG` that names the field, its value and what it may be
 */
export function cifarResNetSettings(config: CifarResNetConfig): CifarResNetSettings {
  const settings: CifarResNetSettings = {
    learningRate: config.learningRate ?? { kind: 'step', rate: 0.2, every: 25 },
    blocks: config.blocks ?? 3,
    shortcut: config.shortcut ?? 'padding',
    optimizer: config.optimizer ?? 'momentum',
    momentum: config.momentum ?? 0.9,
    batchSize: config.batchSize ?? 128,
    l2: config.l2 ?? 1e-5,
    crop: config.crop ?? 4,
    flip: config.flip ?? true,
    epochs: config.epochs ?? 50,
    trainImages: config.trainImages ?? 45_000,
    validationImages: config.validationImages ?? 5_000,
    splitSeed: config.splitSeed ?? 0,
    evaluateTest: config.evaluateTest ?? false,
    dataDirectory: config.dataDirectory,
    backend: config.backend,
  }
  checkLearningRateSchedule(settings.learningRate)
  const check = configCheck(settings)
  check.count(1, 'blocks', 'batchSize', 'epochs', 'trainImages', 'validationImages')
  check.count(0, 'crop')
  check.fraction('momentum')
  check.oneOf('shortcut', ['padding', 'projection'])
  check.oneOf('optimizer', optimizerNames)
  if (settings.backend !== undefined) check.oneOf('backend', backendNames)
  check.that('l2', settings.l2 >= 0 && Number.isFinite(settings.l2), 'a number, 0 or more')
  return settings
}
