import { configCheck } from '../kit/check-config.js'
import { type BackendName, backendNames } from '../tensorflow/backend.js'
import { type InitializerName, initializerNames } from '../training/initializers.js'
import { type OptimizerName, optimizerNames } from '../training/optimizers/rules.js'
import { type DecayName, decayNames } from '../training/schedule.js'

/** Hyperparameters and settings of the training of an image classifier, whatever its network. */
export interface ImageClassifierConfig {
  /** The learning rate at the start; > 0. */
  readonly learningRate: number
  /** How it falls over the run's epochs. @defaultValue 'none' */
  readonly learningRateDecay?: DecayName | undefined
  /** @defaultValue 'adam' */
  readonly optimizer?: OptimizerName | undefined
  /** For the optimizers `momentum`, `nesterov` and `rmspropNesterov`; in [0, 1). @defaultValue 0.9 */
  readonly momentum?: number | undefined
  /** Images a step; an integer ≥ 1. @defaultValue 64 */
  readonly batchSize?: number | undefined
  /** Factor of the sum of the weights' absolute values in the loss; ≥ 0. @defaultValue 0 */
  readonly l1?: number | undefined
  /** Factor of the sum of the weights' squares in the loss; ≥ 0. @defaultValue 0 */
  readonly l2?: number | undefined
  /** How weights start. @defaultValue 'glorotUniform' */
  readonly initializer?: InitializerName | undefined
  /** A checkpoint of another run, with the same network, whose weights this one starts with. @defaultValue none: they are drawn */
  readonly initialWeights?: string | undefined
  /** Passes over the training images; an integer ≥ 1. @defaultValue 5 */
  readonly epochs?: number | undefined
  /** How many of the data set's training images are trained on; ≥ 1. @defaultValue all but those that validate */
  readonly trainImages?: number | undefined
  /** How many others of them validate; ≥ 1. @defaultValue 5,000 */
  readonly validationImages?: number | undefined
  /**
   * Whether the trial is one fold of a cross-validation, which its searcher repeats (`CrossValidation`): `trainImages` and `validationImages`
   * together are divided into folds, of which one validates.
   *
   * @defaultValue false
   */
  readonly crossValidation?: boolean | undefined
  /** Decides which images are which, the same in all trials of a study. @defaultValue 0 */
  readonly splitSeed?: number | undefined
  /** Whether the last epoch's report has the accuracy on the test images. @defaultValue false */
  readonly evaluateTest?: boolean | undefined
  /** A folder with the data set's files. @defaultValue that of its npm package, where it has one */
  readonly dataDirectory?: string | undefined
  /** The back end of TensorFlow.js. @defaultValue the fastest installed */
  readonly backend?: BackendName | undefined
}

/** The part of a config that has nothing to do with how fast is learnt from how many images a step. */
export type TrainingConfig = Omit<ImageClassifierConfig, 'learningRate' | 'learningRateDecay' | 'batchSize'>

/** A config with each default filled in; what has none but being left out stays optional. */
export type SettingsOf<C extends TrainingConfig> = {
  readonly [K in Exclude<keyof C, 'dataDirectory' | 'backend' | 'initialWeights'>]-?: Exclude<C[K], undefined>
} & Pick<C, 'dataDirectory' | 'backend' | 'initialWeights'>

/** What fills in for a config's gaps, where it isn't the same for all networks. */
export type TrainingDefaults = Pick<SettingsOf<TrainingConfig>, 'optimizer' | 'initializer' | 'l2' | 'epochs'> & {
  /** How many training images the data set has. */
  readonly available: number
}

/**
 * Checks the part of a config that all classifiers have, and fills in the defaults.
 *
 * @param available - how many training images the data set has
 * @throws TuneError `INVALID_CONFIG` that names the field, its value and what it may be
 */
export function imageClassifierSettings(
  config: ImageClassifierConfig,
  available: number,
): SettingsOf<ImageClassifierConfig> {
  const defaults = { optimizer: 'adam', initializer: 'glorotUniform', l2: 0, epochs: 5, available } as const
  const settings: SettingsOf<ImageClassifierConfig> = {
    ...trainingSettings(config, defaults),
    learningRate: config.learningRate,
    learningRateDecay: config.learningRateDecay ?? 'none',
    batchSize: config.batchSize ?? 64,
  }
  const check = configCheck(settings)
  check.positive('learningRate')
  check.oneOf('learningRateDecay', decayNames)
  check.count(1, 'batchSize')
  return settings
}

/**
 * Checks what even classifiers have in common whose learning rate follows a schedule, and fills in the defaults.
 *
 * @throws TuneError `INVALID_CONFIG` that names the field, its value and what it may be
 */
export function trainingSettings(
  config: TrainingConfig,
  { available, ...defaults }: TrainingDefaults,
): SettingsOf<TrainingConfig> {
  const validationImages = config.validationImages ?? 5_000
  const settings: SettingsOf<TrainingConfig> = {
    optimizer: config.optimizer ?? defaults.optimizer,
    momentum: config.momentum ?? 0.9,
    l1: config.l1 ?? 0,
    l2: config.l2 ?? defaults.l2,
    initializer: config.initializer ?? defaults.initializer,
    initialWeights: config.initialWeights,
    epochs: config.epochs ?? defaults.epochs,
    trainImages: config.trainImages ?? Math.max(1, available - validationImages),
    validationImages,
    crossValidation: config.crossValidation ?? false,
    splitSeed: config.splitSeed ?? 0,
    evaluateTest: config.evaluateTest ?? false,
    dataDirectory: config.dataDirectory,
    backend: config.backend,
  }
  const check = configCheck(settings)
  check.oneOf('optimizer', optimizerNames)
  check.oneOf('initializer', initializerNames)
  if (settings.backend !== undefined) check.oneOf('backend', backendNames)
  check.fraction('momentum')
  check.notNegative('l1', 'l2')
  check.count(1, 'epochs', 'trainImages', 'validationImages')
  return settings
}
