import { loadFashionMnist } from '../data/fashion-mnist.js'
import type { ClassifierParts } from '../image-classifier/prepare-classifier.js'
import { buildMiniGoogLeNet } from './build-mini-googlenet.js'
import type { MiniGoogLeNetSettings } from './config.js'

/** What {@link miniGoogLeNet} and its range tests train, and on what. */
export function miniGoogLeNetParts({ width }: MiniGoogLeNetSettings): ClassifierParts {
  return { load: loadFashionMnist, build: (network, images) => buildMiniGoogLeNet(network, images, width) }
}
