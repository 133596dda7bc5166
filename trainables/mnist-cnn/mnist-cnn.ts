import { defineTrainable } from '../../src/trainable/define.js'
import type { Report, TrialContext } from '../../src/trainable/trainable.js'
import { loadMnist, mnistNormalization } from '../data/mnist.js'
import { type ClassifierParts, prepareClassifier } from '../image-classifier/prepare-classifier.js'
import { type ImageClassifierMetrics, trainClassifier } from '../image-classifier/train-classifier.js'
import { buildCnn } from './build-cnn.js'
import { type MnistCnnConfig, mnistCnnSettings } from './config.js'

/** What {@link mnistCnn} reports after each epoch. */
export type MnistCnnMetrics = ImageClassifierMetrics

/**
 * Trains a convolutional network on MNIST: convolutions that are each followed by max-pooling, a hidden dense layer, softmax.
 * One iteration is one epoch. The same config and seed give the same numbers each time.
 *
 * @throws TuneError `INVALID_CONFIG` for a config that is out of range, `DEPENDENCY_MISSING` without TensorFlow.js or the data,
 * `CHECKPOINT_FAILED` for initial weights of another network
 */
export async function* mnistCnn(
  config: MnistCnnConfig,
  context: TrialContext,
): AsyncGenerator<Report<MnistCnnMetrics>, void, unknown> {
  const settings = mnistCnnSettings(config)
  const parts: ClassifierParts = { load: loadMnist, build: (network, images) => buildCnn(network, images, settings) }
  const { classifier, ...task } = await prepareClassifier(settings, parts, context)
  yield* trainClassifier(classifier, { ...task, normalization: mnistNormalization }, context)
}

/** {@link mnistCnn}, for worker threads: what a `Tuner` is given. */
export default defineTrainable(import.meta.url, mnistCnn)
