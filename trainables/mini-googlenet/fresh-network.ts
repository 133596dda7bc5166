import type { Rng } from '../../src/rng.js'
import type { ImageDataset } from '../data/dataset.js'
import { loadFashionMnist } from '../data/fashion-mnist.js'
import { loadTensorFlow } from '../tensorflow/backend.js'
import { Network } from '../training/network.js'
import type { Classifier } from '../training/train.js'
import { buildMiniGoogLeNet } from './build-mini-googlenet.js'
import type { MiniGoogLeNetSettings } from './config.js'

/** Makes a network as its settings say, with weights drawn from the stream, and loads the images that it is to learn. */
export async function freshNetwork(
  { backend, dataDirectory, initializer, width }: MiniGoogLeNetSettings,
  rng: Rng,
): Promise<{ readonly classifier: Classifier; readonly dataset: ImageDataset }> {
  const { tf } = await loadTensorFlow({ backend })
  const dataset = await loadFashionMnist(dataDirectory)
  const network = new Network(tf, { rng, initializer })
  return { classifier: buildMiniGoogLeNet(network, dataset.train, width), dataset }
}
