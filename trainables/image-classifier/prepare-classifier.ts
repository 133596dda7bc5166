import { TuneError } from '../../src/errors.js'
import type { TrialContext } from '../../src/trainable/trainable.js'
import type { ImageDataset } from '../data/dataset.js'
import type { ImageSet } from '../data/images.js'
import { foldImages, type Split, splitImages } from '../data/split.js'
import { loadTensorFlow } from '../tensorflow/backend.js'
import { Network } from '../training/network.js'
import type { Classifier } from '../training/train.js'
import type { SettingsOf, TrainingConfig } from './config.js'

/** What a classifier is made from. */
export interface ClassifierParts {
  /** Reads the data set, from a folder or from where it is by default. */
  load(directory: string | undefined): Promise<ImageDataset>
  /** Gives the network its layers, for images of such sizes. */
  build(network: Network, images: ImageSet): Classifier
}

/**
 * Loads the images and makes the network, with weights drawn from the trial's random stream.
 *
 * @throws TuneError `DEPENDENCY_MISSING` without TensorFlow.js or the data; `INVALID_CONFIG` when there are too few images, or the trial is no fold of a
 * cross-validation though it should be
 */
export async function prepareClassifier<S extends SettingsOf<TrainingConfig>>(
  settings: S,
  { load, build }: ClassifierParts,
  { rng, repeat }: Pick<TrialContext, 'rng' | 'repeat'>,
): Promise<{ settings: S; dataset: ImageDataset; split: Split; classifier: Classifier }> {
  const { tf } = await loadTensorFlow({ backend: settings.backend })
  const dataset = await load(settings.dataDirectory)
  const split = splitFor(dataset.train, settings, repeat)
  const network = new Network(tf, { rng, initializer: settings.initializer })
  return { settings, dataset, split, classifier: build(network, dataset.train) }
}

function splitFor(images: ImageSet, settings: SettingsOf<TrainingConfig>, repeat: TrialContext['repeat']): Split {
  const { trainImages: train, validationImages: validation, splitSeed: seed } = settings
  if (!settings.crossValidation) return splitImages(images, { train, validation }, seed)
  if (repeat === undefined) {
    throw new TuneError(
      'INVALID_CONFIG',
      'crossValidation is true, but the trial is no fold: give the tuner a searchAlg new CrossValidation(searcher, { folds })',
    )
  }
  return foldImages(images, repeat, { seed, count: train + validation })
}
