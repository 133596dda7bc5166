import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Rng } from '../../src/rng.js'
import type { Checkpoint, TrialContext } from '../../src/trainable/trainable.js'
import type { Repeat } from '../../src/trial.js'
import {
  loadTensorFlow,
  type MnistCnnConfig,
  type MnistCnnMetrics,
  mnistCnn,
  optimizerNames,
  type TensorFlowCore,
} from '../../trainables/index.js'

let tf: TensorFlowCore
let folder: string

beforeAll(async () => {
  tf = (await loadTensorFlow({ backend: 'wasm' })).tf
  folder = await mkdtemp(join(tmpdir(), 'mnist-cnn-'))
})
afterAll(() => rm(folder, { recursive: true }))

const tiny: MnistCnnConfig = {
  learningRate: 0.003,
  filters: [4, 8],
  denseUnits: 16,
  batchSize: 32,
  dropout: 0.2,
  trainImages: 100,
  validationImages: 50,
  epochs: 3,
}

function context(
  options: { seed?: number; signal?: AbortSignal; checkpoint?: Checkpoint; repeat?: Repeat } = {},
): TrialContext {
  const seed = options.seed ?? 1
  return {
    trialIndex: 0,
    trialId: 'trial',
    repeat: options.repeat,
    directory: folder,
    seed,
    rng: Rng.from(seed),
    signal: options.signal ?? new AbortController().signal,
    checkpoint: options.checkpoint,
  }
}

async function train(config: MnistCnnConfig, trial = context()): Promise<MnistCnnMetrics[]> {
  const reports: MnistCnnMetrics[] = []
  for await (const { metrics } of mnistCnn(config, trial)) reports.push(metrics)
  return reports
}

describe('the MNIST network', () => {
  it('learns to read most digits from a few thousand images', async () => {
    const config = { ...tiny, filters: [8, 16], batchNormalization: true, batchSize: 16, learningRate: 0.005 }
    const [last] = await train({ ...config, trainImages: 2000, validationImages: 500, epochs: 1 })
    expect(last?.valAccuracy).toBeGreaterThan(0.85)
  })

  it.each(optimizerNames)('lowers its loss with %s', async optimizer => {
    const learningRate = {
      ...{ sgd: 0.1, momentum: 0.02, nesterov: 0.02, adagrad: 0.03 },
      ...{ rmsprop: 0.003, rmspropNesterov: 0.001, adadelta: 2, adam: 0.003 },
    }[optimizer]
    const reports = await train({ ...tiny, optimizer, learningRate, batchNormalization: true, trainImages: 400 })
    expect(reports.at(-1)?.trainLoss).toBeLessThan((reports[0]?.trainLoss ?? 0) * 0.9)
  })

  it('reports the test accuracy with the last epoch when asked to', async () => {
    const reports = await train({ ...tiny, epochs: 2, evaluateTest: true })
    expect(reports.map(({ testAccuracy }) => typeof testAccuracy)).toEqual(['undefined', 'number'])
  })

  it('takes batch normalization, penalties, padding, a schedule and no hidden layer', async () => {
    const config = { ...tiny, batchNormalization: true, l1: 1e-5, l2: 1e-4, denseUnits: 0, padding: 'same' } as const
    const reports = await train({ ...config, learningRateDecay: 'cosine', filters: [3, 5, 6], filterSize: 3 })
    expect(reports).toHaveLength(3)
    expect(reports.every(({ valLoss }) => Number.isFinite(valLoss))).toBe(true)
  })

  it('minimizes a cost that is the loss and the penalties', async () => {
    const [[plain], [penalized]] = [
      await train({ ...tiny, epochs: 1 }),
      await train({ ...tiny, epochs: 1, l1: 1e-4, l2: 1e-4 }),
    ]
    expect(plain?.trainCost).toBe(plain?.trainLoss)
    expect(penalized?.trainCost).toBeGreaterThan(penalized?.trainLoss ?? Number.POSITIVE_INFINITY)
  })

  it('goes on reporting when the training diverges', async () => {
    const reports = await train({ ...tiny, optimizer: 'sgd', learningRate: 1e38, epochs: 2 })
    expect(reports[1]?.trainLoss).toBeNaN()
    expect(reports[1]?.valLoss).toBeNaN()
  })

  it.each([
    [{ learningRate: 0 }, /learningRate is 0/],
    [{ filters: [8] }, /filters is \[8\]/],
    [{ filters: [8, 8, 8] }, /filters has 3 entries/],
    [{ dropout: 1 }, /dropout is 1/],
    [{ batchSize: 1.5 }, /batchSize is 1.5/],
    [{ l2: Number.NaN }, /l2 is NaN/],
    [{ crossValidation: true }, /crossValidation is true, but the trial is no fold/],
    [{ trainImages: 59_000, validationImages: 2_000 }, /together at most 60000/],
  ])('refuses %j', async (change, message) => {
    await expect(train({ ...tiny, ...change })).rejects.toMatchObject({
      code: 'INVALID_CONFIG',
      message: expect.stringMatching(message),
    })
  })
})

describe('a fold of a cross-validation', () => {
  const fold = (index: number) =>
    train({ ...tiny, epochs: 1, crossValidation: true }, context({ repeat: { group: 0, index, of: 3 } }))

  it('is trained on the images that the other folds validate, and judged by its own', async () => {
    const reports = [await fold(0), await fold(1), await fold(2)]
    expect(new Set(reports.map(([report]) => report?.valLoss)).size).toBe(3)
    // 150 images, so 100 are trained on: accuracies are hundredths, and fiftieths on the fold itself
    for (const [report] of reports) {
      const correct = [100 * (report?.trainAccuracy ?? 0), 50 * (report?.valAccuracy ?? 0)]
      expect(correct.map(count => Math.round(1e6 * count) % 1e6)).toEqual([0, 0])
    }
  })

  it('is no more than a number where repeats are not asked for as folds', async () => {
    const repeat = { group: 0, index: 1, of: 3 }
    expect(await train({ ...tiny, epochs: 1 }, context({ repeat }))).toEqual(await train({ ...tiny, epochs: 1 }))
  })
})

describe('the weights of another run', () => {
  const checkpointOf = async (config: MnistCnnConfig): Promise<string> => {
    const directory = await mkdtemp(join(folder, 'weights-'))
    for await (const { metrics, checkpoint } of mnistCnn(config, context())) {
      if (metrics.epoch === config.epochs) await checkpoint?.(directory)
    }
    return directory
  }

  it('are what training starts with', async () => {
    const initialWeights = await checkpointOf({ ...tiny, l2: 1e-4, trainImages: 1000 })
    // at this rate nothing is learnt
    const config = { ...tiny, optimizer: 'sgd', learningRate: 1e-9, epochs: 1, validationImages: 500 } as const
    const [[drawn], [taken]] = [await train(config), await train({ ...config, initialWeights })]
    expect(drawn?.valAccuracy).toBeLessThan(0.4)
    expect(taken?.valAccuracy).toBeGreaterThan(0.6)
  })

  it('are refused when they belong to another network', async () => {
    const initialWeights = await checkpointOf({ ...tiny, epochs: 1 })
    await expect(train({ ...tiny, filters: [4, 12], initialWeights })).rejects.toMatchObject({
      code: 'CHECKPOINT_FAILED',
      message: expect.stringContaining('convolution2/filter'),
    })
  })

  it('give way to the checkpoint of a trial that goes on', async () => {
    const initialWeights = await checkpointOf({ ...tiny, epochs: 1 })
    const config = { ...tiny, initialWeights }
    const whole = await train(config)
    const directory = await mkdtemp(join(folder, 'checkpoint-'))
    for await (const { checkpoint } of mnistCnn(config, context())) {
      await checkpoint?.(directory)
      break
    }
    expect(await train(config, context({ checkpoint: { directory, iteration: 1 } }))).toEqual(whole.slice(1))
  })
})

describe('a seed fixes the numbers', () => {
  it('of a trial that is run twice', async () => {
    const first = await train(tiny)
    expect(await train(tiny)).toEqual(first)
    expect(await train(tiny, context({ seed: 2 }))).not.toEqual(first)
  })

  it('of trials that take turns in one thread', async () => {
    const alone = [await train(tiny), await train({ ...tiny, learningRate: 0.01 }, context({ seed: 2 }))]
    const generators = [mnistCnn(tiny, context()), mnistCnn({ ...tiny, learningRate: 0.01 }, context({ seed: 2 }))]
    const together: MnistCnnMetrics[][] = [[], []]
    for (let epoch = 0; epoch < 3; epoch++) {
      const steps = await Promise.all(generators.map(generator => generator.next()))
      for (const [index, { value }] of steps.entries()) if (value) together[index]?.push(value.metrics)
    }
    await Promise.all(generators.map(generator => generator.return()))
    expect(together).toEqual(alone)
  })

  it.each(optimizerNames)('of a trial that goes on from a checkpoint with %s', async optimizer => {
    const config = { ...tiny, optimizer, batchNormalization: true, learningRateDecay: 'linear' } as const
    const whole = await train(config)
    const directory = await mkdtemp(join(folder, 'checkpoint-'))
    for await (const { checkpoint } of mnistCnn(config, context())) {
      await checkpoint?.(directory)
      break
    }
    const rest = await train(config, context({ checkpoint: { directory, iteration: 1 } }))
    expect(rest).toEqual(whole.slice(1))
  })
})

it('refuses a checkpoint of another network', async () => {
  const directory = await mkdtemp(join(folder, 'checkpoint-'))
  for await (const { checkpoint } of mnistCnn(tiny, context())) {
    await checkpoint?.(directory)
    break
  }
  const trial = context({ checkpoint: { directory, iteration: 1 } })
  await expect(train({ ...tiny, filters: [4, 12] }, trial)).rejects.toMatchObject({
    code: 'CHECKPOINT_FAILED',
    message: expect.stringContaining('convolution2/filter'),
  })
})

it('frees its tensors when it ends, is stopped at a report, or fails', async () => {
  const before = tf.memory().numTensors
  await train(tiny)
  for await (const _ of mnistCnn(tiny, context())) break
  await expect(train({ ...tiny, filters: [8, 8, 8] })).rejects.toThrow()
  expect(tf.memory().numTensors).toBe(before)
})

it('ends without a report when it is aborted in the middle of an epoch', async () => {
  const before = tf.memory().numTensors
  const controller = new AbortController()
  const work = train({ ...tiny, trainImages: 50_000 }, context({ signal: controller.signal }))
  setTimeout(() => controller.abort(), 0)
  expect(await work).toEqual([])
  expect(tf.memory().numTensors).toBe(before)
})
