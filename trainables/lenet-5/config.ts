import { type ImageClassifierConfig, imageClassifierSettings, type SettingsOf } from '../image-classifier/config.js'
import { configCheck } from '../kit/check-config.js'
import { type ActivationName, activationNames } from '../training/layers/activations.js'
import { type LeNet5Dataset, leNet5DatasetNames, leNet5Datasets } from './datasets.js'

/** Which layers are normalized: none, the hidden ones, or these and the input. */
export const normalizedParts = ['none', 'hidden', 'inputAndHidden'] as const

/** The name of one of {@link normalizedParts}. */
export type NormalizedPart = (typeof normalizedParts)[number]

/** Hyperparameters and settings of {@link leNet5}. */
export interface LeNet5Config extends ImageClassifierConfig {
  /** What is learnt. CIFAR-10 needs `dataDirectory`. @defaultValue 'mnist' */
  readonly dataset?: LeNet5Dataset | undefined
  /** Of the hidden layers. @defaultValue 'relu' */
  readonly activation?: ActivationName | undefined
  /** Where batch normalization stands; in hidden layers it comes in front of the activation. @defaultValue 'none' */
  readonly batchNormalization?: NormalizedPart | undefined
  /** The part of the pixels that is dropped while training; in [0, 1). @defaultValue 0 */
  readonly inputDropout?: number | undefined
  /** The part of each hidden layer's outputs that is dropped while training; in [0, 1). @defaultValue 0 */
  readonly hiddenDropout?: number | undefined
  /** Training images are moved by up to so many pixels each way, at random; an integer ≥ 0. @defaultValue 0 */
  readonly crop?: number | undefined
  /** Whether every second training image, at random, is mirrored. @defaultValue false */
  readonly flip?: boolean | undefined
}

/** A config with each default filled in. */
export type LeNet5Settings = SettingsOf<LeNet5Config>

/**
 * Checks a config and fills in the defaults.
 *
 * @throws TuneError `INVALID_CONFIG` that names the field, its value and what it may be
 */
export function leNet5Settings(config: LeNet5Config): LeNet5Settings {
  const dataset = config.dataset ?? 'mnist'
  configCheck({ dataset }).oneOf('dataset', leNet5DatasetNames)
  const settings: LeNet5Settings = {
    ...imageClassifierSettings(config, leNet5Datasets[dataset].trainImages),
    dataset,
    activation: config.activation ?? 'relu',
    batchNormalization: config.batchNormalization ?? 'none',
    inputDropout: config.inputDropout ?? 0,
    hiddenDropout: config.hiddenDropout ?? 0,
    crop: config.crop ?? 0,
    flip: config.flip ?? false,
  }
  const check = configCheck(settings)
  check.oneOf('activation', activationNames)
  check.oneOf('batchNormalization', normalizedParts)
  check.fraction('inputDropout', 'hiddenDropout')
  check.count(0, 'crop')
  return settings
}
