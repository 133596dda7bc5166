import { defineTrainable } from '../../src/trainable/define.js'
import type { Report, TrialContext } from '../../src/trainable/trainable.js'
import { loadMnist, mnistNormalization } from '../data/mnist.js'
import { type ImageClassifierMetrics, splitFor, trainClassifier } from '../image-classifier/train-classifier.js'
import { loadTensorFlow } from '../tensorflow/backend.js'
import { Network } from '../training/network.js'
import { buildMlp } from './build-mlp.js'
import { type MnistMlpConfig, mnistMlpSettings } from './config.js'

/** What {@link mnistMlp} reports after each epoch. */
export type MnistMlpMetrics = ImageClassifierMetrics

/**
 * Trains a multi-layer perceptron on MNIST: two hidden layers of 1,000 ReLUs with 1,796,010 parameters, unless the config says otherwise. One iteration is
 * one epoch. The same config and seed give the same numbers each time.
 *
 * @throws TuneError `INVALID_CONFIG` for a config that is out of range, `DEPENDENCY_MISSING` without TensorFlow.js or the data,
 * `CHECKPOINT_FAILED` for initial weights of another network
 */
export async function* mnistMlp(
  config: MnistMlpConfig,
  context: TrialContext,
): AsyncGenerator<Report<MnistMlpMetrics>, void, unknown> {
  const settings = mnistMlpSettings(config)
  const { tf } = await loadTensorFlow({ backend: settings.backend })
  const dataset = await loadMnist(settings.dataDirectory)
  const split = splitFor(dataset.train, settings, context)
  const network = new Network(tf, { rng: context.rng, initializer: settings.initializer })
  const classifier = buildMlp(network, dataset.train, settings)
  yield* trainClassifier(classifier, { settings, dataset, split, normalization: mnistNormalization }, context)
}

/** {@link mnistMlp}, for worker threads: what a `Tuner` is given. */
export default defineTrainable(import.meta.url, mnistMlp)
