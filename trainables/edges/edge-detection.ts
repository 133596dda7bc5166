import { Rng } from '../../src/rng.js'
import { defineTrainable } from '../../src/trainable/define.js'
import { type Report, report, type TrialContext } from '../../src/trainable/trainable.js'
import { batchesOf, type ImageSet, selectImages } from '../data/images.js'
import { loadTensorFlow } from '../tensorflow/backend.js'
import { loadTraining, saveTraining } from '../training/checkpoint.js'
import { Network } from '../training/network.js'
import { Optimizer } from '../training/optimizers/optimizer.js'
import { decayFactor } from '../training/schedule.js'
import { evaluate, trainEpoch } from '../training/train.js'
import { buildEdgeNetwork } from './build-edge-network.js'
import { type EdgeDetectionConfig, type EdgeDetectionSettings, edgeDetectionSettings } from './config.js'
import { edgeShifts } from './domain-shift.js'
import { type EdgeDomain, edgeImages, edgeNormalization } from './edge-images.js'
import { permutePixels } from './pixel-order.js'

/** What {@link edgeDetection} reports. */
export type EdgeDetectionMetrics = {
  /** How many steps are done. */
  readonly step: number
  /** Mean cross-entropy in nats over the steps since the last report, each before its update; NaN once the training has diverged. */
  readonly trainLoss: number
  /** Accuracy over these steps; between 0 and 1. */
  readonly trainAccuracy: number
  /** Accuracy on other images of the domain that is trained on; between 0 and 1. */
  readonly testAccuracy: number
  /** Accuracy on images of the shifted domain; that on other images, where there is none. Between 0 and 1. */
  readonly shiftedAccuracy: number
  /** How many numbers the network learns. */
  readonly parameters: number
}

/** Images that are predicted at a time. */
const evaluationBatch = 150

/**
 * Tells vertical edges, horizontal ones and noise apart with a CNN or an MLP of about the same number of parameters, by Adam. One iteration is
 * one of `reports` equal parts of the steps.
 *
 * Weights and the order of the images come from the trial's random stream, the images from the config's `dataSeed`; of the same seed, a smaller
 * training set is the beginning of a greater one.
 *
 * @throws TuneError `INVALID_CONFIG` for a config that is out of range, `DEPENDENCY_MISSING` without TensorFlow.js
 */
export async function* edgeDetection(
  config: EdgeDetectionConfig,
  { rng, signal, checkpoint }: Pick<TrialContext, 'rng' | 'signal' | 'checkpoint'>,
): AsyncGenerator<Report<EdgeDetectionMetrics>, void, unknown> {
  const settings = edgeDetectionSettings(config)
  const { batchSize, steps, reports, shift } = settings
  const { tf } = await loadTensorFlow({ backend: settings.backend })
  const { train, test, shifted } = imagesFor(settings)
  const network = new Network(tf, { rng, initializer: 'heNormal' })
  const classifier = buildEdgeNetwork(network, train, settings)
  const optimizer = new Optimizer(tf, network.parameters, { name: 'adam' })
  const accuracyOn = async (images: ImageSet): Promise<number | undefined> => {
    const batches = batchesOf(selectImages(images, 0, images.count), evaluationBatch, edgeNormalization)
    return (await evaluate(classifier, batches, images, signal))?.accuracy
  }
  try {
    const parameters = network.parameterCount
    const done = checkpoint === undefined ? 0 : await loadTraining(tf, { network, optimizer }, checkpoint.directory)
    for (let round = done + 1; round <= reports; round++) {
      const [start, end] = [optimizer.step, Math.round((round * steps) / reports)]
      const indices = endlessOrder(train.count, start * batchSize, (end - start) * batchSize, rng)
      const trained = await trainEpoch(
        classifier,
        batchesOf({ images: train, indices }, batchSize, edgeNormalization),
        train,
        {
          optimizer,
          learningRate: step => settings.learningRate * decayFactor('cosine', step / steps),
          dropoutSeed: () => 0,
          penalties: { l1: 0, l2: 0 },
          signal,
        },
      )
      const testAccuracy = await accuracyOn(test)
      const shiftedAccuracy = shift === 'none' ? testAccuracy : await accuracyOn(shifted)
      if (trained === undefined || testAccuracy === undefined || shiftedAccuracy === undefined) return
      const metrics: EdgeDetectionMetrics = {
        step: optimizer.step,
        trainLoss: trained.loss,
        trainAccuracy: trained.accuracy,
        testAccuracy,
        shiftedAccuracy,
        parameters,
      }
      yield report(metrics, { checkpoint: directory => saveTraining({ network, optimizer }, round, directory) })
    }
  } finally {
    optimizer.dispose()
    network.dispose()
  }
}

/** Draws what is trained on and the two sets that it is judged by. */
function imagesFor(settings: EdgeDetectionSettings): Readonly<Record<'train' | 'test' | 'shifted', ImageSet>> {
  const { trainImages, testImages, noise, isPermuted, dataSeed, shift } = settings
  const { trained, shifted } = edgeShifts[shift]
  const draw = (name: string, count: number, domain: EdgeDomain): ImageSet => {
    const images = edgeImages(count, domain, noise, Rng.from(dataSeed).fork('edges', name))
    return isPermuted ? permutePixels(images) : images
  }
  const test = draw('test', testImages, trained)
  return {
    train: draw('train', trainImages, trained),
    test,
    shifted: shift === 'none' ? test : draw('shifted', testImages, shifted),
  }
}

/** A part of an endless order that goes through all images again and again, each time shuffled anew. */
function endlessOrder(images: number, from: number, count: number, rng: Rng): Uint32Array {
  const order = new Uint32Array(count)
  let pass = -1
  let shuffled = new Uint32Array()
  for (let i = 0; i < count; i++) {
    const position = from + i
    if (Math.floor(position / images) !== pass) {
      pass = Math.floor(position / images)
      shuffled = rng.fork('order', pass).shuffle(Uint32Array.from({ length: images }, (_, index) => index))
    }
    order[i] = shuffled[position % images] ?? 0
  }
  return order
}

/** {@link edgeDetection}, for worker threads: what a `Tuner` is given. */
export default defineTrainable(import.meta.url, edgeDetection)
