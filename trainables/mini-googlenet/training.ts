import type { Rng } from '../../src/rng.js'
import type { ImageDataset } from '../data/dataset.js'
import { loadFashionMnist } from '../data/fashion-mnist.js'
import { type Split, splitImages } from '../data/split.js'
import { loadTensorFlow } from '../tensorflow/backend.js'
import { Network } from '../training/network.js'
import { Optimizer } from '../training/optimizers/optimizer.js'
import type { Classifier } from '../training/train.js'
import { buildMiniGoogLeNet } from './build-mini-googlenet.js'
import type { MiniGoogLeNetSettings } from './config.js'

/** A network that has learnt nothing yet, and all that it needs to learn. */
export interface FreshTraining {
  readonly classifier: Classifier
  readonly optimizer: Optimizer
  readonly dataset: ImageDataset
  readonly split: Split
  /** Frees the memory. */
  dispose(): void
}

/** Makes a network as its settings say, with weights drawn from the stream, and loads the images. */
export async function freshTraining(settings: MiniGoogLeNetSettings, rng: Rng): Promise<FreshTraining> {
  const { trainImages: train, validationImages: validation, optimizer: name, momentum } = settings
  const { tf } = await loadTensorFlow({ backend: settings.backend })
  const dataset = await loadFashionMnist(settings.dataDirectory)
  const split = splitImages(dataset.train, { train, validation }, settings.splitSeed)
  const network = new Network(tf, { rng, initializer: 'heNormal' })
  const classifier = buildMiniGoogLeNet(network, dataset.train, settings.width)
  const optimizer = new Optimizer(tf, network.parameters, { name, momentum })
  const dispose = () => {
    optimizer.dispose()
    network.dispose()
  }
  return { classifier, optimizer, dataset, split, dispose }
}
