export { imagesOfClasses } from './class-subset.js'
export {
  type TransferLearningConfig,
  type TransferLearningSettings,
  transferLearningSettings,
  type WeightSource,
} from './config.js'
export type { Phase } from './patience.js'
export {
  default as transferLearningTrainable,
  type TransferLearningMetrics,
  transferLearning,
} from './transfer-learning.js'
