export {
  type CurveMetrics,
  type CurveTable,
  curveSpace,
  curveTrainable,
  loadCurveTable,
} from './curves/curve-table.js'
export { type SyntheticCurveOptions, syntheticCurveSpace, syntheticCurves } from './curves/synthetic-curves.js'
export {
  type Batch,
  batchesOf,
  type ImageSelection,
  type ImageSet,
  type Normalization,
  selectImages,
} from './data/images.js'
export { loadMnist, type Mnist, mnistNormalization, type Split, splitImages } from './data/mnist.js'
export { buildCnn, default as mnistCnnTrainable, type MnistCnnMetrics, mnistCnn } from './mnist-cnn.js'
export { type MnistCnnConfig, type MnistCnnSettings, mnistCnnSettings } from './mnist-cnn-config.js'
export {
  type BackendName,
  backendNames,
  loadTensorFlow,
  type TensorFlow,
  type TensorFlowCore,
  type TensorFlowOptions,
} from './tensorflow/backend.js'
export { loadTraining, saveTraining, type TrainingState } from './training/checkpoint.js'
export { dropoutMask } from './training/dropout.js'
export { type InitializerName, initializerNames } from './training/initializers.js'
export type { Classified } from './training/loss.js'
export { inference, type Layer, Network, type Parameter, type Pass, sequence } from './training/network.js'
export { Optimizer, type OptimizerName, optimizerNames } from './training/optimizers.js'
export { type DecayName, decayFactor, decayNames } from './training/schedule.js'
export { type Classifier, evaluate, type Score, type TrainingOptions, trainEpoch, trainStep } from './training/train.js'
