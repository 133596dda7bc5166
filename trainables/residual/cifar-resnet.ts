import { defineTrainable } from '../../src/trainable/define.js'
import { type Report, report, type TrialContext } from '../../src/trainable/trainable.js'
import { augmentation } from '../data/augment.js'
import { cifar10Normalization, loadCifar10 } from '../data/cifar10.js'
import { batchesOf, selectImages } from '../data/images.js'
import { splitImages } from '../data/split.js'
import { loadTensorFlow } from '../tensorflow/backend.js'
import { loadTraining, saveTraining } from '../training/checkpoint.js'
import { learningRateAt } from '../training/learning-rate-schedule.js'
import { Network } from '../training/network.js'
import { Optimizer } from '../training/optimizers/optimizer.js'
import { evaluate, trainEpoch } from '../training/train.js'
import { cifarResidual } from './architecture.js'
import { type CifarResNetConfig, cifarResNetSettings } from './config.js'
import { buildResidualNetwork } from './residual-network.js'

/** What {@link cifarResNet} reports after each epoch. */
export type CifarResNetMetrics = {
  /** How many epochs are done, from 1. */
  readonly epoch: number
  /** The learning rate of the epoch's last step. */
  readonly learningRate: number
  /** Mean cross-entropy in nats over the epoch's steps, without the penalty; NaN once the training has diverged. */
  readonly trainLoss: number
  /** Accuracy over the epoch's steps; between 0 and 1. */
  readonly trainAccuracy: number
  /** Mean cross-entropy in nats on the validation images. */
  readonly valLoss: number
  /** Accuracy on the validation images; between 0 and 1. */
  readonly valAccuracy: number
  /** Accuracy on the 10,000 test images; in the last epoch's report only, and only with `evaluateTest`. */
  readonly testAccuracy?: number
}

/** Images that are predicted at a time. */
const evaluationBatch = 128

/**
 * Trains the residual network for CIFAR-10: 20 layers with 269,722 parameters, unless the config says otherwise. One iteration is one epoch.
 *
 * All that is random comes from the trial's stream, each epoch's from a fork of its own, so that a trial that goes on from a checkpoint reports the same as
 * one that was never interrupted.
 *
 * @throws TuneError `INVALID_CONFIG` for a config that is out of range, `DEPENDENCY_MISSING` without TensorFlow.js or the data
 * @see He et al., "Deep Residual Learning for Image Recognition", 2016, section 4.2
 */
export async function* cifarResNet(
  config: CifarResNetConfig,
  context: TrialContext,
): AsyncGenerator<Report<CifarResNetMetrics>, void, unknown> {
  const settings = cifarResNetSettings(config)
  const { rng, signal, checkpoint } = context
  const { tf } = await loadTensorFlow({ backend: settings.backend })
  const { train, test } = await loadCifar10(settings.dataDirectory)
  const sizes = { train: settings.trainImages, validation: settings.validationImages }
  const split = splitImages(train, sizes, settings.splitSeed)
  const network = new Network(tf, { rng, initializer: 'heNormal' })
  const classifier = buildResidualNetwork(network, cifarResidual(settings.blocks, settings.shortcut), train)
  const optimizer = new Optimizer(tf, network.parameters, { name: settings.optimizer, momentum: settings.momentum })
  try {
    const done = checkpoint === undefined ? 0 : await loadTraining(tf, { network, optimizer }, checkpoint.directory)
    const { epochs, trainImages } = settings
    for (let epoch = done + 1; epoch <= epochs; epoch++) {
      const shuffled = { images: train, indices: rng.fork('order', epoch).shuffle(split.train.indices.slice()) }
      const augment = augmentation(settings, rng.fork('augmentation', epoch))
      let learningRate = 0
      const trained = await trainEpoch(
        classifier,
        batchesOf(shuffled, settings.batchSize, cifar10Normalization, augment),
        train,
        {
          optimizer,
          learningRate: (step, seen) => {
            const position = { step, epoch: epoch - 1 + seen / trainImages, epochs }
            learningRate = learningRateAt(settings.learningRate, position)
            return learningRate
          },
          dropoutSeed: () => 0,
          penalties: { l1: 0, l2: settings.l2 },
          signal,
        },
      )
      const validate = batchesOf(split.validation, evaluationBatch, cifar10Normalization)
      const validated = await evaluate(classifier, validate, train, signal)
      if (trained === undefined || validated === undefined) return
      let tested: { testAccuracy?: number } = {}
      if (settings.evaluateTest && epoch === epochs) {
        const batches = batchesOf(selectImages(test, 0, test.count), evaluationBatch, cifar10Normalization)
        const score = await evaluate(classifier, batches, test, signal)
        if (score === undefined) return
        tested = { testAccuracy: score.accuracy }
      }
      const metrics: CifarResNetMetrics = {
        epoch,
        learningRate,
        trainLoss: trained.loss,
        trainAccuracy: trained.accuracy,
        valLoss: validated.loss,
        valAccuracy: validated.accuracy,
        ...tested,
      }
      yield report(metrics, { checkpoint: directory => saveTraining({ network, optimizer }, epoch, directory) })
    }
  } finally {
    optimizer.dispose()
    network.dispose()
  }
}

/** {@link cifarResNet}, for worker threads: what a `Tuner` is given. */
export default defineTrainable(import.meta.url, cifarResNet)
