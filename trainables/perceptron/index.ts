export {
  type LinearClassifierConfig,
  type LinearClassifierSettings,
  type LinearLearnerName,
  linearClassifierSettings,
  linearLearnerNames,
} from './config.js'
export {
  default as linearClassifierTrainable,
  type LinearClassifierMetrics,
  linearClassifier,
} from './linear-classifier.js'
export { type Margin, widestMargin } from './margin.js'
export { type DividedSquare, type DividedSquareOptions, dividedSquare, type LabelledPoints } from './points.js'
