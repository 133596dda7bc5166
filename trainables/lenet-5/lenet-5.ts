import { defineTrainable } from '../../src/trainable/define.js'
import type { Report, TrialContext } from '../../src/trainable/trainable.js'
import { type ClassifierParts, prepareClassifier } from '../image-classifier/prepare-classifier.js'
import { type ImageClassifierMetrics, trainClassifier } from '../image-classifier/train-classifier.js'
import { buildLeNet5 } from './build-lenet-5.js'
import { type LeNet5Config, leNet5Settings } from './config.js'
import { leNet5Datasets } from './datasets.js'

/** What {@link leNet5} reports after each epoch. */
export type LeNet5Metrics = ImageClassifierMetrics

/**
 * Trains LeNet-5 on MNIST or CIFAR-10, with batch normalization, dropout and augmentation as options. One iteration is one epoch. The same config
 * and seed give the same numbers each time.
 *
 * @throws TuneError `INVALID_CONFIG` for a config that is out of range, `DEPENDENCY_MISSING` without TensorFlow.js or the data,
 * `STORAGE_UNAVAILABLE` for data that can't be read, `CHECKPOINT_FAILED` for initial weights of another network
 */
export async function* leNet5(
  config: LeNet5Config,
  context: TrialContext,
): AsyncGenerator<Report<LeNet5Metrics>, void, unknown> {
  const settings = leNet5Settings(config)
  const { crop, flip } = settings
  const { load, normalization } = leNet5Datasets[settings.dataset]
  const parts: ClassifierParts = { load, build: (network, images) => buildLeNet5(network, images, settings) }
  const { classifier, ...task } = await prepareClassifier(settings, parts, context)
  const augment = crop > 0 || flip ? { crop, flip } : undefined
  yield* trainClassifier(classifier, { ...task, normalization, augment }, context)
}

/** {@link leNet5}, for worker threads: what a `Tuner` is given. */
export default defineTrainable(import.meta.url, leNet5)
