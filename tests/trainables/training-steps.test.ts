import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Rng } from '../../src/rng.js'
import type { TrialContext } from '../../src/trainable/trainable.js'
import {
  batchesOf,
  type Classifier,
  evaluate,
  findBatchSize,
  findLearningRate,
  type ImageSet,
  loadTensorFlow,
  mnistCnn,
  Network,
  Optimizer,
  optimizerNames,
  penaltyOf,
  selectImages,
  sequence,
  type TensorFlowCore,
  type TrainingOptions,
  trainEpoch,
  trainStep,
} from '../../trainables/index.js'
import { WasmHeap } from '../../trainables/tensorflow/wasm-heap.js'

let tf: TensorFlowCore

beforeAll(async () => {
  tf = (await loadTensorFlow({ backend: 'wasm' })).tf
})

const normalization = { mean: 0.5, deviation: 0.5 }

/** Images whose brighter half, left or right, is their label. */
function makeImages(count: number): ImageSet {
  const rng = Rng.from('images')
  const labels = Uint8Array.from({ length: count }, () => rng.integer(0, 2))
  const pixels = Uint8Array.from({ length: count * 36 }, (_, at) => {
    const isRight = at % 6 >= 3
    return (isRight === (labels[Math.floor(at / 36)] === 1) ? 128 : 0) + rng.integer(0, 128)
  })
  return { count, height: 6, width: 6, channels: 1, classes: 2, pixels, labels }
}

const images = makeImages(256)

function makeClassifier(): Classifier {
  const network = new Network(tf, { rng: Rng.from(1), initializer: 'heNormal' })
  const layers = sequence(
    network.convolution('c', { filterSize: 3, inputs: 1, outputs: 4, pad: 'same', bias: true }),
    network.maxPool(3, { stride: 2, pad: 'same' }),
    network.batchNormalization('c', 4),
    network.activation('swish'),
    network.globalAveragePool(),
    network.dropout('d', 0.2),
    network.dense('out', { inputs: 4, outputs: 2, bias: true }),
  )
  return { network, layers }
}

/** Without what depends on the batch's make-up. */
function makePlainClassifier(): Classifier {
  const network = new Network(tf, { rng: Rng.from(1), initializer: 'heNormal' })
  const layers = sequence(network.flatten(), network.dense('out', { inputs: 36, outputs: 2, bias: true }))
  return { network, layers }
}

function optionsFor({ network }: Classifier, change: Partial<TrainingOptions> = {}): TrainingOptions {
  return {
    optimizer: new Optimizer(tf, network.parameters, { name: 'sgd' }),
    learningRate: () => 0.1,
    dropoutSeed: step => step,
    penalties: { l1: 0, l2: 0 },
    signal: new AbortController().signal,
    ...change,
  }
}

describe('training', () => {
  it('learns, and frozen layers stay as they are', async () => {
    const classifier = makeClassifier()
    const { network } = classifier
    network.freeze('c')
    const before = network.parameters.map(parameter => parameter.read())
    const options = optionsFor(classifier, {
      optimizer: new Optimizer(tf, network.parameters, { name: 'adam' }),
      penalties: { l1: 0.01, l2: 0.01 },
    })
    await trainEpoch(classifier, batchesOf(selectImages(images, 0, 256), 16, normalization), images, options)
    for (const [index, { name }] of network.parameters.entries()) {
      const now = network.parameter(name).read()
      if (name.startsWith('c/')) expect(now, name).toEqual(before[index])
      else expect(now, name).not.toEqual(before[index])
    }
    network.unfreeze('c')
    const all = optionsFor(classifier, {
      optimizer: new Optimizer(tf, network.parameters, { name: 'adam' }),
      learningRate: () => 0.02,
    })
    for (let epoch = 0; epoch < 6; epoch++) {
      await trainEpoch(classifier, batchesOf(selectImages(images, 0, 256), 16, normalization), images, all)
    }
    const score = await evaluate(
      classifier,
      batchesOf(selectImages(images, 0, 256), 64, normalization),
      images,
      all.signal,
    )
    expect(score?.accuracy).toBeGreaterThan(0.9)
    for (const made of [options.optimizer, all.optimizer, network]) made.dispose()
  })

  it('tells the learning rate how far the epoch is, whatever the batches', async () => {
    const classifier = makePlainClassifier()
    const asked: number[][] = []
    const learningRate = (step: number, done: number): number => {
      asked.push([step, done])
      return 0.1
    }
    const options = optionsFor(classifier, { learningRate })
    const batches = batchesOf(selectImages(images, 0, 100), done => (done < 30 ? 20 : 40), normalization)
    await trainEpoch(classifier, batches, images, options)
    expect(asked).toEqual([
      [0, 0],
      [1, 20],
      [2, 40],
      [3, 80],
    ])
    options.optimizer.dispose()
    classifier.network.dispose()
  })

  it('in parts of a batch is training on the batch', () => {
    const results = [undefined, 7].map(microBatch => {
      const classifier = makePlainClassifier()
      const options = optionsFor(classifier, { microBatch, penalties: { l1: 0.01, l2: 0.1 } })
      const [batch] = [...batchesOf(selectImages(images, 0, 20), 20, normalization)]
      if (batch === undefined) throw new Error('there is no batch')
      const found = trainStep(classifier, batch, images, options)
      const weights = classifier.network.parameter('out/kernel').read()
      options.optimizer.dispose()
      classifier.network.dispose()
      return { ...found, weights }
    })
    const [whole, parts] = results
    expect(parts?.correct).toBe(whole?.correct)
    expect(parts?.loss).toBeCloseTo(whole?.loss ?? 0, 5)
    for (const [index, weight] of (whole?.weights ?? []).entries()) expect(parts?.weights[index]).toBeCloseTo(weight, 5)
  })

  it('subtracts the gradient of the penalties, those of weights alone', () => {
    const classifier = makePlainClassifier()
    const { network } = classifier
    const [l1, l2, rate] = [0.3, 0.2, 0.1]
    const start = network.parameter('out/kernel').read()
    const options = optionsFor(classifier, { penalties: { l1, l2 }, learningRate: () => rate })
    const expected = start.reduce((sum, weight) => sum + l1 * Math.abs(weight) + l2 * weight ** 2, 0)
    expect(penaltyOf(network, { l1, l2 })).toBeCloseTo(expected, 4)
    expect(penaltyOf(network, { l1: 0, l2: 0 })).toBe(0)
    const [batch] = [...batchesOf(selectImages(images, 0, 4), 4, normalization)]
    if (batch === undefined) throw new Error('there is no batch')
    trainStep(classifier, batch, images, options)
    const penalized = network.parameter('out/kernel').read()
    network.parameter('out/kernel').write(start)
    network.parameter('out/bias').write(new Float32Array(2))
    trainStep(classifier, batch, images, { ...options, penalties: { l1: 0, l2: 0 } })
    for (const [index, weight] of network.parameter('out/kernel').read().entries()) {
      const from = start[index] ?? 0
      expect(penalized[index]).toBeCloseTo(weight - rate * (l1 * Math.sign(from) + 2 * l2 * from), 5)
    }
    options.optimizer.dispose()
    network.dispose()
  })
})

describe('memory', () => {
  it.each(optimizerNames)(
    'holds as many tensors after 1,000 steps with %s as after one, and none after the trial',
    name => {
      const before = { tensors: tf.memory().numTensors, bytes: tf.memory().numBytes }
      const classifier = makeClassifier()
      const options = optionsFor(classifier, {
        optimizer: new Optimizer(tf, classifier.network.parameters, { name }),
        penalties: { l1: 1e-5, l2: 1e-4 },
        microBatch: 3,
      })
      const [batch] = [...batchesOf(selectImages(images, 0, 4), 4, normalization)]
      if (batch === undefined) throw new Error('there is no batch')
      trainStep(classifier, batch, images, options)
      const after = tf.memory()
      // one optimizer takes the thousand; the others, which share the rest, fewer
      for (let step = 0; step < (name === 'adam' ? 1000 : 100); step++) trainStep(classifier, batch, images, options)
      expect(tf.memory().numTensors).toBe(after.numTensors)
      expect(tf.memory().numBytes).toBe(after.numBytes)
      options.optimizer.dispose()
      classifier.network.dispose()
      expect({ tensors: tf.memory().numTensors, bytes: tf.memory().numBytes }).toEqual(before)
    },
  )
})

describe('a trial', () => {
  const context = (): TrialContext => ({
    ...{ trialIndex: 0, trialId: 'trial', repeat: undefined, directory: '/nowhere', seed: 1, checkpoint: undefined },
    rng: Rng.from(1),
    signal: new AbortController().signal,
  })

  it('leaves no tensors behind, whether it ends or is given up, and the next one uses its memory again', async () => {
    const heap = new WasmHeap(tf.backend() as BackendWasm)
    const before = tf.memory().numTensors
    const run = async (reports: number): Promise<number> => {
      const config = { ...{ learningRate: 0.01, filters: [4, 8], epochs: 2 }, trainImages: 128, validationImages: 64 }
      for await (const { metrics } of mnistCnn(config, context())) if (metrics.epoch === reports) break
      expect(tf.memory().numTensors).toBe(before)
      return heap.memory.buffer.byteLength
    }
    const bytes = await run(2)
    expect([await run(1), await run(2), await run(2)]).toEqual([bytes, bytes, bytes])
  })
})

describe('finders', () => {
  let classifier: Classifier
  beforeEach(() => {
    classifier = makePlainClassifier()
  })

  it('sweep the learning rate over its range until the loss explodes', async () => {
    // weights whose squares count this much swing ever wider once the learning rate is past 1
    const { learningRate: _, ...options } = optionsFor(classifier, { penalties: { l1: 0, l2: 1 } })
    const batches = Array.from({ length: 8 }, () => [
      ...batchesOf(selectImages(images, 0, 256), 32, normalization),
    ]).flat()
    const found = await findLearningRate(classifier, batches, images, { ...options, from: 1e-6, to: 1000, steps: 60 })
    const rates = found?.points.map(({ value }) => value) ?? []
    expect(rates[0]).toBe(1e-6)
    expect((rates[1] ?? 0) / (rates[0] ?? 1)).toBeCloseTo(10 ** (9 / 59), 6)
    expect(rates.length).toBeLessThan(60)
    expect(found?.steepest).toBeGreaterThan(1e-4)
    expect(found?.steepest).toBeLessThan(found?.lowest ?? 0)
    options.optimizer.dispose()
    classifier.network.dispose()
  })

  it('double the batch size, and say how fast each is', async () => {
    const options = { ...optionsFor(classifier), learningRate: 0.05, from: 8, to: 512, stepsPerSize: 3, microBatch: 64 }
    const found = await findBatchSize(classifier, selectImages(images, 0, 256), normalization, options)
    expect(found?.points.map(({ value }) => value)).toEqual([8, 16, 32, 64, 128, 256, 512])
    expect(options.optimizer.step).toBe(21)
    expect(found?.points.every(({ imagesPerSecond }) => imagesPerSecond > 0)).toBe(true)
    expect(found?.points.at(-1)?.smoothed).toBeLessThan(found?.points[0]?.smoothed ?? 0)
    options.optimizer.dispose()
    classifier.network.dispose()
  })

  it('stop at the signal', async () => {
    const { learningRate: _, ...options } = optionsFor(classifier, { signal: AbortSignal.abort() })
    const batches = batchesOf(selectImages(images, 0, 64), 8, normalization)
    expect(await findLearningRate(classifier, batches, images, options)).toBeUndefined()
    const sizes = { ...options, learningRate: 0.1 }
    expect(await findBatchSize(classifier, selectImages(images, 0, 64), normalization, sizes)).toBeUndefined()
    options.optimizer.dispose()
    classifier.network.dispose()
  })
})
