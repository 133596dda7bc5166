import { defineTrainable } from '../../src/trainable/define.js'
import { type Report, report, type TrialContext } from '../../src/trainable/trainable.js'
import { fashionMnistNormalization } from '../data/fashion-mnist.js'
import { prepareClassifier } from '../image-classifier/prepare-classifier.js'
import { type ImageClassifierMetrics, trainEpochs } from '../image-classifier/train-classifier.js'
import { scheduledPlan } from '../image-classifier/training-plan.js'
import { type MiniGoogLeNetConfig, miniGoogLeNetSettings } from './config.js'
import { miniGoogLeNetParts } from './parts.js'

/** What {@link miniGoogLeNet} reports after each epoch. */
export type MiniGoogLeNetMetrics = ImageClassifierMetrics & {
  /** How many steps have been taken. */
  readonly step: number
}

/**
 * Trains MiniGoogLeNet on Fashion-MNIST, with a learning rate and a batch size that may both change from step to step. One iteration is one epoch.
 * The same config and seed give the same numbers each time.
 *
 * @throws TuneError `INVALID_CONFIG` for a config that is out of range, `DEPENDENCY_MISSING` without TensorFlow.js or the data
 * @see Smith, "Cyclical Learning Rates for Training Neural Networks", 2017; Smith, Kindermans, Ying and Le, "Don't Decay the Learning Rate, Increase the Batch Size", 2018
 */
export async function* miniGoogLeNet(
  config: MiniGoogLeNetConfig,
  context: TrialContext,
): AsyncGenerator<Report<MiniGoogLeNetMetrics>, void, unknown> {
  const settings = miniGoogLeNetSettings(config)
  const { classifier, ...prepared } = await prepareClassifier(settings, miniGoogLeNetParts(settings), context)
  const task = { ...prepared, plan: scheduledPlan(settings), normalization: fashionMnistNormalization }
  for await (const { metrics, step, save } of trainEpochs(classifier, task, context)) {
    yield report({ ...metrics, step }, { checkpoint: save })
  }
}

/** {@link miniGoogLeNet}, for worker threads: what a `Tuner` is given. */
export default defineTrainable(import.meta.url, miniGoogLeNet)
