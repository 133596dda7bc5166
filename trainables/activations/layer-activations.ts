import { defineTrainable } from '../../src/trainable/define.js'
import { type Report, report, type TrialContext } from '../../src/trainable/trainable.js'
import { type Batch, batchesOf } from '../data/images.js'
import { loadMnist, mnistNormalization } from '../data/mnist.js'
import { splitImages } from '../data/split.js'
import { DenseNetwork } from '../dense/dense-network.js'
import { Descent } from '../dense/descent.js'
import { initialize } from '../dense/initialize.js'
import { softmaxCrossEntropy } from '../dense/losses.js'
import { loadArrays, saveArrays } from '../kit/array-checkpoint.js'
import { breathing } from '../kit/breath.js'
import { type LayerActivationsConfig, layerActivationsSettings } from './config.js'
import { evenly, type LayerStatistics, layerStatistics } from './layer-statistics.js'

/** What {@link layerActivations} reports, at the start and after each epoch. */
export type LayerActivationsMetrics = {
  /** How many passes over the images are done, from 0. */
  readonly epoch: number
  /** The mean cross-entropy in nats on the images that the layers are looked at with; NaN once the training has diverged. */
  readonly loss: number
  /** The accuracy on them; between 0 and 1. */
  readonly accuracy: number
  /** Each hidden layer's activations, summed up. */
  readonly layers: readonly LayerStatistics[]
  /** Some of each hidden layer's activations, evenly spread over units and images; none unless `reportedActivations` says how many. */
  readonly activations: readonly (readonly number[])[]
}

/**
 * Looks at what a dense network's hidden layers give for MNIST's images, as its weights start and after each epoch of gradient descent. The first
 * iteration is the start; each other one is an epoch.
 *
 * @throws TuneError `INVALID_CONFIG` for a config that is out of range, `DEPENDENCY_MISSING` without the data
 * @see Glorot and Bengio 2010; He et al. 2015
 */
export async function* layerActivations(
  config: LayerActivationsConfig,
  { rng, signal, checkpoint }: Pick<TrialContext, 'rng' | 'signal' | 'checkpoint'>,
): AsyncGenerator<Report<LayerActivationsMetrics>, void, unknown> {
  const settings = layerActivationsSettings(config)
  const { activation, batchSize, trainImages, probeImages, reportedActivations } = settings
  const { train } = await loadMnist(settings.dataDirectory)
  const split = splitImages(train, { train: trainImages, validation: probeImages }, settings.splitSeed)
  const inputs = train.height * train.width * train.channels
  const hidden = Array.from({ length: settings.hiddenLayers }, () => settings.width)
  const network = new DenseNetwork({ inputs, hidden, outputs: train.classes, activation })
  initialize(network, settings.initializer, rng)
  const descent = new Descent('sgd', network.parameters.length)
  const breathe = breathing(signal)

  const measure = (epoch: number): Report<LayerActivationsMetrics> => {
    const [probe] = batchesOf(split.validation, probeImages, mnistNormalization)
    if (probe === undefined) throw new Error('there are no images to look at')
    const logits = network.forward(unitMajor(probe), probeImages)
    const { loss, correct } = softmaxCrossEntropy(logits, probe.labels, new Float64Array(logits.length))
    const values = hidden.map((_, layer) => network.hiddenValues(layer))
    const metrics: LayerActivationsMetrics = {
      epoch,
      loss,
      accuracy: correct / probeImages,
      layers: values.map(layer => layerStatistics(activation, layer, probeImages)),
      activations: reportedActivations > 0 ? values.map(layer => evenly(layer, reportedActivations)) : [],
    }
    const state = { progress: { epoch, step: descent.step }, arrays: { parameters: network.parameters } }
    return report(metrics, { checkpoint: directory => saveArrays(state, directory) })
  }

  let epoch = 0
  if (checkpoint === undefined) yield measure(0)
  else {
    const progress = await loadArrays({ parameters: network.parameters }, checkpoint.directory)
    epoch = progress.epoch ?? 0
    descent.step = progress.step ?? 0
  }
  while (epoch < settings.epochs) {
    const shuffled = { images: train, indices: rng.fork('order', epoch).shuffle(split.train.indices.slice()) }
    for (const batch of batchesOf(shuffled, batchSize, mnistNormalization)) {
      if (!(await breathe())) return
      const logits = network.forward(unitMajor(batch), batch.count)
      const gradient = new Float64Array(logits.length)
      softmaxCrossEntropy(logits, batch.labels, gradient)
      network.backward(gradient)
      descent.apply(network.parameters, network.gradient, settings.learningRate)
    }
    epoch++
    yield measure(epoch)
  }
}

/** A batch's images as a dense network takes them: a column each. */
function unitMajor({ inputs, count }: Batch): Float64Array {
  const units = inputs.length / count
  const columns = new Float64Array(inputs.length)
  for (let b = 0; b < count; b++)
    for (let unit = 0; unit < units; unit++) columns[unit * count + b] = inputs[b * units + unit] ?? 0
  return columns
}

/** {@link layerActivations}, for worker threads: what a `Tuner` is given. */
export default defineTrainable(import.meta.url, layerActivations)
