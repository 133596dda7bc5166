import { configCheck } from '../kit/check-config.js'
import { type BackendName, backendNames } from '../tensorflow/backend.js'
import { type EdgeNetworkName, edgeNetworkNames } from './build-edge-network.js'
import { type EdgeShift, edgeShiftNames } from './domain-shift.js'

/** Hyperparameters and settings of {@link edgeDetection}. */
export interface EdgeDetectionConfig {
  /** @defaultValue 'cnn' */
  readonly network?: EdgeNetworkName | undefined
  /** Filters of each of the CNN's convolutions; one or more. @defaultValue [8, 16, 44] */
  readonly filters?: readonly number[] | undefined
  /** Units of the MLP's hidden layer; an integer ≥ 1. @defaultValue 10 */
  readonly hiddenUnits?: number | undefined
  /** Images to learn from; an integer ≥ 3. @defaultValue 300 */
  readonly trainImages?: number | undefined
  /** Images to judge by, of each domain; an integer ≥ 3. @defaultValue 600 */
  readonly testImages?: number | undefined
  /** The standard deviation of each pixel's noise, where white is 1; ≥ 0. The edges' contrast is 0.25. @defaultValue 0.1 */
  readonly noise?: number | undefined
  /** Whether the pixels of all images are put into one other order. @defaultValue false */
  readonly isPermuted?: boolean | undefined
  /** In what the edges of the shifted domain differ. @defaultValue 'none' */
  readonly shift?: EdgeShift | undefined
  /** Of Adam, at the start; it falls to 0 as a cosine. > 0. @defaultValue 0.003 */
  readonly learningRate?: number | undefined
  /** Images a step; an integer ≥ 1. @defaultValue 32 */
  readonly batchSize?: number | undefined
  /** Steps in all, however many images there are; an integer ≥ 1. @defaultValue 200 for the CNN, 1,000 for the MLP, which take about the same time */
  readonly steps?: number | undefined
  /** How often it reports, evenly over the steps; an integer from 1 to `steps`. @defaultValue 1 */
  readonly reports?: number | undefined
  /** Decides the images, the same in all trials that have it; an integer ≥ 0. @defaultValue 0 */
  readonly dataSeed?: number | undefined
  /** The back end of TensorFlow.js. @defaultValue the fastest installed */
  readonly backend?: BackendName | undefined
}

/** A config with each default filled in. */
export type EdgeDetectionSettings = {
  readonly [K in Exclude<keyof EdgeDetectionConfig, 'backend'>]-?: Exclude<EdgeDetectionConfig[K], undefined>
} & Pick<EdgeDetectionConfig, 'backend'>

/**
 * Checks a config and fills in the defaults.
 *
 * @throws TuneError `INVALID_CONFIG` that names the field, its value and what it may be
 */
export function edgeDetectionSettings(config: EdgeDetectionConfig): EdgeDetectionSettings {
  const network = config.network ?? 'cnn'
  const settings: EdgeDetectionSettings = {
    network,
    filters: config.filters ?? [8, 16, 44],
    hiddenUnits: config.hiddenUnits ?? 10,
    trainImages: config.trainImages ?? 300,
    testImages: config.testImages ?? 600,
    noise: config.noise ?? 0.1,
    isPermuted: config.isPermuted ?? false,
    shift: config.shift ?? 'none',
    learningRate: config.learningRate ?? 0.003,
    batchSize: config.batchSize ?? 32,
    steps: config.steps ?? (network === 'cnn' ? 200 : 1_000),
    reports: config.reports ?? 1,
    dataSeed: config.dataSeed ?? 0,
    backend: config.backend,
  }
  const check = configCheck(settings)
  check.oneOf('network', edgeNetworkNames)
  check.oneOf('shift', edgeShiftNames)
  const areFilters = settings.filters.length >= 1 && settings.filters.every(size => Number.isInteger(size) && size >= 1)
  check.that('filters', areFilters, 'one or more integers, each 1 or more')
  check.count(1, 'hiddenUnits', 'batchSize', 'steps', 'reports')
  check.that('reports', settings.reports <= settings.steps, 'at most steps')
  check.count(3, 'trainImages', 'testImages')
  check.count(0, 'dataSeed')
  check.notNegative('noise')
  check.positive('learningRate')
  if (settings.backend !== undefined) check.oneOf('backend', backendNames)
  return settings
}
