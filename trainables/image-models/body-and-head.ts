import { type Layer, sequence } from '../training/layers/layer.js'
import type { Network } from '../training/network.js'
import type { Classifier } from '../training/train.js'

/** A classifier of which the last layer can be trained while the rest stays as it is. */
export interface BodyAndHead extends Classifier {
  /** All layers but the last: from images to features [batch × features]. */
  readonly body: Layer
  /** The last layer, `output`: from features to logits. */
  readonly head: Layer
}

/** The layer that tells the classes apart, in each image model. */
export const outputLayer = 'output'

/** Joins both parts. */
export function bodyAndHead(network: Network, body: Layer, head: Layer): BodyAndHead {
  return { network, body, head, layers: sequence(body, head) }
}

/**
 * Freezes all layers but the last; an optimizer that is made afterwards trains that one alone.
 *
 * @returns the classifier for training: what the body computes is freed at once, as no gradient goes through it
 */
export function freezeBody({ network, body, head }: BodyAndHead): Classifier {
  network.freeze(...bodyLayers(network))
  return { network, layers: sequence(network.withoutGradient(body), head) }
}

/** Lets all layers be trained. */
export function unfreezeBody(classifier: BodyAndHead): Classifier {
  classifier.network.unfreeze(...bodyLayers(classifier.network))
  return classifier
}

/** The first parts of the layers' names, up to a slash. */
function bodyLayers({ parameters }: Network): string[] {
  const tops = parameters.map(({ name }) => name.split('/', 1)[0] ?? name)
  return [...new Set(tops)].filter(name => name !== outputLayer)
}
