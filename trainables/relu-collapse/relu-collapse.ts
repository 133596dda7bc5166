import type { Rng } from '../../src/rng.js'
import { defineTrainable } from '../../src/trainable/define.js'
import { type Report, report, type TrialContext } from '../../src/trainable/trainable.js'
import { DenseNetwork } from '../dense/dense-network.js'
import { Descent } from '../dense/descent.js'
import { initialize } from '../dense/initialize.js'
import { squaredError } from '../dense/losses.js'
import { loadArrays, saveArrays } from '../kit/array-checkpoint.js'
import { breathing } from '../kit/breath.js'
import { decayFactor } from '../training/schedule.js'
import { type ReluCollapseConfig, type ReluCollapseSettings, reluCollapseSettings } from './config.js'
import { type CollapseOutcome, domainEnd, evenPlaces, outcomeOf, rootMeanSquareError } from './outcome.js'

/** What {@link reluCollapse} reports. */
export type ReluCollapseMetrics = {
  /** How many passes over the samples are done; 0 for a network that was dead from the start. */
  readonly epoch: number
  /** What has become of the network so far. */
  readonly outcome: CollapseOutcome
  /** Whether its last hidden layer gave 0 for all samples before the first step. */
  readonly isBornDead: boolean
  /** The root-mean-square error against |x| over the domain; NaN once the training has diverged. */
  readonly rmse: number
  /** The network's outputs at 60 places from −√3 to √3. */
  readonly curve: readonly number[]
}

const places = evenPlaces(60)

/**
 * Has a deep and narrow network learn |x| on [−√3, √3] from uniform samples, with Adam and the mean squared error: two ReLU units would do, ten layers
 * of them mostly collapse to a constant. One iteration is `epochsPerReport` epochs.
 *
 * A ReLU network whose last hidden layer gives 0 for every sample at the start has no gradient but that of its output's bias, so it becomes the mean of
 * the samples. It is not trained but set to that, and ends with its first report.
 *
 * @throws TuneError `INVALID_CONFIG` for a config that is out of range
 * @see Lu, Su and Karniadakis 2018, "Collapse of Deep and Narrow Neural Nets"; Lu, Shin, Su and Karniadakis 2020, "Dying ReLU and Initialization"
 */
export async function* reluCollapse(
  config: ReluCollapseConfig,
  { rng, signal, checkpoint }: Pick<TrialContext, 'rng' | 'signal' | 'checkpoint'>,
): AsyncGenerator<Report<ReluCollapseMetrics>, void, unknown> {
  const settings = reluCollapseSettings(config)
  const { activation, initializer, hiddenLayers, width, samples, epochs } = settings
  const hidden = Array.from({ length: hiddenLayers }, () => width)
  const network = new DenseNetwork({ inputs: 1, hidden, outputs: 1, activation })
  initialize(network, initializer, rng)
  const drawn = rng.fork('samples')
  const x = Float64Array.from({ length: samples }, () => domainEnd * (2 * drawn.uniform() - 1))
  network.forward(x, samples)
  const isBornDead = network.hiddenValues(hiddenLayers - 1).every(value => value === 0)
  const optimizer = new Descent('adam', network.parameters.length)
  const arrays = { parameters: network.parameters, ...optimizer.slots }
  const measure = (epoch: number): Report<ReluCollapseMetrics> => {
    const curve = network.forward(places, places.length).slice()
    const rmse = rootMeanSquareError(curve, places)
    const metrics = { epoch, outcome: outcomeOf(curve), isBornDead, rmse, curve: [...curve] }
    const progress = { epoch, step: optimizer.step }
    return report(metrics, { checkpoint: directory => saveArrays({ progress, arrays }, directory) })
  }

  if (isBornDead && !settings.trainsDead) {
    network.layers.at(-1)?.biases.fill(x.reduce((sum, value) => sum + Math.abs(value), 0) / samples)
    yield measure(0)
    return
  }
  let epoch = 0
  if (checkpoint !== undefined) {
    const progress = await loadArrays(arrays, checkpoint.directory)
    epoch = progress.epoch ?? 0
    optimizer.step = progress.step ?? 0
  }
  const breathe = breathing(signal)
  while (epoch < epochs) {
    const end = Math.min(epochs, epoch + settings.epochsPerReport)
    for (; epoch < end; epoch++) {
      if (!(await breathe())) return
      trainEpoch(network, optimizer, x, { order: rng.fork('order', epoch), settings })
    }
    yield measure(epoch)
  }
}

function trainEpoch(
  network: DenseNetwork,
  optimizer: Descent,
  x: Float64Array,
  { order, settings }: { readonly order: Rng; readonly settings: ReluCollapseSettings },
): void {
  const { batchSize, epochs } = settings
  const steps = epochs * Math.ceil(x.length / batchSize)
  const shuffled = order.shuffle(x.slice())
  for (let from = 0; from < shuffled.length; from += batchSize) {
    const inputs = shuffled.subarray(from, from + batchSize)
    const outputs = network.forward(inputs, inputs.length)
    const gradient = new Float64Array(outputs.length)
    squaredError(outputs, inputs.map(Math.abs), gradient)
    network.backward(gradient)
    const learningRate = settings.learningRate * decayFactor('cosine', optimizer.step / steps)
    optimizer.apply(network.parameters, network.gradient, learningRate)
  }
}

/** {@link reluCollapse}, for worker threads: what a `Tuner` is given. */
export default defineTrainable(import.meta.url, reluCollapse)
