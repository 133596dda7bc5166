export { type LayerActivationsConfig, type LayerActivationsSettings, layerActivationsSettings } from './config.js'
export {
  default as layerActivationsTrainable,
  type LayerActivationsMetrics,
  layerActivations,
} from './layer-activations.js'
export type { LayerStatistics } from './layer-statistics.js'
