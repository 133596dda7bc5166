import { defineTrainable } from '../../src/trainable/define.js'
import type { Report, TrialContext } from '../../src/trainable/trainable.js'
import { loadMnist, mnistNormalization } from '../data/mnist.js'
import { type ImageClassifierMetrics, splitFor, trainClassifier } from '../image-classifier/train-classifier.js'
import { loadTensorFlow } from '../tensorflow/backend.js'
import { Network } from '../training/network.js'
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
  const { tf } = await loadTensorFlow({ backend: settings.backend })
  const dataset = await loadMnist(settings.dataDirectory)
  const split = splitFor(dataset.train, settings, context)
  const network = new Network(tf, { rng: context.rng, initializer: settings.initializer })
  const classifier = buildCnn(network, dataset.train, settings)
  yield* trainClassifier(classifier, { settings, dataset, split, normalization: mnistNormalization }, context)
}

/** {@link mnistCnn}, for worker threads: what a `Tuner` is given. */
export default defineTrainable(import.meta.url, mnistCnn)
