import { setImmediate } from 'node:timers/promises'
import type { Scalar, Tensor2D, Variable } from '@tensorflow/tfjs-core'
import type { Batch, ImageSet } from '../data/images.js'
import { type Classified, classify, crossEntropy } from './loss.js'
import { inference, type Layer, type Network, type Pass } from './network.js'
import type { Optimizer } from './optimizers.js'

/** A classifier of images: layers, and the network that owns their parameters. */
export interface Classifier {
  /** Turns a batch of images into logits. */
  readonly network: Network
  /** From [batch × height × width × channels] to logits [batch × classes]. */
  readonly layers: Layer
}

/** Mean results over images. */
export interface Score {
  /** Mean cross-entropy in nats, without the penalties; NaN once the network has diverged. */
  readonly loss: number
  /** Between 0 and 1. */
  readonly accuracy: number
}

/** How to take training steps. */
export interface TrainingOptions {
  /** Changes the parameters after each batch. */
  readonly optimizer: Optimizer
  /** The learning rate of a step, counted from 0 over the whole run. */
  learningRate(step: number): number
  /** The dropout seed of a layer at a step. */
  dropoutSeed(step: number, layer: string): number
  /** The factors of the sums of the weights' absolute values and squares that are added to the loss. */
  readonly penalties: { readonly l1: number; readonly l2: number }
  /** Ends the work early. */
  readonly signal: AbortSignal
}

/** Other work of the thread waits no longer than this while batches are computed. */
const breathMs = 50

/** Takes one training step on a batch. */
export function trainStep(
  { network, layers }: Classifier,
  batch: Batch,
  images: ImageSet,
  options: TrainingOptions,
): Classified {
  const { tf } = network
  const { optimizer, penalties } = options
  const { step } = optimizer
  const pass: Pass = { isTraining: true, dropoutSeed: layer => options.dropoutSeed(step, layer) }
  const weights = network.parameters.filter(({ isWeight }) => isWeight).map(({ variable }) => variable)
  const trained = network.parameters.filter(({ isTrained }) => isTrained).map(({ variable }) => variable)
  let result: Classified | undefined
  tf.tidy(() => {
    const x = tf.tensor4d(batch.inputs, [batch.count, images.height, images.width, images.channels])
    const { grads } = tf.variableGrads(() => {
      const loss = crossEntropy(tf, layers(x, pass) as Tensor2D, batch.labels, found => {
        result = found
      })
      return weights.reduce((total, weight) => penalize(network, total, weight, penalties), loss)
    }, trained)
    optimizer.apply(grads, options.learningRate(step))
  })
  if (result === undefined) throw new Error('the loss was not computed')
  return result
}

function penalize(
  { tf }: Network,
  loss: Scalar,
  weight: Variable,
  { l1, l2 }: { readonly l1: number; readonly l2: number },
): Scalar {
  let total = loss
  if (l1 > 0) total = tf.add(total, tf.mul(tf.sum(tf.abs(weight)), l1))
  if (l2 > 0) total = tf.add(total, tf.mul(tf.sum(tf.square(weight)), l2))
  return total
}

/**
 * Trains on each batch once. The thread's event loop gets its turn about every 50 ms.
 *
 * @returns the mean over the epoch's steps, each before its update, or undefined when the signal was aborted
 */
export async function trainEpoch(
  classifier: Classifier,
  batches: Iterable<Batch>,
  images: ImageSet,
  options: TrainingOptions,
): Promise<Score | undefined> {
  return score(batches, options.signal, batch => trainStep(classifier, batch, images, options))
}

/**
 * Predicts each batch and compares with its labels. The thread's event loop gets its turn about every 50 ms.
 *
 * @returns the mean over all images, or undefined when the signal was aborted
 */
export async function evaluate(
  { network, layers }: Classifier,
  batches: Iterable<Batch>,
  images: ImageSet,
  signal: AbortSignal,
): Promise<Score | undefined> {
  return score(batches, signal, batch => {
    let logits: Float32Array = new Float32Array()
    network.tf.tidy(() => {
      const x = network.tf.tensor4d(batch.inputs, [batch.count, images.height, images.width, images.channels])
      logits = layers(x, inference).dataSync<'float32'>()
    })
    return classify(logits, batch.labels)
  })
}

async function score(
  batches: Iterable<Batch>,
  signal: AbortSignal,
  run: (batch: Batch) => Classified,
): Promise<Score | undefined> {
  let count = 0
  let loss = 0
  let correct = 0
  let lastBreath = performance.now()
  for (const batch of batches) {
    if (performance.now() - lastBreath > breathMs) {
      await setImmediate()
      lastBreath = performance.now()
    }
    if (signal.aborted) return undefined
    const result = run(batch)
    count += batch.count
    loss += result.loss * batch.count
    correct += result.correct
  }
  return { loss: loss / count, accuracy: correct / count }
}
