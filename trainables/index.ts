/**
 * Trainables that are ready to be tuned: a convolutional network for MNIST, learning curves recorded and computed, and the parts that they are made of.
 *
 * @module tunewright/trainables
 */

export * from './activations/index.js'
export { type AlexNetArchitecture, alexNet, buildAlexNet } from './alexnet/index.js'
export {
  type CurveMetrics,
  type CurveTable,
  curveSpace,
  curveTrainable,
  loadCurveTable,
} from './curves/curve-table.js'
export { type SyntheticCurveOptions, syntheticCurveSpace, syntheticCurves } from './curves/synthetic-curves.js'
export { type Augmentation, type AugmentationOptions, augmentation, type Change } from './data/augment.js'
export { cifar10Classes, cifar10Normalization, loadCifar10 } from './data/cifar10.js'
export { writeCifar10StandIn } from './data/cifar10-stand-in.js'
export { type ImageDataset, shareDataset } from './data/dataset.js'
export { fashionMnistClasses, fashionMnistNormalization, loadFashionMnist } from './data/fashion-mnist.js'
export {
  type Batch,
  batchesOf,
  type ImageSelection,
  type ImageSet,
  type Normalization,
  selectImages,
} from './data/images.js'
export { loadMnist, mnistNormalization } from './data/mnist.js'
export { type Fold, foldImages, type Split, splitImages } from './data/split.js'
export * from './dense/index.js'
export * from './dropout-regression/index.js'
export * from './edges/index.js'
export * from './eggholder/index.js'
export type { ImageClassifierConfig, SettingsOf, TrainingConfig } from './image-classifier/config.js'
export type { ScheduledClassifierConfig, ScheduledSettingsOf } from './image-classifier/scheduled-config.js'
export type { ImageClassifierMetrics } from './image-classifier/train-classifier.js'
export {
  activationsOf,
  type BodyAndHead,
  buildImageModel,
  firstFilters,
  freezeBody,
  type ImageModel,
  type ImageModelName,
  imageModels,
  type Planes,
  unfreezeBody,
} from './image-models/index.js'
export * from './lenet-5/index.js'
export * from './mini-googlenet/index.js'
export * from './mlp/index.js'
export * from './mnist-cnn/index.js'
export * from './perceptron/index.js'
export * from './relu-collapse/index.js'
export {
  buildResidualNetwork,
  type CifarResNetConfig,
  type CifarResNetMetrics,
  type CifarResNetSettings,
  cifarResidual,
  cifarResNet,
  cifarResNetSettings,
  cifarResNetTrainable,
  type ResidualArchitecture,
  resnet18,
  resnet152,
} from './residual/index.js'
export {
  type BackendName,
  backendNames,
  loadTensorFlow,
  type TensorFlow,
  type TensorFlowCore,
  type TensorFlowOptions,
} from './tensorflow/backend.js'
export { type BatchSizePolicy, batchSizeAt, checkBatchSizePolicy } from './training/batch-size-policy.js'
export { loadTraining, readCheckpointWeights, saveTraining, type TrainingState } from './training/checkpoint.js'
export {
  type BatchSizeFinderOptions,
  type BatchSizePoint,
  type BatchSizeRange,
  findBatchSize,
  suggestBatchSizes,
} from './training/finders/batch-size-finder.js'
export {
  findLearningRate,
  type LearningRateFinderOptions,
  type LearningRateRange,
  suggestLearningRate,
} from './training/finders/learning-rate-finder.js'
export type { SweepPoint } from './training/finders/smoothing.js'
export {
  type Initializer,
  type InitializerName,
  initializerNames,
} from './training/initializers.js'
export { type ActivationName, type ActivationOptions, activationNames } from './training/layers/activations.js'
export {
  basicBlock,
  bottleneckBlock,
  miniDownsample,
  miniInception,
  normalizedConvolution,
  type ResidualBlockOptions,
} from './training/layers/blocks.js'
export type { ConvolutionOptions } from './training/layers/convolution.js'
export type { DenseOptions } from './training/layers/dense.js'
export { dropoutMask } from './training/layers/dropout.js'
export { inference, type Layer, type LayerHost, observe, type Pass, sequence } from './training/layers/layer.js'
export type { BatchNormalizationOptions } from './training/layers/normalization.js'
export type { Padding } from './training/layers/padding.js'
export type { PoolingOptions } from './training/layers/pooling.js'
export {
  checkLearningRateSchedule,
  type LearningRateSchedule,
  learningRateAt,
  type RunPosition,
} from './training/learning-rate-schedule.js'
export type { Classified } from './training/loss.js'
export { Network, type NetworkOptions } from './training/network.js'
export { Optimizer } from './training/optimizers/optimizer.js'
export { type OptimizerName, type OptimizerSettings, optimizerNames } from './training/optimizers/rules.js'
export { Parameter, type ParameterKind } from './training/parameter.js'
export { type Penalties, penaltyOf } from './training/penalties.js'
export { type DecayName, decayFactor, decayNames } from './training/schedule.js'
export {
  type Classifier,
  descend,
  evaluate,
  type ImageSizes,
  type Score,
  type TrainingOptions,
  trainEpoch,
  trainStep,
} from './training/train.js'
export {
  type AssignmentOptions,
  assignWeights,
  type NamedArray,
  type NamedArrays,
  readModelWeights,
} from './training/weights.js'
export {
  type TrainingMemoryConfig,
  type TrainingMemoryMetrics,
  type TrainingMemorySettings,
  trainingMemory,
  trainingMemorySettings,
  trainingMemoryTrainable,
} from './training-memory/index.js'
export {
  imagesOfClasses,
  type Phase,
  type TransferLearningConfig,
  type TransferLearningMetrics,
  type TransferLearningSettings,
  transferLearning,
  transferLearningSettings,
  transferLearningTrainable,
  type WeightSource,
} from './transfer-learning/index.js'
