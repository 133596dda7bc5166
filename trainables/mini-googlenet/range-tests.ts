import { Rng } from '../../src/rng.js'
import { fashionMnistNormalization } from '../data/fashion-mnist.js'
import { type Batch, batchesOf, type ImageSelection } from '../data/images.js'
import { prepareClassifier } from '../image-classifier/prepare-classifier.js'
import { batchSizeAt } from '../training/batch-size-policy.js'
import {
  type BatchSizeFinderOptions,
  type BatchSizeRange,
  findBatchSize,
} from '../training/finders/batch-size-finder.js'
import {
  findLearningRate,
  type LearningRateFinderOptions,
  type LearningRateRange,
} from '../training/finders/learning-rate-finder.js'
import { learningRateAt } from '../training/learning-rate-schedule.js'
import { Optimizer } from '../training/optimizers/optimizer.js'
import type { Classifier, TrainingOptions } from '../training/train.js'
import { type MiniGoogLeNetConfig, type MiniGoogLeNetSettings, miniGoogLeNetSettings } from './config.js'
import { miniGoogLeNetParts } from './parts.js'

/** What each range test of {@link miniGoogLeNet} goes by. */
export interface RangeTestOptions {
  /** Decides the weights and the order of the images. */
  readonly seed: number
  /** Ends the work early. @defaultValue never */
  readonly signal?: AbortSignal | undefined
}

/** Where a run stands when it starts. */
const start = { step: 0, epoch: 0 }

/**
 * Tries learning rates out on a new MiniGoogLeNet, each for one batch; the batch size is that with which the config starts.
 *
 * @returns undefined when the signal was aborted
 * @throws TuneError as {@link miniGoogLeNet}
 * @see {@link findLearningRate}
 */
export function findMiniGoogLeNetLearningRate(
  config: MiniGoogLeNetConfig,
  options: RangeTestOptions &
    Pick<LearningRateFinderOptions, 'from' | 'to' | 'steps' | 'smoothing' | 'divergence' | 'onPoint'>,
): Promise<LearningRateRange | undefined> {
  return rangeTest(config, options, (classifier, selection, settings, training) => {
    const batches = endlessBatches(selection, batchSizeAt(settings.batchSize, start))
    return findLearningRate(classifier, batches, selection.images, { ...options, ...training })
  })
}

/**
 * Tries batch sizes out on a new MiniGoogLeNet, each twice the one before; the learning rate is that with which the config starts.
 *
 * @returns undefined when the signal was aborted
 * @throws TuneError as {@link miniGoogLeNet}
 * @see {@link findBatchSize}
 */
export function findMiniGoogLeNetBatchSize(
  config: MiniGoogLeNetConfig,
  options: RangeTestOptions & Pick<BatchSizeFinderOptions, 'from' | 'to' | 'stepsPerSize' | 'smoothing' | 'onPoint'>,
): Promise<BatchSizeRange | undefined> {
  return rangeTest(config, options, (classifier, selection, settings, training) => {
    const learningRate = learningRateAt(settings.learningRate, { ...start, epochs: settings.epochs })
    return findBatchSize(classifier, selection, fashionMnistNormalization, { ...options, ...training, learningRate })
  })
}

async function rangeTest<R>(
  config: MiniGoogLeNetConfig,
  { seed, signal = new AbortController().signal }: RangeTestOptions,
  find: (
    classifier: Classifier,
    selection: ImageSelection,
    settings: MiniGoogLeNetSettings,
    options: Omit<TrainingOptions, 'learningRate'>,
  ) => Promise<R>,
): Promise<R> {
  const settings = miniGoogLeNetSettings(config)
  const { optimizer: name, momentum, l1, l2, microBatch } = settings
  const rng = Rng.from(seed).fork('range-test')
  const asked = { ...settings, crossValidation: false }
  const { classifier, split } = await prepareClassifier(asked, miniGoogLeNetParts(settings), { rng, repeat: undefined })
  const { network } = classifier
  const optimizer = new Optimizer(network.tf, network.parameters, { name, momentum })
  try {
    const { images, indices } = split.train
    const selection = { images, indices: rng.fork('order').shuffle(indices.slice()) }
    const dropoutSeed = (step: number, layer: string): number => rng.fork('dropout', step, layer).seed()
    return await find(classifier, selection, settings, {
      ...{ optimizer, dropoutSeed, penalties: { l1, l2 }, microBatch, signal },
    })
  } finally {
    optimizer.dispose()
    network.dispose()
  }
}

function* endlessBatches(selection: ImageSelection, size: number): Generator<Batch, never> {
  for (;;) yield* batchesOf(selection, size, fashionMnistNormalization)
}
