import { type ImageClassifierConfig, imageClassifierSettings, type SettingsOf } from '../image-classifier/config.js'
import { configCheck } from '../kit/check-config.js'
import { type ActivationName, activationNames } from '../training/layers/activations.js'

/** Hyperparameters and settings of {@link mnistMlp}. */
export interface MnistMlpConfig extends ImageClassifierConfig {
  /** Units of each hidden layer; integers ≥ 1, as many as there are layers. @defaultValue [1000, 1000] */
  readonly hiddenUnits?: readonly number[] | undefined
  /** Of the hidden layers. @defaultValue 'relu' */
  readonly activation?: ActivationName | undefined
  /** The part of the pixels that is dropped while training; in [0, 1). @defaultValue 0 */
  readonly inputDropout?: number | undefined
  /** The part of each hidden layer's outputs that is dropped while training; in [0, 1). @defaultValue 0 */
  readonly hiddenDropout?: number | undefined
}

/** A config with each default filled in. */
export type MnistMlpSettings = SettingsOf<MnistMlpConfig>

/**
 * Checks a config and fills in the defaults.
 *
 * @throws TuneError `INVALID_CONFIG` that names the field, its value and what it may be
 */
export function mnistMlpSettings(config: MnistMlpConfig): MnistMlpSettings {
  const settings: MnistMlpSettings = {
    ...imageClassifierSettings(config, 60_000),
    hiddenUnits: config.hiddenUnits ?? [1000, 1000],
    activation: config.activation ?? 'relu',
    inputDropout: config.inputDropout ?? 0,
    hiddenDropout: config.hiddenDropout ?? 0,
  }
  const check = configCheck(settings)
  const areUnits = settings.hiddenUnits.length >= 1 && settings.hiddenUnits.every(n => Number.isInteger(n) && n >= 1)
  check.that('hiddenUnits', areUnits, 'one or more integers, each 1 or more')
  check.oneOf('activation', activationNames)
  check.fraction('inputDropout', 'hiddenDropout')
  return settings
}
