import type { Tensor4D } from '@tensorflow/tfjs-core'
import { defineTrainable } from '../../src/trainable/define.js'
import { type Report, report, type TrialContext } from '../../src/trainable/trainable.js'
import { augmentation } from '../data/augment.js'
import { cifar10Normalization } from '../data/cifar10.js'
import { batchesOf, selectImages } from '../data/images.js'
import { splitImages } from '../data/split.js'
import { bodyAndHead, freezeBody, outputLayer, unfreezeBody } from '../image-models/body-and-head.js'
import { buildImageModel } from '../image-models/image-model.js'
import { loadTensorFlow, type TensorFlowCore } from '../tensorflow/backend.js'
import { loadTraining, readCheckpointWeights, saveTraining } from '../training/checkpoint.js'
import { type Layer, sequence } from '../training/layers/layer.js'
import { Network } from '../training/network.js'
import { Optimizer } from '../training/optimizers/optimizer.js'
import { evaluate, trainEpoch } from '../training/train.js'
import { assignWeights, readModelWeights } from '../training/weights.js'
import { loadCifar10Classes } from './class-subset.js'
import { type TransferLearningConfig, transferLearningSettings, type WeightSource } from './config.js'
import { readEpochs, writeEpochs } from './epochs-file.js'
import { epochsSinceBest, nextPhase, type Phase } from './patience.js'

/** What {@link transferLearning} reports after each epoch. */
export type TransferLearningMetrics = {
  /** How many epochs are done, from 1. */
  readonly epoch: number
  /** What was trained in this one: the last layer alone, or the whole network. */
  readonly phase: Phase
  /** How many numbers were trained. */
  readonly trainedParameters: number
  /** Mean cross-entropy in nats over the epoch's steps, without the penalty; NaN once the training has diverged. */
  readonly trainLoss: number
  /** Accuracy over the epoch's steps; between 0 and 1. */
  readonly trainAccuracy: number
  /** Mean cross-entropy in nats on the validation images. */
  readonly valLoss: number
  /** Accuracy on the validation images; between 0 and 1. */
  readonly valAccuracy: number
  /** Whether no epoch before had as low a validation loss. */
  readonly isBest: boolean
  /** Accuracy on the classes' test images; in the best epochs' reports only, and only with `evaluateTest`. */
  readonly testAccuracy?: number
}

/** Images that are predicted at a time. */
const evaluationBatch = 128

/**
 * Transfers what a network has learnt to classes of CIFAR-10: at first its last layer alone is trained, then all of it, each until the validation loss
 * no longer falls. Without weights to start with, and without the first part, it is training as usual: for comparison, or to make the weights. One
 * iteration is one epoch.
 *
 * All that is random comes from the trial's stream, each epoch's from a fork of its own, so that a trial that goes on from a checkpoint reports the same as
 * one that was never interrupted.
 *
 * @throws TuneError `INVALID_CONFIG` for a config that is out of range, `DEPENDENCY_MISSING` without TensorFlow.js or the data, `CHECKPOINT_FAILED`
 * for weights that don't fit
 * @see Yosinski et al., "How transferable are features in deep neural networks?", 2014; Prechelt, "Early Stopping – But When?", 1998
 */
export async function* transferLearning(
  config: TransferLearningConfig,
  context: TrialContext,
): AsyncGenerator<Report<TransferLearningMetrics>, void, unknown> {
  const settings = transferLearningSettings(config)
  const { rng, signal, checkpoint } = context
  const { tf } = await loadTensorFlow({ backend: settings.backend })
  const { train, test } = await loadCifar10Classes(settings.dataDirectory, settings.classes)
  const sizes = { train: settings.trainImages, validation: settings.validationImages }
  const split = splitImages(train, sizes, settings.splitSeed)
  const network = new Network(tf, { rng, initializer: 'heNormal' })
  let optimizer: Optimizer | undefined
  try {
    const { imageSize } = settings
    const built = buildImageModel(network, settings.model, { ...train, height: imageSize, width: imageSize })
    const classifier = bodyAndHead(network, sequence(stretch(tf, imageSize), built.body), built.head)
    const enter = (phase: Phase) => {
      const trained = phase === 'head' ? freezeBody(classifier) : unfreezeBody(classifier)
      optimizer?.dispose()
      const { optimizer: name, momentum } = settings
      optimizer = new Optimizer(tf, network.parameters, { name, momentum })
      return { phase, trained, optimizer }
    }

    const epochs = checkpoint === undefined ? [] : await readEpochs(checkpoint.directory)
    let now = enter(epochs.at(-1)?.phase ?? nextPhase(epochs, settings) ?? 'whole')
    if (checkpoint !== undefined) await loadTraining(tf, { network, optimizer: now.optimizer }, checkpoint.directory)
    else if (settings.weights !== undefined) await startWith(network, settings.weights)

    for (;;) {
      const phase = nextPhase(epochs, settings)
      if (phase === undefined) return
      if (phase !== now.phase) now = enter(phase)
      const epoch = epochs.length + 1
      const shuffled = { images: train, indices: rng.fork('order', epoch).shuffle(split.train.indices.slice()) }
      const augment = augmentation(settings, rng.fork('augmentation', epoch))
      const batches = batchesOf(shuffled, settings.batchSize, cifar10Normalization, augment)
      const learningRate = phase === 'head' ? settings.learningRate : settings.fineTuneLearningRate
      const trained = await trainEpoch(now.trained, batches, train, {
        optimizer: now.optimizer,
        learningRate: () => learningRate,
        dropoutSeed: (step, layer) => rng.fork('dropout', phase, step, layer).seed(),
        penalties: { l1: 0, l2: settings.l2 },
        signal,
      })
      const validate = batchesOf(split.validation, evaluationBatch, cifar10Normalization)
      const validated = await evaluate(classifier, validate, train, signal)
      if (trained === undefined || validated === undefined) return
      epochs.push({ phase, valLoss: validated.loss })
      const isBest = epochsSinceBest(epochs.map(({ valLoss }) => valLoss)) === 0
      let tested: { testAccuracy?: number } = {}
      if (settings.evaluateTest && isBest) {
        const batches = batchesOf(selectImages(test, 0, test.count), evaluationBatch, cifar10Normalization)
        const score = await evaluate(classifier, batches, test, signal)
        if (score === undefined) return
        tested = { testAccuracy: score.accuracy }
      }
      const metrics: TransferLearningMetrics = {
        epoch,
        phase,
        trainedParameters: network.parameters.reduce((sum, { isTrained, size }) => sum + (isTrained ? size : 0), 0),
        trainLoss: trained.loss,
        trainAccuracy: trained.accuracy,
        valLoss: validated.loss,
        valAccuracy: validated.accuracy,
        isBest,
        ...tested,
      }
      const state = { network, optimizer: now.optimizer }
      yield report(metrics, {
        checkpoint: async directory => {
          await saveTraining(state, epoch, directory)
          await writeEpochs(epochs, directory)
        },
      })
    }
  } finally {
    optimizer?.dispose()
    network.dispose()
  }
}

/** Stretches images to a size, bilinearly. */
function stretch(tf: TensorFlowCore, size: number): Layer {
  return x => (x.shape[1] === size && x.shape[2] === size ? x : tf.image.resizeBilinear(x as Tensor4D, [size, size]))
}

async function startWith(network: Network, { path, layers }: WeightSource): Promise<void> {
  const arrays = await (path.endsWith('.json') ? readModelWeights(path) : readCheckpointWeights(path))
  assignWeights(network, arrays, { layers, except: [outputLayer] })
}

/** {@link transferLearning}, for worker threads: what a `Tuner` is given. */
export default defineTrainable(import.meta.url, transferLearning)
