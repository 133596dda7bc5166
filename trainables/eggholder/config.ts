import { configCheck } from '../kit/check-config.js'
import { type BackendName, backendNames } from '../tensorflow/backend.js'
import { type ActivationName, activationNames } from '../training/layers/activations.js'
import { type DecayName, decayNames } from '../training/schedule.js'

/** Hyperparameters and settings of {@link eggholderRegression}. */
export interface EggholderConfig {
  /** How many hidden layers there are; an integer ≥ 1. @defaultValue 2 */
  readonly hiddenLayers?: number | undefined
  /** Units of all hidden layers together, which share them evenly; an integer from one a layer to 512. @defaultValue 128 */
  readonly units?: number | undefined
  /** @defaultValue 'relu' */
  readonly activation?: ActivationName | undefined
  /** Of Adam, at the start; > 0. @defaultValue 0.003 */
  readonly learningRate?: number | undefined
  /** How it falls over the run's epochs. @defaultValue 'cosine' */
  readonly learningRateDecay?: DecayName | undefined
  /** Points a step; an integer ≥ 1. @defaultValue 250 */
  readonly batchSize?: number | undefined
  /** Passes over the points; an integer ≥ 1. @defaultValue 30 */
  readonly epochs?: number | undefined
  /** Points to learn from; an integer ≥ 2. @defaultValue 100,000 */
  readonly points?: number | undefined
  /** Points to judge by, with noise as well; an integer ≥ 1. @defaultValue 10,000 */
  readonly testPoints?: number | undefined
  /** The standard deviation of what is added to the function; ≥ 0. @defaultValue 0.3 */
  readonly noise?: number | undefined
  /** Decides the points, the same in all trials of a study; an integer ≥ 0. @defaultValue 0 */
  readonly dataSeed?: number | undefined
  /** The back end of TensorFlow.js. @defaultValue the fastest installed */
  readonly backend?: BackendName | undefined
}

/** A config with each default filled in. */
export type EggholderSettings = {
  readonly [K in Exclude<keyof EggholderConfig, 'backend'>]-?: Exclude<EggholderConfig[K], undefined>
} & Pick<EggholderConfig, 'backend'>

/**
 * Checks a config and fills in the defaults.
 *
 * @throws TuneError `INVALID_CONFIG` that names the field, its value and what it may be
 */
export function eggholderSettings(config: EggholderConfig): EggholderSettings {
  const settings: EggholderSettings = {
    hiddenLayers: config.hiddenLayers ?? 2,
    units: config.units ?? 128,
    activation: config.activation ?? 'relu',
    learningRate: config.learningRate ?? 0.003,
    learningRateDecay: config.learningRateDecay ?? 'cosine',
    batchSize: config.batchSize ?? 250,
    epochs: config.epochs ?? 30,
    points: config.points ?? 100_000,
    testPoints: config.testPoints ?? 10_000,
    noise: config.noise ?? 0.3,
    dataSeed: config.dataSeed ?? 0,
    backend: config.backend,
  }
  const check = configCheck(settings)
  check.count(1, 'hiddenLayers', 'batchSize', 'epochs', 'testPoints')
  check.count(settings.hiddenLayers, 'units')
  check.that('units', settings.units <= 512, 'at most 512')
  check.oneOf('activation', activationNames)
  check.positive('learningRate')
  check.oneOf('learningRateDecay', decayNames)
  check.count(2, 'points')
  check.count(0, 'dataSeed')
  check.notNegative('noise')
  if (settings.backend !== undefined) check.oneOf('backend', backendNames)
  return settings
}

/** How many units each hidden layer has: equal shares, the first layers one more where it doesn't come out even. */
export function unitsByLayer({ hiddenLayers, units }: Pick<EggholderSettings, 'hiddenLayers' | 'units'>): number[] {
  const share = Math.floor(units / hiddenLayers)
  return Array.from({ length: hiddenLayers }, (_, layer) => share + (layer < units % hiddenLayers ? 1 : 0))
}
