import { defineTrainable } from '../../src/trainable/define.js'
import type { Report, TrialContext } from '../../src/trainable/trainable.js'
import { loadMnist, mnistNormalization } from '../data/mnist.js'
import { type ClassifierParts, prepareClassifier } from '../image-classifier/prepare-classifier.js'
import { type ImageClassifierMetrics, trainClassifier } from '../image-classifier/train-classifier.js'
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
  const parts: ClassifierParts = { load: loadMnist, build: (network, images) => buildMlp(network, images, settings) }
  const { classifier, ...task } = await prepareClassifier(settings, parts, context)
  yield* trainClassifier(classifier, { ...task, normalization: mnistNormalization }, context)
}

/** {@link mnistMlp}, for worker threads: what a `Tuner` is given. */
export default defineTrainable(import.meta.url, mnistMlp)
