import { defineTrainable } from '../../src/trainable/define.js'
import { type Report, report, type TrialContext } from '../../src/trainable/trainable.js'
import { fashionMnistNormalization } from '../data/fashion-mnist.js'
import { batchesOf, type ImageSelection, selectImages } from '../data/images.js'
import { batchSizeAt } from '../training/batch-size-policy.js'
import { loadTraining, saveTraining } from '../training/checkpoint.js'
import { learningRateAt } from '../training/learning-rate-schedule.js'
import { evaluate, type Score, trainEpoch } from '../training/train.js'
import { type MiniGoogLeNetConfig, miniGoogLeNetSettings } from './config.js'
import { freshTraining } from './training.js'

/** What {@link miniGoogLeNet} reports after each epoch. */
export type MiniGoogLeNetMetrics = {
  /** How many epochs are done, from 1. */
  readonly epoch: number
  /** How many steps have been taken. */
  readonly step: number
  /** Mean cross-entropy in nats over the epoch's steps, without the penalty; NaN once the training has diverged. */
  readonly trainLoss: number
  /** Accuracy over the epoch's steps; between 0 and 1. */
  readonly trainAccuracy: number
  /** Mean cross-entropy in nats on the validation images. */
  readonly valLoss: number
  /** Accuracy on the validation images; between 0 and 1. */
  readonly valAccuracy: number
  /** Accuracy on the test images; in the last epoch's report only, and only with `evaluateTest`. */
  readonly testAccuracy?: number
}

/** Images that are predicted at a time. */
const evaluationBatch = 128

/**
 * Trains MiniGoogLeNet on Fashion-MNIST, with a learning rate and a batch size that may both change from step to step. One iteration is one epoch.
 *
 * All that is random comes from the trial's stream, each epoch's from a fork of its own, so that a trial that goes on from a checkpoint reports the same as
 * one that was never interrupted.
 *
 * @throws TuneError `INVALID_CONFIG` for a config that is out of range, `DEPENDENCY_MISSING` without TensorFlow.js or the data
 * @see Smith, "Cyclical Learning Rates for Training Neural Networks", 2017; Smith, Kindermans, Ying and Le, "Don't Decay the Learning Rate, Increase the Batch Size", 2018
 */
export async function* miniGoogLeNet(
  config: MiniGoogLeNetConfig,
  { rng, signal, checkpoint }: TrialContext,
): AsyncGenerator<Report<MiniGoogLeNetMetrics>, void, unknown> {
  const settings = miniGoogLeNetSettings(config)
  const { epochs, trainImages, microBatch, l2 } = settings
  const { classifier, optimizer, dataset, split, dispose } = await freshTraining(settings, rng)
  const { network } = classifier
  const judge = (selection: ImageSelection): Promise<Score | undefined> =>
    evaluate(classifier, batchesOf(selection, evaluationBatch, fashionMnistNormalization), selection.images, signal)
  try {
    const done =
      checkpoint === undefined ? 0 : await loadTraining(network.tf, { network, optimizer }, checkpoint.directory)
    const { images, indices } = split.train
    for (let epoch = done + 1; epoch <= epochs; epoch++) {
      const shuffled = { images, indices: rng.fork('order', epoch).shuffle(indices.slice()) }
      const time = (seen: number): number => epoch - 1 + seen / trainImages
      const size = (seen: number): number => batchSizeAt(settings.batchSize, { epoch: time(seen) })
      const trained = await trainEpoch(classifier, batchesOf(shuffled, size, fashionMnistNormalization), images, {
        optimizer,
        learningRate: (step, seen) => learningRateAt(settings.learningRate, { step, epoch: time(seen), epochs }),
        dropoutSeed: () => 0,
        penalties: { l1: 0, l2 },
        microBatch,
        signal,
      })
      const validated = await judge(split.validation)
      if (trained === undefined || validated === undefined) return
      let tested: { testAccuracy?: number } = {}
      if (settings.evaluateTest && epoch === epochs) {
        const score = await judge(selectImages(dataset.test, 0, dataset.test.count))
        if (score === undefined) return
        tested = { testAccuracy: score.accuracy }
      }
      const metrics: MiniGoogLeNetMetrics = {
        epoch,
        step: optimizer.step,
        trainLoss: trained.loss,
        trainAccuracy: trained.accuracy,
        valLoss: validated.loss,
        valAccuracy: validated.accuracy,
        ...tested,
      }
      yield report(metrics, { checkpoint: directory => saveTraining({ network, optimizer }, epoch, directory) })
    }
  } finally {
    dispose()
  }
}

/** {@link miniGoogLeNet}, for worker threads: what a `Tuner` is given. */
export default defineTrainable(import.meta.url, miniGoogLeNet)
