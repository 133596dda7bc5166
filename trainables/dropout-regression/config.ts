import { type DescentName, descentNames } from '../dense/descent.js'
import { configCheck } from '../kit/check-config.js'
import { type DecayName, decayNames } from '../training/schedule.js'

/** Hyperparameters and settings of {@link dropoutRegression}. */
export interface DropoutRegressionConfig {
  /** The probability that an input is dropped; in [0, 1). @defaultValue 0 */
  readonly dropout?: number | undefined
  /** @defaultValue 'sgd' */
  readonly optimizer?: DescentName | undefined
  /** The learning rate at the start; > 0. */
  readonly learningRate: number
  /** How it falls over the run. @defaultValue 'linear' */
  readonly learningRateDecay?: DecayName | undefined
  /** Passes over the rows; an integer ≥ 1. @defaultValue 200 */
  readonly epochs?: number | undefined
  /** Passes from one report to the next; an integer ≥ 1. @defaultValue 10 */
  readonly epochsPerReport?: number | undefined
  /** Rows a step; an integer ≥ 1. @defaultValue 20 */
  readonly batchSize?: number | undefined
  /** Rows; an integer ≥ 3. @defaultValue 1,000 */
  readonly rows?: number | undefined
  /** The correlation of the two inputs; in [0, 1). @defaultValue 0.99 */
  readonly correlation?: number | undefined
  /** Decides the rows, the same in all trials of a study; an integer ≥ 0. @defaultValue 0 */
  readonly dataSeed?: number | undefined
}

/** A config with each default filled in. */
export type DropoutRegressionSettings = {
  readonly [K in keyof DropoutRegressionConfig]-?: Exclude<DropoutRegressionConfig[K], undefined>
}

/**
 * Checks a config and fills in the defaults.
 *
 * @throws TuneError `INVALID_CONFIG` that names the field, its value and what it may be
 */
export function dropoutRegressionSettings(config: DropoutRegressionConfig): DropoutRegressionSettings {
  const settings: DropoutRegressionSettings = {
    dropout: config.dropout ?? 0,
    optimizer: config.optimizer ?? 'sgd',
    learningRate: config.learningRate,
    learningRateDecay: config.learningRateDecay ?? 'linear',
    epochs: config.epochs ?? 200,
    epochsPerReport: config.epochsPerReport ?? 10,
    batchSize: config.batchSize ?? 20,
    rows: config.rows ?? 1_000,
    correlation: config.correlation ?? 0.99,
    dataSeed: config.dataSeed ?? 0,
  }
  const check = configCheck(settings)
  check.fraction('dropout', 'correlation')
  check.oneOf('optimizer', descentNames)
  check.oneOf('learningRateDecay', decayNames)
  check.positive('learningRate')
  check.count(1, 'epochs', 'epochsPerReport', 'batchSize')
  check.count(3, 'rows')
  check.count(0, 'dataSeed')
  return settings
}
