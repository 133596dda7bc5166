import { beforeAll, describe, expect, it } from 'vitest'
import { Rng } from '../../src/rng.js'
import {
  batchesOf,
  buildCnn,
  decayFactor,
  dropoutMask,
  initializerNames,
  loadMnist,
  loadTensorFlow,
  mnistNormalization,
  Network,
  Optimizer,
  selectImages,
  type TensorFlowCore,
  trainStep,
} from '../../trainables/index.js'
import { mnistCnnSettings } from '../../trainables/mnist-cnn/config.js'
import { initialWeights } from '../../trainables/training/initializers.js'
import { classify } from '../../trainables/training/loss.js'

let tf: TensorFlowCore

beforeAll(async () => {
  tf = (await loadTensorFlow({ backend: 'wasm' })).tf
  await import('@tensorflow/tfjs-backend-cpu')
})

describe('a dropout mask', () => {
  it('drops its part, keeps the mean, and depends on its seed alone', () => {
    const mask = dropoutMask(100_000, 0.3, 42)
    const dropped = mask.filter(value => value === 0).length / mask.length
    expect(dropped).toBeCloseTo(0.3, 2)
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / 0.7)]))
    expect(dropoutMask(100_000, 0.3, 42)).toEqual(mask)
    expect(dropoutMask(100_000, 0.3, 43)).not.toEqual(mask)
  })
})

describe('the cross-entropy', () => {
  it('is that of the softmax, with its gradient', () => {
    // softmax of (0, ln 3) is (1/4, 3/4)
    const { loss, correct, gradient } = classify(Float32Array.of(0, Math.log(3)), Uint8Array.of(1))
    expect(loss).toBeCloseTo(Math.log(4 / 3), 6)
    expect(correct).toBe(1)
    expect([...gradient].map(value => Number(value.toFixed(6)))).toEqual([0.25, -0.25])
  })

  it('is finite for great logits and NaN for what is not a number', () => {
    expect(classify(Float32Array.of(1e30, -1e30), Uint8Array.of(0)).loss).toBe(0)
    expect(classify(Float32Array.of(Number.NaN, 0), Uint8Array.of(1)).loss).toBeNaN()
  })
})

it.each(initializerNames)('%s draws weights of its variance', name => {
  const weights = initialWeights(name, { length: 20_000, fanIn: 50, fanOut: 150 }, Rng.from(1))
  const variance = weights.reduce((sum, weight) => sum + weight * weight, 0) / weights.length
  const expected = name.startsWith('glorot') ? 0.01 : name.startsWith('he') ? 0.04 : 0.02
  expect(variance / expected).toBeGreaterThan(0.95)
  expect(variance / expected).toBeLessThan(1.05)
})

it.each([
  ['none', [1, 1, 1]],
  ['linear', [1, 0.5, 0]],
  ['cosine', [1, 0.5, 0]],
] as const)('the schedule %s falls from 1', (name, factors) => {
  expect([0, 0.5, 1].map(progress => Number(decayFactor(name, progress).toFixed(9)))).toEqual(factors)
})

it('training steps come out alike on the WASM and the cpu back end', async () => {
  const { train } = await loadMnist()
  const losses: Record<string, number[]> = {}
  for (const backend of ['wasm', 'cpu']) {
    await tf.setBackend(backend)
    const network = new Network(tf, { rng: Rng.from(5), initializer: 'heNormal' })
    const settings = mnistCnnSettings({ learningRate: 0.01, filters: [4, 6], denseUnits: 8, batchNormalization: true })
    const classifier = buildCnn(network, train, settings)
    const optimizer = new Optimizer(tf, network.parameters, { name: 'momentum', momentum: 0.9 })
    const options = {
      optimizer,
      learningRate: () => 0.01,
      dropoutSeed: () => 1,
      penalties: { l1: 1e-4, l2: 1e-4 },
      signal: new AbortController().signal,
    }
    const batches = batchesOf(selectImages(train, 0, 18), 6, mnistNormalization)
    losses[backend] = [...batches].map(batch => trainStep(classifier, batch, train, options).loss)
    optimizer.dispose()
    network.dispose()
  }
  await tf.setBackend('wasm')
  for (const [step, loss] of (losses.cpu ?? []).entries()) expect(losses.wasm?.[step]).toBeCloseTo(loss, 3)
})

it('an adam step is that of tfjs-core', () => {
  const network = new Network(tf, { rng: Rng.from(1), initializer: 'heNormal' })
  network.dense('layer', { inputs: 3, outputs: 2 })
  const [parameter] = network.parameters
  if (parameter === undefined) throw new Error('the layer has no weights')
  const reference = tf.variable(parameter.variable.clone())
  const ours = new Optimizer(tf, network.parameters, { name: 'adam', momentum: 0 })
  const theirs = tf.train.adam(0.01)
  for (const value of [1, -2, 0.5]) {
    const gradient = tf.mul(tf.onesLike(reference), value)
    ours.apply({ [parameter.variable.name]: gradient }, 0.01)
    theirs.applyGradients([{ name: reference.name, tensor: gradient }])
  }
  const expected = Array.from(reference.dataSync())
  for (const [index, value] of Array.from(parameter.variable.dataSync()).entries()) {
    expect(value).toBeCloseTo(expected[index] ?? 0, 4)
  }
})
