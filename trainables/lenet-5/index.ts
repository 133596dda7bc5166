export { buildLeNet5 } from './build-lenet-5.js'
export {
  type LeNet5Config,
  type LeNet5Settings,
  leNet5Settings,
  type NormalizedPart,
  normalizedParts,
} from './config.js'
export { type LeNet5Dataset, leNet5DatasetNames } from './datasets.js'
export { default as leNet5Trainable, type LeNet5Metrics, leNet5 } from './lenet-5.js'
