import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Rng } from '../../src/rng.js'
import {
  buildLeNet5,
  type LeNet5Config,
  leNet5,
  leNet5Settings,
  loadCifar10,
  loadTensorFlow,
  Network,
  readCheckpointWeights,
  type TensorFlowCore,
  writeCifar10StandIn,
} from '../../trainables/index.js'
import { contextOf, describeGoodCitizen, lastReport, reportsOf } from './good-citizen.js'

let tf: TensorFlowCore
let folder: string
let squares: string

beforeAll(async () => {
  tf = (await loadTensorFlow({ backend: 'wasm' })).tf
  folder = await mkdtemp(join(tmpdir(), 'lenet-5-'))
  squares = join(folder, 'squares')
  await writeCifar10StandIn(squares, { imagesPerFile: 100, seed: 1 })
})
afterAll(() => rm(folder, { recursive: true }))

const tiny: LeNet5Config = {
  learningRate: 0.003,
  batchNormalization: 'inputAndHidden',
  inputDropout: 0.2,
  hiddenDropout: 0.5,
  crop: 2,
  flip: true,
  batchSize: 32,
  trainImages: 64,
  validationImages: 32,
  epochs: 3,
}

describeGoodCitizen(leNet5, tiny, [
  [{ dataset: 'imagenet' as 'mnist' }, /dataset is "imagenet": it must be one of mnist, cifar10/],
  [{ activation: 'gelu' as 'relu' }, /activation is "gelu"/],
  [{ batchNormalization: 'all' as 'none' }, /batchNormalization is "all"/],
  [{ hiddenDropout: 1 }, /hiddenDropout is 1/],
  [{ crop: -1 }, /crop is -1/],
  [{ l1: -1 }, /l1 is -1/],
  [{ trainImages: 60_000 }, /together at most 60000/],
])

describe('LeNet-5', () => {
  it.each([
    ['MNIST', { height: 28, channels: 1, classes: 10 }, 61_706],
    ['CIFAR-10', { height: 32, channels: 3, classes: 10 }, 62_006],
  ])('has the published number of parameters for %s', (_, images, count) => {
    const network = new Network(tf, { rng: Rng.from(1), initializer: 'glorotUniform' })
    buildLeNet5(network, images, leNet5Settings({ learningRate: 1 }))
    expect(network.parameterCount).toBe(count)
    network.dispose()
  })

  it('learns to read most digits from 1,500 images', async () => {
    const config = { learningRate: 0.005, batchNormalization: 'hidden', batchSize: 16, validationImages: 500 } as const
    const last = await lastReport(leNet5, { ...config, trainImages: 1_500, epochs: 1 })
    expect(last.valAccuracy).toBeGreaterThan(0.85)
  })

  it('learns from files in the format of CIFAR-10, with Swish, an L2 penalty and random crops', async () => {
    const last = await lastReport(leNet5, {
      dataset: 'cifar10',
      dataDirectory: squares,
      activation: 'swish',
      batchNormalization: 'hidden',
      l2: 1e-4,
      crop: 2,
      learningRate: 0.005,
      batchSize: 16,
      trainImages: 400,
      validationImages: 100,
      epochs: 3,
      evaluateTest: true,
    })
    expect(last.valAccuracy).toBeGreaterThan(0.8)
    expect(last.testAccuracy).toBeGreaterThan(0.8)
    expect(last.trainCost).toBeGreaterThan(last.trainLoss)
  })

  it('learns the scales and shifts of its batch normalization, which its checkpoints hold', async () => {
    const directory = await mkdtemp(join(folder, 'checkpoint-'))
    for await (const { metrics, checkpoint } of leNet5(tiny, contextOf())) {
      if (metrics.epoch === tiny.epochs) await checkpoint?.(directory)
    }
    const learnt = [...(await readCheckpointWeights(directory))].filter(([name]) => /\/(?:scale|shift)$/.test(name))
    expect(learnt.map(([name, { shape }]) => `${name} ${shape}`)).toEqual([
      ...['input/scale 1', 'input/shift 1', 'convolution1/scale 6', 'convolution1/shift 6'],
      ...['convolution2/scale 16', 'convolution2/shift 16', 'dense1/scale 120', 'dense1/shift 120'],
      ...['dense2/scale 84', 'dense2/shift 84'],
    ])
    for (const [name, { values }] of learnt) expect([...values], name).not.toContain(name.endsWith('scale') ? 1 : 0)
  })

  it('says where the photographs of CIFAR-10 come from when it is given no folder', async () => {
    await expect(reportsOf(leNet5, { ...tiny, dataset: 'cifar10' })).rejects.toMatchObject({
      code: 'DEPENDENCY_MISSING',
      message: expect.stringContaining('cifar-10-binary.tar.gz'),
    })
  })
})

it('draws stand-ins for CIFAR-10 that a seed decides, each class as often as the others', async () => {
  const { train, test } = await loadCifar10(squares)
  const often = Array.from({ length: 10 }, (_, label) => train.labels.filter(each => each === label).length)
  expect({ train: train.count, test: test.count, often }).toEqual({ train: 500, test: 100, often: Array(10).fill(50) })
  const [same, other] = [join(folder, 'same'), join(folder, 'other')]
  await writeCifar10StandIn(same, { imagesPerFile: 100, seed: 1 })
  await writeCifar10StandIn(other, { imagesPerFile: 100, seed: 2 })
  expect(Buffer.compare((await loadCifar10(same)).train.pixels, train.pixels)).toBe(0)
  expect(Buffer.compare((await loadCifar10(other)).train.pixels, train.pixels)).not.toBe(0)
})
