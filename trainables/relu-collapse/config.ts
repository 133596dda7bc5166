import { initializerKinds, isInitializer } from '../dense/initialize.js'
import { configCheck } from '../kit/check-config.js'
import type { Initializer } from '../training/initializers.js'

/** The activations that are compared. */
export const rectifierNames = ['relu', 'leakyRelu'] as const

/** The name of a rectifier. */
export type RectifierName = (typeof rectifierNames)[number]

/** Hyperparameters and settings of {@link reluCollapse}. */
export interface ReluCollapseConfig {
  /** @defaultValue 'relu' */
  readonly activation?: RectifierName | undefined
  /** How weights start; biases start at 0. @defaultValue 'heNormal' */
  readonly initializer?: Initializer | undefined
  /** How many hidden layers there are; an integer ≥ 1. @defaultValue 10 */
  readonly hiddenLayers?: number | undefined
  /** Units of each hidden layer; an integer ≥ 1. @defaultValue 2 */
  readonly width?: number | undefined
  /** Of Adam, at the start; it falls to 0 as a cosine. > 0. @defaultValue 0.003 */
  readonly learningRate?: number | undefined
  /** Samples of |x|, drawn anew for each network; an integer ≥ 1. @defaultValue 3,000 */
  readonly samples?: number | undefined
  /** Samples a step; an integer ≥ 1. @defaultValue 128 */
  readonly batchSize?: number | undefined
  /** Passes over the samples; an integer ≥ 1. @defaultValue 100 */
  readonly epochs?: number | undefined
  /** Passes from one report to the next; an integer ≥ 1. @defaultValue 25 */
  readonly epochsPerReport?: number | undefined
  /** Whether networks that are dead from the start are trained all the same, though their end is known. @defaultValue false */
  readonly trainsDead?: boolean | undefined
}

/** A config with each default filled in. */
export type ReluCollapseSettings = {
  readonly [K in keyof ReluCollapseConfig]-?: Exclude<ReluCollapseConfig[K], undefined>
}

/**
 * Checks a config and fills in the defaults.
 *
 * @throws TuneError `INVALID_CONFIG` that names the field, its value and what it may be
 */
export function reluCollapseSettings(config: ReluCollapseConfig): ReluCollapseSettings {
  const settings: ReluCollapseSettings = {
    activation: config.activation ?? 'relu',
    initializer: config.initializer ?? 'heNormal',
    hiddenLayers: config.hiddenLayers ?? 10,
    width: config.width ?? 2,
    learningRate: config.learningRate ?? 0.003,
    samples: config.samples ?? 3_000,
    batchSize: config.batchSize ?? 128,
    epochs: config.epochs ?? 100,
    epochsPerReport: config.epochsPerReport ?? 25,
    trainsDead: config.trainsDead ?? false,
  }
  const check = configCheck(settings)
  check.oneOf('activation', rectifierNames)
  check.that('initializer', isInitializer(settings.initializer), initializerKinds)
  check.positive('learningRate')
  check.count(1, 'hiddenLayers', 'width', 'samples', 'batchSize', 'epochs', 'epochsPerReport')
  return settings
}
