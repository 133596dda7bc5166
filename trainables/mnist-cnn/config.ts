import { type ImageClassifierConfig, imageClassifierSettings, type SettingsOf } from '../image-classifier/config.js'
import { configCheck } from '../kit/check-config.js'

/** Hyperparameters and settings of {@link mnistCnn}. */
export interface MnistCnnConfig extends ImageClassifierConfig {
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
  /** Normalizes after each convolution's pooling, and after the hidden dense layer. @defaultValue false */
  readonly batchNormalization?: boolean | undefined
}

/** A config with each default filled in. */
export type MnistCnnSettings = SettingsOf<MnistCnnConfig>

/**
 * Checks a config and fills in the defaults.
 *
 * @throws TuneError `INVALID_CONFIG` that names the field, its value and what it may be
 */
export function mnistCnnSettings(config: MnistCnnConfig): MnistCnnSettings {
  const settings: MnistCnnSettings = {
    ...imageClassifierSettings(config, 60_000),
    filters: config.filters ?? [16, 32],
    filterSize: config.filterSize ?? 5,
    padding: config.padding ?? 'valid',
    denseUnits: config.denseUnits ?? 64,
    dropout: config.dropout ?? 0,
    batchNormalization: config.batchNormalization ?? false,
  }
  const check = configCheck(settings)
  check.oneOf('padding', ['valid', 'same'])
  check.fraction('dropout')
  check.count(1, 'filterSize')
  check.count(0, 'denseUnits')
  const areFilters = settings.filters.length >= 2 && settings.filters.every(size => Number.isInteger(size) && size >= 1)
  check.that('filters', areFilters, 'two or more integers, each 1 or more')
  return settings
}
