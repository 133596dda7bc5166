import { defineTrainable } from '../../src/trainable/define.js'
import { type Report, report, type TrialContext } from '../../src/trainable/trainable.js'
import { Descent } from '../dense/descent.js'
import { loadArrays, saveArrays } from '../kit/array-checkpoint.js'
import { breathing } from '../kit/breath.js'
import { decayFactor } from '../training/schedule.js'
import { dropoutSolution, expectedLoss } from './closed-form.js'
import { type DropoutRegressionConfig, dropoutRegressionSettings } from './config.js'
import { correlatedInputs, type RegressionData } from './correlated-inputs.js'

/** What {@link dropoutRegression} reports. */
export type DropoutRegressionMetrics = {
  /** How many passes over the rows are done. */
  readonly epoch: number
  /** The weight of the input on the large scale. */
  readonly w1: number
  /** The weight of the input on the small scale. */
  readonly w2: number
  /** The loss that is expected with dropout, at these weights; the mean squared error where dropout is 0. */
  readonly loss: number
  /** How far the weights are from the closed form, as a share of its length; NaN once the training has diverged. */
  readonly distance: number
}

/**
 * Fits a line to two inputs by gradient descent with dropout on the inputs, new masks at each step, and compares its weights with the closed form.
 * Rows come from the config's `dataSeed`; their order and the masks from the trial's random stream.
 *
 * @throws TuneError `INVALID_CONFIG` for a config that is out of range
 */
export async function* dropoutRegression(
  config: DropoutRegressionConfig,
  { rng, signal, checkpoint }: Pick<TrialContext, 'rng' | 'signal' | 'checkpoint'>,
): AsyncGenerator<Report<DropoutRegressionMetrics>, void, unknown> {
  const settings = dropoutRegressionSettings(config)
  const { dropout, epochs, epochsPerReport, batchSize, rows } = settings
  const data = correlatedInputs(settings)
  const best = dropoutSolution(data, dropout)
  const weights = new Float64Array(2)
  const gradient = new Float64Array(2)
  const descent = new Descent(settings.optimizer, 2)
  const arrays = { weights, ...descent.slots }
  const steps = epochs * Math.ceil(rows / batchSize)
  const breathe = breathing(signal)
  let epoch = 0
  if (checkpoint !== undefined) {
    const progress = await loadArrays(arrays, checkpoint.directory)
    epoch = progress.epoch ?? 0
    descent.step = progress.step ?? 0
  }
  while (epoch < epochs) {
    const end = Math.min(epochs, epoch + epochsPerReport)
    for (; epoch < end; epoch++) {
      const stream = rng.fork('epoch', epoch)
      const order = stream.shuffle(Uint32Array.from({ length: rows }, (_, i) => i))
      const mask = Float64Array.from({ length: 2 * rows }, () => (stream.uniform() < dropout ? 0 : 1 / (1 - dropout)))
      for (let from = 0; from < rows; from += batchSize) {
        if (!(await breathe())) return
        slope(data, weights, { order: order.subarray(from, from + batchSize), mask }, gradient)
        const learningRate = settings.learningRate * decayFactor(settings.learningRateDecay, descent.step / steps)
        descent.apply(weights, gradient, learningRate)
      }
    }
    const [w1 = 0, w2 = 0] = weights
    const progress = { epoch, step: descent.step }
    const metrics: DropoutRegressionMetrics = {
      epoch,
      w1,
      w2,
      loss: expectedLoss(data, dropout, [w1, w2]),
      distance: Math.hypot(w1 - best[0], w2 - best[1]) / Math.hypot(...best),
    }
    yield report(metrics, { checkpoint: directory => saveArrays({ progress, arrays }, directory) })
  }
}

/** Sets the gradient of the mean squared error of some rows, with their inputs masked. */
function slope(
  { inputs, targets }: RegressionData,
  weights: Float64Array,
  batch: { readonly order: Uint32Array; readonly mask: Float64Array },
  gradient: Float64Array,
): void {
  const { order, mask } = batch
  const [w1 = 0, w2 = 0] = weights
  gradient.fill(0)
  for (const row of order) {
    const first = (inputs[2 * row] ?? 0) * (mask[2 * row] ?? 0)
    const second = (inputs[2 * row + 1] ?? 0) * (mask[2 * row + 1] ?? 0)
    const error = (2 * (w1 * first + w2 * second - (targets[row] ?? 0))) / order.length
    gradient[0] = (gradient[0] ?? 0) + error * first
    gradient[1] = (gradient[1] ?? 0) + error * second
  }
}

/** {@link dropoutRegression}, for worker threads: what a `Tuner` is given. */
export default defineTrainable(import.meta.url, dropoutRegression)
