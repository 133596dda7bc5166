import { defineTrainable } from '../../src/trainable/define.js'
import { type Report, report, type TrialContext } from '../../src/trainable/trainable.js'
import type { Batch } from '../data/images.js'
import { freezeBody } from '../image-models/body-and-head.js'
import { buildImageModel } from '../image-models/image-model.js'
import { loadTensorFlow } from '../tensorflow/backend.js'
import { Network } from '../training/network.js'
import { Optimizer } from '../training/optimizers/optimizer.js'
import { trainStep } from '../training/train.js'
import { type TrainingMemoryConfig, trainingMemorySettings } from './config.js'

/** What {@link trainingMemory} reports: bytes of tensors, as TensorFlow.js counts them. */
export type TrainingMemoryMetrics = {
  /** The network's numbers, statistics included. */
  readonly parameterBytes: number
  /** What the optimizer keeps between steps. */
  readonly optimizerBytes: number
  /** The most that a step holds at a time, parameters and optimizer included. */
  readonly peakBytes: number
  /** What only the step needs: activations, gradients, and what is computed in between. */
  readonly stepBytes: number
}

/** How many steps are measured: a first one may hold less, if anything is made on demand. */
const steps = 2

/**
 * Measures the memory that a training step takes, on random images: the network's tensors, the optimizer's, and the most of all that the step holds
 * at a time. One report.
 *
 * What a back end allocates beside its tensors (rooms that kernels work in, what was freed and is kept for later) is not counted, nor is a batch's
 * array in JavaScript. Two measurements at the same time in one thread disturb each other.
 *
 * @throws TuneError `INVALID_CONFIG` for a config that is out of range, `DEPENDENCY_MISSING` without TensorFlow.js
 * @see https://js.tensorflow.org/api/latest/#profile
 */
export async function* trainingMemory(
  config: TrainingMemoryConfig,
  { rng, signal }: Pick<TrialContext, 'rng' | 'signal'>,
): AsyncGenerator<Report<TrainingMemoryMetrics>, void, unknown> {
  const { model, batchSize, imageSize, classes, isBodyFrozen, ...settings } = trainingMemorySettings(config)
  const { tf } = await loadTensorFlow({ backend: settings.backend })
  const images = { height: imageSize, width: imageSize, channels: 3, classes }
  const network = new Network(tf, { rng, initializer: 'heNormal' })
  const before = tf.memory().numBytes
  let optimizer: Optimizer | undefined
  let measured: TrainingMemoryMetrics
  try {
    const built = buildImageModel(network, model, images)
    const classifier = isBodyFrozen ? freezeBody(built) : built
    // drawn now, so that they don't count as the step's
    for (const parameter of network.parameters) parameter.variable
    const parameterBytes = tf.memory().numBytes - before
    optimizer = new Optimizer(tf, network.parameters, { name: settings.optimizer })
    const optimizerBytes = tf.memory().numBytes - before - parameterBytes
    const options = {
      ...{ optimizer, learningRate: () => 1e-3, penalties: { l1: 0, l2: 0 }, signal },
      dropoutSeed: (step: number, layer: string) => rng.fork('dropout', step, layer).seed(),
    }
    let peakBytes = 0
    for (let step = 0; step < steps && !signal.aborted; step++) {
      const noise = rng.fork('images', step)
      const inputs = Float32Array.from({ length: batchSize * imageSize ** 2 * 3 }, () => noise.normal())
      const labels = Uint8Array.from({ length: batchSize }, (_, index) => index % Math.min(classes, 256))
      const batch: Batch = { count: batchSize, inputs, labels }
      const held = tf.memory().numBytes
      const profile = await tf.profile(() => {
        trainStep(classifier, batch, images, options)
        return []
      })
      peakBytes = Math.max(peakBytes, held - before, profile.peakBytes - before)
    }
    const stepBytes = peakBytes - parameterBytes - optimizerBytes
    measured = { parameterBytes, optimizerBytes, peakBytes, stepBytes }
  } finally {
    optimizer?.dispose()
    network.dispose()
  }
  // reported once all is freed, as a trial may rest at its report while others are measured
  if (!signal.aborted) yield report(measured)
}

/** {@link trainingMemory}, for worker threads: what a `Tuner` is given. */
export default defineTrainable(import.meta.url, trainingMemory)
