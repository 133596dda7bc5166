import { type Report, report, type TrialContext } from '../../src/trainable/trainable.js'
import { type AugmentationOptions, augmentation } from '../data/augment.js'
import type { ImageDataset } from '../data/dataset.js'
import { batchesOf, type ImageSelection, type Normalization, selectImages } from '../data/images.js'
import type { Split } from '../data/split.js'
import { loadTraining, readCheckpointWeights, saveTraining } from '../training/checkpoint.js'
import { Optimizer } from '../training/optimizers/optimizer.js'
import { penaltyOf } from '../training/penalties.js'
import { type Classifier, evaluate, type Score, trainEpoch } from '../training/train.js'
import { assignWeights } from '../training/weights.js'
import type { ImageClassifierConfig, SettingsOf, TrainingConfig } from './config.js'
import { decayPlan, type TrainingPlan } from './training-plan.js'

/** What a classifier reports after each epoch. */
export type ImageClassifierMetrics = {
  /** How many epochs are done, from 1. */
  readonly epoch: number
  /** Mean cross-entropy in nats over the epoch's steps, with dropout and without the penalties; NaN once the training has diverged. */
  readonly trainLoss: number
  /** What is minimized: that, and the penalties of the weights as the epoch leaves them. */
  readonly trainCost: number
  /** Accuracy over the epoch's steps, with dropout; between 0 and 1. */
  readonly trainAccuracy: number
  /** Mean cross-entropy in nats on the validation images. */
  readonly valLoss: number
  /** Accuracy on the validation images; between 0 and 1. */
  readonly valAccuracy: number
  /** Accuracy on the test images; in the last epoch's report only, and only with `evaluateTest`. */
  readonly testAccuracy?: number
}

/** An epoch that is done, as {@link trainEpochs} tells of it. */
export interface DoneEpoch {
  readonly metrics: ImageClassifierMetrics
  /** How many steps the run has taken. */
  readonly step: number
  /** The learning rate of the last of them. */
  readonly learningRate: number
  /** Writes what the next epoch needs into a folder. */
  save(directory: string): Promise<void>
}

/** What a classifier learns from, and how. */
export interface ClassifierTask {
  readonly settings: Omit<SettingsOf<TrainingConfig>, 'trainImages' | 'validationImages'>
  readonly plan: TrainingPlan
  readonly dataset: ImageDataset
  readonly split: Split
  readonly normalization: Normalization
  /** How training images are changed, another way each time. @defaultValue they are not */
  readonly augment?: AugmentationOptions | undefined
}

/** Images that are predicted at a time. */
const evaluationBatch = 128

/** Trains a classifier as {@link trainEpochs} does, with a learning rate that falls evenly; one iteration is one epoch. */
export async function* trainClassifier(
  classifier: Classifier,
  task: Omit<ClassifierTask, 'plan'> & { readonly settings: SettingsOf<ImageClassifierConfig> },
  context: Pick<TrialContext, 'rng' | 'signal' | 'checkpoint'>,
): AsyncGenerator<Report<ImageClassifierMetrics>, void, unknown> {
  const plan = decayPlan(task.settings, task.split)
  for await (const { metrics, save } of trainEpochs(classifier, { ...task, plan }, context)) {
    yield report(metrics, { checkpoint: save })
  }
}

/**
 * Trains a classifier epoch by epoch. Frees it in the end.
 *
 * Weights, batch order, dropout and augmentation come from the trial's random stream, each epoch's from a fork of its own, so that a config and
 * a seed give the same numbers each time, and a trial that goes on from a checkpoint the same as one that was never interrupted.
 */
export async function* trainEpochs(
  classifier: Classifier,
  { settings, plan, dataset: { test }, split, normalization, augment }: ClassifierTask,
  { rng, signal, checkpoint }: Pick<TrialContext, 'rng' | 'signal' | 'checkpoint'>,
): AsyncGenerator<DoneEpoch, void, unknown> {
  const { network } = classifier
  const { epochs, l1, l2 } = settings
  const optimizer = new Optimizer(network.tf, network.parameters, {
    name: settings.optimizer,
    momentum: settings.momentum,
  })
  const judge = (selection: ImageSelection): Promise<Score | undefined> =>
    evaluate(classifier, batchesOf(selection, evaluationBatch, normalization), selection.images, signal)
  try {
    let done = 0
    if (checkpoint !== undefined) done = await loadTraining(network.tf, { network, optimizer }, checkpoint.directory)
    else if (settings.initialWeights !== undefined)
      assignWeights(network, await readCheckpointWeights(settings.initialWeights))
    const { images, indices } = split.train
    for (let epoch = done + 1; epoch <= epochs; epoch++) {
      const shuffled = { images, indices: rng.fork('order', epoch).shuffle(indices.slice()) }
      const change = augment && augmentation(augment, rng.fork('augmentation', epoch))
      const position = (step: number, seen: number) => ({ step, epoch: epoch - 1 + seen / indices.length, epochs })
      const size = (seen: number): number => plan.batchSize(position(optimizer.step, seen))
      let learningRate = 0
      const trained = await trainEpoch(classifier, batchesOf(shuffled, size, normalization, change), images, {
        optimizer,
        learningRate(step, seen) {
          learningRate = plan.learningRate(position(step, seen))
          return learningRate
        },
        dropoutSeed: (step, layer) => rng.fork('dropout', step, layer).seed(),
        penalties: { l1, l2 },
        microBatch: plan.microBatch,
        signal,
      })
      const validated = await judge(split.validation)
      if (trained === undefined || validated === undefined) return
      let tested: { testAccuracy?: number } = {}
      if (settings.evaluateTest && epoch === epochs) {
        const score = await judge(selectImages(test, 0, test.count))
        if (score === undefined) return
        tested = { testAccuracy: score.accuracy }
      }
      const metrics: ImageClassifierMetrics = {
        epoch,
        trainLoss: trained.loss,
        trainCost: trained.loss + penaltyOf(network, { l1, l2 }),
        trainAccuracy: trained.accuracy,
        valLoss: validated.loss,
        valAccuracy: validated.accuracy,
        ...tested,
      }
      const save = (directory: string): Promise<void> => saveTraining({ network, optimizer }, epoch, directory)
      yield { metrics, step: optimizer.step, learningRate, save }
    }
  } finally {
    optimizer.dispose()
    network.dispose()
  }
}
