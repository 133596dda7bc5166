export { type EggholderConfig, type EggholderSettings, eggholderSettings, unitsByLayer } from './config.js'
export { eggholder, eggholderEnd, eggholderPoints, type SurfacePoints } from './eggholder.js'
export {
  default as eggholderTrainable,
  type EggholderMetrics,
  eggholderRegression,
} from './eggholder-regression.js'
