import { show, TuneError } from '../../src/errors.js'
import { type ImageModel, type ImageModelName, imageModel } from '../image-models/image-model.js'
import { configCheck } from '../kit/check-config.js'
import { type BackendName, backendNames } from '../tensorflow/backend.js'
import { type OptimizerName, optimizerNames } from '../training/optimizers/rules.js'

/** Where a network's weights come from. */
export interface WeightSource {
  /** A TensorFlow.js model's `model.json`, or the folder of a checkpoint of one of the image trainables. */
  readonly path: string
  /** What the file calls a layer, by the network's name for it or for the start of it; see {@link AssignmentOptions}. @defaultValue the same */
  readonly layers?: Readonly<Record<string, string>> | undefined
}

/** Hyperparameters and settings of {@link transferLearning}. */
export interface TransferLearningConfig {
  /** The learning rate while the last layer is trained alone; > 0. */
  readonly learningRate: number
  /** The learning rate once the whole network is trained; > 0. @defaultValue a tenth of `learningRate` */
  readonly fineTuneLearningRate?: number | undefined
  /** The network, by name or as plain data. @defaultValue 'resnet18' */
  readonly model?: ImageModelName | ImageModel | undefined
  /** What the body starts with; the last layer is drawn anew. @defaultValue none: everything is drawn */
  readonly weights?: WeightSource | undefined
  /** The most epochs in which the body is frozen and the last layer trained; an integer ≥ 0. @defaultValue 10 */
  readonly frozenEpochs?: number | undefined
  /** The most epochs of the whole network that follow; an integer ≥ 0. @defaultValue 10 */
  readonly fineTuneEpochs?: number | undefined
  /** Either of them ends early after so many epochs without a lower validation loss; an integer ≥ 1. @defaultValue 3 */
  readonly patience?: number | undefined
  /** Which of CIFAR-10's classes are told apart, by their labels; two or more. @defaultValue all ten */
  readonly classes?: readonly number[] | undefined
  /** Height and width that images are stretched to; an integer ≥ 1. @defaultValue 32, as they are */
  readonly imageSize?: number | undefined
  /** @defaultValue 'momentum' */
  readonly optimizer?: OptimizerName | undefined
  /** For the optimizer `momentum`; in [0, 1). @defaultValue 0.9 */
  readonly momentum?: number | undefined
  /** Images a step; an integer ≥ 1. @defaultValue 64 */
  readonly batchSize?: number | undefined
  /** Factor of the sum of the weights' squares in the loss; ≥ 0. @defaultValue 0 */
  readonly l2?: number | undefined
  /** Training images are moved by up to so many pixels; an integer ≥ 0. @defaultValue 4 */
  readonly crop?: number | undefined
  /** Whether training images have left and right change places at random. @defaultValue true */
  readonly flip?: boolean | undefined
  /** How many of the classes' training images are trained on; ≥ 1. @defaultValue 1,000 */
  readonly trainImages?: number | undefined
  /** How many others of them validate; ≥ 1. @defaultValue 1,000 */
  readonly validationImages?: number | undefined
  /** Decides which images are which, the same in all trials of a study. @defaultValue 0 */
  readonly splitSeed?: number | undefined
  /** Whether reports with the lowest validation loss so far have the accuracy on the classes' test images. @defaultValue false */
  readonly evaluateTest?: boolean | undefined
  /** The folder `cifar-10-batches-bin` with CIFAR-10's binary files. */
  readonly dataDirectory?: string | undefined
  /** The back end of TensorFlow.js. @defaultValue the fastest installed */
  readonly backend?: BackendName | undefined
}

/** A config with each default filled in. */
export type TransferLearningSettings = {
  readonly [K in Exclude<keyof TransferLearningConfig, 'weights' | 'dataDirectory' | 'backend' | 'model'>]-?: Exclude<
    TransferLearningConfig[K],
    undefined
  >
} & { readonly model: ImageModel } & Pick<TransferLearningConfig, 'weights' | 'dataDirectory' | 'backend'>

/**
 * Checks a config and fills in the defaults.
 *
 * @throws TuneError `INVALID_CONFIG` that names the field, its value and what it may be
 */
export function transferLearningSettings(config: TransferLearningConfig): TransferLearningSettings {
  const settings: TransferLearningSettings = {
    learningRate: config.learningRate,
    fineTuneLearningRate: config.fineTuneLearningRate ?? config.learningRate / 10,
    model: imageModel(config.model ?? 'resnet18'),
    weights: config.weights,
    frozenEpochs: config.frozenEpochs ?? 10,
    fineTuneEpochs: config.fineTuneEpochs ?? 10,
    patience: config.patience ?? 3,
    classes: config.classes ?? [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    imageSize: config.imageSize ?? 32,
    optimizer: config.optimizer ?? 'momentum',
    momentum: config.momentum ?? 0.9,
    batchSize: config.batchSize ?? 64,
    l2: config.l2 ?? 0,
    crop: config.crop ?? 4,
    flip: config.flip ?? true,
    trainImages: config.trainImages ?? 1_000,
    validationImages: config.validationImages ?? 1_000,
    splitSeed: config.splitSeed ?? 0,
    evaluateTest: config.evaluateTest ?? false,
    dataDirectory: config.dataDirectory,
    backend: config.backend,
  }
  const check = configCheck(settings)
  check.positive('learningRate', 'fineTuneLearningRate')
  check.count(0, 'frozenEpochs', 'fineTuneEpochs', 'crop')
  check.count(1, 'patience', 'imageSize', 'batchSize', 'trainImages', 'validationImages')
  check.fraction('momentum')
  check.oneOf('optimizer', optimizerNames)
  if (settings.backend !== undefined) check.oneOf('backend', backendNames)
  check.notNegative('l2')
  const { weights } = settings
  check.that('weights', weights === undefined || typeof weights.path === 'string', 'an object with a path')
  if (settings.frozenEpochs + settings.fineTuneEpochs === 0)
    throw new TuneError('INVALID_CONFIG', `fineTuneEpochs is ${show(0)}, and so is frozenEpochs: one must be 1 or more`)
  return settings
}
