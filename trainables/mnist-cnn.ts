import { TuneError } from '../src/errors.js'
import { defineTrainable } from '../src/trainable/define.js'
import { type Report, report, type TrialContext } from '../src/trainable/trainable.js'
import { batchesOf, type ImageSet, selectImages } from './data/images.js'
import { loadMnist, mnistNormalization } from './data/mnist.js'
import { splitImages } from './data/split.js'
import { type MnistCnnConfig, type MnistCnnSettings, mnistCnnSettings } from './mnist-cnn-config.js'
import { loadTensorFlow } from './tensorflow/backend.js'
import { loadTraining, saveTraining } from './training/checkpoint.js'
import { type Layer, sequence } from './training/layers/layer.js'
import { Network } from './training/network.js'
import { Optimizer } from './training/optimizers/optimizer.js'
import { decayFactor } from './training/schedule.js'
import { type Classifier, evaluate, trainEpoch } from './training/train.js'

/** What {@link mnistCnn} reports after each epoch. */
export type MnistCnnMetrics = {
  /** How many epochs are done, from 1. */
  readonly epoch: number
  /** Mean cross-entropy in nats over the epoch's steps, with dropout and without the penalties; NaN once the training has diverged. */
  readonly trainLoss: number
  /** Accuracy over the epoch's steps, with dropout; between 0 and 1. */
  readonly trainAccuracy: number
  /** Mean cross-entropy in nats on the validation images. */
  readonly valLoss: number
  /** Accuracy on the validation images; between 0 and 1. */
  readonly valAccuracy: number
  /** Accuracy on the 10,000 test images; in the last epoch's report only, and only with `evaluateTest`. */
  readonly testAccuracy?: number
}

/** Images that are predicted at a time. */
const evaluationBatch = 128

/**
 * Trains a convolutional network on MNIST: convolutions that are each followed by max-pooling, a hidden dense layer, softmax.
 * One iteration is one epoch.
 *
 * Weights, batch order and dropout come from the trial's random stream, each epoch's from a fork of its own, so that a config and a
 * seed give the same numbers each time, and a trial that goes on from a checkpoint the same as one that was never interrupted.
 *
 * @throws TuneError `INVALID_CONFIG` for a config that is out of range, `DEPENDENCY_MISSING` without TensorFlow.js or the data
 */
export async function* mnistCnn(
  config: MnistCnnConfig,
  context: TrialContext,
): AsyncGenerator<Report<MnistCnnMetrics>, void, unknown> {
  const settings = mnistCnnSettings(config)
  const { rng, signal } = context
  const { tf } = await loadTensorFlow({ backend: settings.backend })
  const { train, test } = await loadMnist(settings.dataDirectory)
  const split = splitImages(
    train,
    { train: settings.trainImages, validation: settings.validationImages },
    settings.splitSeed,
  )
  const classifier = buildCnn(new Network(tf, { rng, initializer: settings.initializer }), train, settings)
  const { network } = classifier
  const optimizer = new Optimizer(tf, network.parameters, { name: settings.optimizer, momentum: settings.momentum })
  try {
    const { checkpoint } = context
    const done = checkpoint === undefined ? 0 : await loadTraining(tf, { network, optimizer }, checkpoint.directory)
    const steps = settings.epochs * Math.ceil(settings.trainImages / settings.batchSize)
    for (let epoch = done + 1; epoch <= settings.epochs; epoch++) {
      const shuffled = { images: train, indices: rng.fork('order', epoch).shuffle(split.train.indices.slice()) }
      const trained = await trainEpoch(classifier, batchesOf(shuffled, settings.batchSize, mnistNormalization), train, {
        optimizer,
        learningRate: step => settings.learningRate * decayFactor(settings.learningRateDecay, step / steps),
        dropoutSeed: (step, layer) => rng.fork('dropout', step, layer).seed(),
        penalties: { l1: settings.l1, l2: settings.l2 },
        signal,
      })
      const validate = batchesOf(split.validation, evaluationBatch, mnistNormalization)
      const validated = await evaluate(classifier, validate, train, signal)
      if (trained === undefined || validated === undefined) return
      let tested: { testAccuracy?: number } = {}
      if (settings.evaluateTest && epoch === settings.epochs) {
        const batches = batchesOf(selectImages(test, 0, test.count), evaluationBatch, mnistNormalization)
        const score = await evaluate(classifier, batches, test, signal)
        if (score === undefined) return
        tested = { testAccuracy: score.accuracy }
      }
      const metrics: MnistCnnMetrics = {
        epoch,
        trainLoss: trained.loss,
        trainAccuracy: trained.accuracy,
        valLoss: validated.loss,
        valAccuracy: validated.accuracy,
        ...tested,
      }
      yield report(metrics, { checkpoint: directory => saveTraining({ network, optimizer }, epoch, directory) })
    }
  } finally {
    optimizer.dispose()
    network.dispose()
  }
}

/**
 * Builds the network for images of a size.
 *
 * Biases and activations come after the pooling: they are monotonic, so the result is the same as before it, at a quarter of the work.
 */
export function buildCnn(network: Network, images: ImageSet, settings: MnistCnnSettings): Classifier {
  const { filters, filterSize, padding, denseUnits, dropout, batchNormalization } = settings
  const shift = (name: string, channels: number): Layer =>
    batchNormalization ? network.batchNormalization(name, channels) : network.bias(name, channels)
  const layers: Layer[] = []
  let [height, width, channels] = [images.height, images.width, images.channels]
  const afterLayer = (size: number): number => Math.floor((padding === 'same' ? size : size - filterSize + 1) / 2)
  for (const [index, outputs] of filters.entries()) {
    const name = `convolution${index + 1}`
    layers.push(
      network.convolution(name, { filterSize, inputs: channels, outputs, pad: padding }),
      network.maxPool(2),
      shift(name, outputs),
      network.relu(),
    )
    height = afterLayer(height)
    width = afterLayer(width)
    channels = outputs
    if (height < 1 || width < 1) {
      network.dispose()
      throw new TuneError(
        'INVALID_CONFIG',
        `filters has ${filters.length} entries, but after ${index + 1} of them no pixel is left: use fewer, or padding 'same'`,
      )
    }
  }
  let units = height * width * channels
  layers.push(network.flatten())
  if (denseUnits > 0) {
    layers.push(
      network.dropout('hidden', dropout),
      network.dense('hidden', { inputs: units, outputs: denseUnits }),
      shift('hidden', denseUnits),
      network.relu(),
    )
    units = denseUnits
  }
  layers.push(
    network.dropout('output', dropout),
    network.dense('output', { inputs: units, outputs: images.classes }),
    network.bias('output', images.classes),
  )
  return { network, layers: sequence(...layers) }
}

/** {@link mnistCnn}, for worker threads: what a `Tuner` is given. */
export default defineTrainable(import.meta.url, mnistCnn)
