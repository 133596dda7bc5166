import { type ImageModel, type ImageModelName, imageModel } from '../image-models/image-model.js'
import { configCheck } from '../kit/check-config.js'
import { type BackendName, backendNames } from '../tensorflow/backend.js'
import { type OptimizerName, optimizerNames } from '../training/optimizers/rules.js'

/** What {@link trainingMemory} measures. */
export interface TrainingMemoryConfig {
  /** The network, by name or as plain data. */
  readonly model: ImageModelName | ImageModel
  /** Images a step; an integer ≥ 1. */
  readonly batchSize: number
  /** @defaultValue 'sgd' */
  readonly optimizer?: OptimizerName | undefined
  /** Height and width of the images, in pixels; an integer ≥ 1. @defaultValue 224 */
  readonly imageSize?: number | undefined
  /** How many classes are told apart; an integer ≥ 2. @defaultValue 1,000 */
  readonly classes?: number | undefined
  /** Whether the last layer alone is trained. @defaultValue false */
  readonly isBodyFrozen?: boolean | undefined
  /** The back end of TensorFlow.js. @defaultValue the fastest installed */
  readonly backend?: BackendName | undefined
}

/** A config with each default filled in. */
export type TrainingMemorySettings = {
  readonly [K in Exclude<keyof TrainingMemoryConfig, 'backend' | 'model'>]-?: Exclude<
    TrainingMemoryConfig[K],
    undefined
  >
} & { readonly model: ImageModel } & Pick<TrainingMemoryConfig, 'backend'>

/**
 * Checks a config and fills in the defaults.
 *
 * @throws TuneError `INVALID_CONFIG` that names the field, its value and what it may be
 */
export function trainingMemorySettings(config: TrainingMemoryConfig): TrainingMemorySettings {
  const settings: TrainingMemorySettings = {
    model: imageModel(config.model),
    batchSize: config.batchSize,
    optimizer: config.optimizer ?? 'sgd',
    imageSize: config.imageSize ?? 224,
    classes: config.classes ?? 1_000,
    isBodyFrozen: config.isBodyFrozen ?? false,
    backend: config.backend,
  }
  const check = configCheck(settings)
  check.count(1, 'batchSize', 'imageSize')
  check.count(2, 'classes')
  check.oneOf('optimizer', optimizerNames)
  if (settings.backend !== undefined) check.oneOf('backend', backendNames)
  return settings
}
