import { setImmediate } from 'node:timers/promises'
import type { NamedTensorMap, Scalar, Tensor2D } from '@tensorflow/tfjs-core'
import type { Batch, ImageSet } from '../data/images.js'
import { inference, type Layer, type Pass } from './layers/layer.js'
import { type Classified, classify, crossEntropy } from './loss.js'
import type { Network } from './network.js'
import type { Optimizer } from './optimizers/optimizer.js'
import type { Penalties } from './penalties.js'

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
  /** The learning rate of a step, counted from 0 over the whole run; `done` images of the epoch have been trained on before. */
  learningRate(step: number, done: number): number
  /** The dropout seed of a layer at a step. */
  dropoutSeed(step: number, layer: string): number
  /** What the weights' sizes add to the loss. */
  readonly penalties: Penalties
  /**
   * The most images whose activations are held in memory at a time; greater batches are computed in parts, whose gradients are added up. (Batch
   * normalization then normalizes each part by itself.)
   *
   * @defaultValue the whole batch
   */
  readonly microBatch?: number | undefined
  /** Ends the work early. */
  readonly signal: AbortSignal
}

/** Other work of the thread waits no longer than this while batches are computed. */
const breathMs = 50

/** Sizes of the images that a classifier takes. */
export type ImageSizes = Pick<ImageSet, 'height' | 'width' | 'channels'>

/** Takes one training step on a batch. */
export function trainStep(
  { network, layers }: Classifier,
  batch: Batch,
  images: ImageSizes,
  options: TrainingOptions,
): Classified {
  const { tf } = network
  const { step } = options.optimizer
  const seedOf = (layer: string, part: string): number => options.dropoutSeed(step, `${layer}${part}`)
  const results: { readonly count: number; readonly found: Classified }[] = []
  const partLoss = (part: Batch, index: number) => (): Scalar => {
    const pass: Pass = { isTraining: true, dropoutSeed: layer => seedOf(layer, index === 0 ? '' : `/${index}`) }
    const x = tf.tensor4d(part.inputs, [part.count, images.height, images.width, images.channels])
    const loss = crossEntropy(tf, layers(x, pass) as Tensor2D, part.labels, found =>
      results.push({ count: part.count, found }),
    )
    return part.count === batch.count ? loss : tf.mul(loss, part.count / batch.count)
  }
  const losses = partsOf(batch, options.microBatch ?? batch.count).map(partLoss)
  descend(network, losses, { ...options, learningRate: options.learningRate(step, 0) })
  const mean = results.reduce((sum, { count, found }) => sum + (found.loss * count) / batch.count, 0)
  return { loss: mean, correct: results.reduce((sum, { found }) => sum + found.correct, 0) }
}

/** Divides a batch into smaller ones, without copying. */
function partsOf(batch: Batch, size: number): Batch[] {
  const length = batch.inputs.length / batch.count
  return Array.from({ length: Math.ceil(batch.count / size) }, (_, index) => {
    const [start, end] = [index * size, Math.min((index + 1) * size, batch.count)]
    return {
      count: end - start,
      inputs: batch.inputs.subarray(start * length, end * length),
      labels: batch.labels.subarray(start, end),
    }
  })
}

/**
 * Takes one step down the gradient of a sum of losses, whatever these are, and of the penalties.
 *
 * @param losses - computed one by one; what each of them holds in memory is freed before the next
 */
export function descend(
  network: Network,
  losses: readonly (() => Scalar)[],
  options: { readonly optimizer: Optimizer; readonly learningRate: number; readonly penalties: Penalties },
): void {
  const { tf } = network
  const trained = network.parameters.filter(({ isTrained }) => isTrained)
  const variables = trained.map(({ variable }) => variable)
  tf.tidy(() => {
    let sum: NamedTensorMap = {}
    for (const loss of losses) {
      const previous = sum
      sum = tf.tidy(() => {
        const { grads } = tf.variableGrads(loss, variables)
        for (const [name, gradient] of Object.entries(previous)) {
          const added = grads[name]
          grads[name] = added === undefined ? gradient : tf.add(added, gradient)
        }
        return grads
      })
      for (const [name, gradient] of Object.entries(previous)) if (sum[name] !== gradient) gradient.dispose()
    }
    options.optimizer.apply(sum, options.learningRate, options.penalties)
  })
}

/**
 * Trains on each batch once. The thread's event loop gets its turn about every 50 ms.
 *
 * @returns the mean over the epoch's steps, each before its update, or undefined when the signal was aborted
 */
export async function trainEpoch(
  classifier: Classifier,
  batches: Iterable<Batch>,
  images: ImageSizes,
  options: TrainingOptions,
): Promise<Score | undefined> {
  return score(batches, options.signal, (batch, done) => {
    const learningRate = (step: number): number => options.learningRate(step, done)
    return trainStep(classifier, batch, images, { ...options, learningRate })
  })
}

/**
 * Predicts each batch and compares with its labels. The thread's event loop gets its turn about every 50 ms.
 *
 * @returns the mean over all images, or undefined when the signal was aborted
 */
export async function evaluate(
  { network, layers }: Classifier,
  batches: Iterable<Batch>,
  images: ImageSizes,
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
  run: (batch: Batch, done: number) => Classified,
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
    const result = run(batch, count)
    count += batch.count
    loss += result.loss * batch.count
    correct += result.correct
  }
  return { loss: loss / count, accuracy: correct / count }
}
