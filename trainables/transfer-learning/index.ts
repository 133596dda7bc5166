export { type BodyAndHead, bodyAndHead, freezeBody, outputLayer, unfreezeBody } from './body-and-head.js'
export { imagesOfClasses } from './class-subset.js'
export {
  type TransferLearningConfig,
  type TransferLearningSettings,
  transferLearningSettings,
  type WeightSource,
} from './config.js'
export { activationsOf, firstFilters, type Planes } from './first-layer.js'
export { buildImageModel, type ImageModel, type ImageModelName, imageModel, imageModels } from './image-model.js'
export { epochsSinceBest, type JudgedEpoch, nextPhase, type Phase, type PhasePlan } from './patience.js'
export {
  default as transferLearningTrainable,
  type TransferLearningMetrics,
  transferLearning,
} from './transfer-learning.js'
