import type { Scalar } from '@tensorflow/tfjs-core'
import { Rng } from '../../src/rng.js'
import { defineTrainable } from '../../src/trainable/define.js'
import { type Report, report, type TrialContext } from '../../src/trainable/trainable.js'
import { breathing } from '../kit/breath.js'
import { loadTensorFlow } from '../tensorflow/backend.js'
import { loadTraining, saveTraining } from '../training/checkpoint.js'
import { inference, type Layer, sequence } from '../training/layers/layer.js'
import { Network } from '../training/network.js'
import { Optimizer } from '../training/optimizers/optimizer.js'
import { decayFactor } from '../training/schedule.js'
import { descend } from '../training/train.js'
import { type EggholderConfig, type EggholderSettings, eggholderSettings, unitsByLayer } from './config.js'
import { eggholderPoints, type SurfacePoints } from './eggholder.js'

/** What {@link eggholderRegression} reports after each epoch. */
export type EggholderMetrics = {
  /** How many epochs are done, from 1. */
  readonly epoch: number
  /** The root-mean-square error over the epoch's steps, each before its update, in the function's unit; NaN once the training has diverged. */
  readonly trainRmse: number
  /** The root-mean-square error on points that were not learnt from, in the function's unit; the noise is in it. */
  readonly testRmse: number
  /** How many numbers the network learns. */
  readonly parameters: number
}

/** Points that are predicted at a time. */
const evaluationBatch = 2_000

/**
 * Learns the Eggholder function from noisy points with a dense network and Adam. One iteration is one epoch.
 *
 * Inputs are scaled to [−1, 1], targets by their mean and standard deviation. Weights and batch order come from the trial's random stream, the points
 * from the config's `dataSeed`.
 *
 * @throws TuneError `INVALID_CONFIG` for a config that is out of range, `DEPENDENCY_MISSING` without TensorFlow.js
 */
export async function* eggholderRegression(
  config: EggholderConfig,
  { rng, signal, checkpoint }: Pick<TrialContext, 'rng' | 'signal' | 'checkpoint'>,
): AsyncGenerator<Report<EggholderMetrics>, void, unknown> {
  const settings = eggholderSettings(config)
  const { points, batchSize, epochs, noise } = settings
  const { tf } = await loadTensorFlow({ backend: settings.backend })
  const drawn = Rng.from(settings.dataSeed).fork('eggholder')
  const train = eggholderPoints(points, noise, drawn.fork('train'))
  const test = eggholderPoints(settings.testPoints, noise, drawn.fork('test'))
  const scale = scaleOf(train.targets)
  const network = new Network(tf, { rng, initializer: 'heNormal' })
  const layers = buildLayers(network, settings)
  const optimizer = new Optimizer(tf, network.parameters, { name: 'adam' })
  const breathe = breathing(signal)

  // no layer here acts differently while training
  const forward = (batch: SurfacePoints) => layers(tf.tensor2d(batch.inputs, [batch.count, 2]), inference)
  const errorOf = (batch: SurfacePoints): Scalar => {
    const targets = batch.targets.map(value => (value - scale.mean) / scale.deviation)
    return tf.mean(tf.square(tf.sub(forward(batch), tf.tensor2d(targets, [batch.count, 1]))))
  }
  /** Sums up squared errors over batches; undefined when the trial was stopped. */
  const rootMeanSquare = async (batches: Iterable<SurfacePoints>, measure: (batch: SurfacePoints) => number) => {
    let sum = 0
    let count = 0
    for (const batch of batches) {
      if (!(await breathe())) return undefined
      sum += measure(batch) * batch.count
      count += batch.count
    }
    return scale.deviation * Math.sqrt(sum / count)
  }
  const learn = (batch: SurfacePoints): number => {
    const steps = epochs * Math.ceil(points / batchSize)
    const learningRate = settings.learningRate * decayFactor(settings.learningRateDecay, optimizer.step / steps)
    let found = Number.NaN
    const loss = (): Scalar => {
      const error = errorOf(batch)
      found = error.dataSync<'float32'>()[0] ?? Number.NaN
      return error
    }
    descend(network, [loss], { optimizer, learningRate, penalties: { l1: 0, l2: 0 } })
    return found
  }
  const predict = (batch: SurfacePoints): number => tf.tidy(() => errorOf(batch).dataSync<'float32'>()[0] ?? Number.NaN)

  try {
    const done = checkpoint === undefined ? 0 : await loadTraining(tf, { network, optimizer }, checkpoint.directory)
    const parameters = network.parameters.reduce((sum, { size }) => sum + size, 0)
    for (let epoch = done + 1; epoch <= epochs; epoch++) {
      const order = rng.fork('order', epoch).shuffle(Uint32Array.from({ length: points }, (_, i) => i))
      const trainRmse = await rootMeanSquare(batchesOf(train, batchSize, order), learn)
      const testRmse = await rootMeanSquare(batchesOf(test, evaluationBatch), predict)
      if (trainRmse === undefined || testRmse === undefined) return
      const metrics: EggholderMetrics = { epoch, trainRmse, testRmse, parameters }
      yield report(metrics, { checkpoint: directory => saveTraining({ network, optimizer }, epoch, directory) })
    }
  } finally {
    optimizer.dispose()
    network.dispose()
  }
}

/** Hidden layers with biases and activations, and one linear output. */
function buildLayers(network: Network, settings: EggholderSettings): Layer {
  const hidden = unitsByLayer(settings)
  const layers = hidden.flatMap((outputs, index) => [
    network.dense(`hidden${index + 1}`, { inputs: hidden[index - 1] ?? 2, outputs, bias: true }),
    network.activation(settings.activation),
  ])
  return sequence(...layers, network.dense('output', { inputs: hidden.at(-1) ?? 2, outputs: 1, bias: true }))
}

function scaleOf(values: Float32Array): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { mean, deviation: Math.sqrt(variance) || 1 }
}

function* batchesOf(all: SurfacePoints, size: number, order?: Uint32Array): Generator<SurfacePoints, void, undefined> {
  for (let start = 0; start < all.count; start += size) {
    const count = Math.min(size, all.count - start)
    const inputs = new Float32Array(2 * count)
    const targets = new Float32Array(count)
    for (let i = 0; i < count; i++) {
      const index = order?.[start + i] ?? start + i
      inputs[2 * i] = all.inputs[2 * index] ?? 0
      inputs[2 * i + 1] = all.inputs[2 * index + 1] ?? 0
      targets[i] = all.targets[index] ?? 0
    }
    yield { count, inputs, targets }
  }
}

/** {@link eggholderRegression}, for worker threads: what a `Tuner` is given. */
export default defineTrainable(import.meta.url, eggholderRegression)
