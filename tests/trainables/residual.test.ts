import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Rng } from '../../src/rng.js'
import {
  buildResidualNetwork,
  type CifarResNetConfig,
  cifarResidual,
  cifarResNet,
  cifarResNetSettings,
  inference,
  loadTensorFlow,
  Network,
  type ResidualArchitecture,
  resnet18,
  resnet152,
  type TensorFlow,
  writeCifar10StandIn,
} from '../../trainables/index.js'
import { paddingShortcut } from '../../trainables/residual/padding-shortcut.js'
import { describeGoodCitizen, lastReport } from './good-citizen.js'

let library: TensorFlow
beforeAll(async () => {
  library = await loadTensorFlow({ backend: 'wasm' })
})

const build = (architecture: ResidualArchitecture, classes: number) => {
  const network = new Network(library.tf, { rng: Rng.from(1), initializer: 'heNormal' })
  return buildResidualNetwork(network, architecture, { channels: 3, classes })
}

describe('a residual network', () => {
  it.each([
    // the figures that torchvision states for its weights
    ['ResNet-18', resnet18, 1000, 11_689_512],
    ['ResNet-152', resnet152, 1000, 60_192_808],
    ['ResNet-34', { ...resnet18, blocks: [3, 4, 6, 3] }, 1000, 21_797_672],
    ['ResNet-50', { ...resnet152, blocks: [3, 4, 6, 3] }, 1000, 25_557_032],
    // He et al. 2016, table 6: 0.27 million and 1.7 million
    ['ResNet-20 for CIFAR-10', cifarResidual(3), 10, 269_722],
    ['ResNet-20 with projections', cifarResidual(3, 'projection'), 10, 272_474],
    ['ResNet-110 for CIFAR-10', cifarResidual(18), 10, 1_727_962],
  ] as const)(
    'has the published number of parameters as %s, counted without making them',
    (_, architecture, classes, count) => {
      const before = library.tf.memory().numBytes
      const { network } = build(architecture, classes)
      expect(network.parameterCount).toBe(count)
      expect(library.tf.memory().numBytes).toBe(before)
    },
  )

  it('gives an image one logit a class, and shows the stages on the way', () => {
    const { tf } = library
    const { network, layers } = build({ ...resnet18, blocks: [1, 1, 1, 1], channels: [4, 8, 8, 16] }, 7)
    const seen: Record<string, readonly number[]> = {}
    const observe = (name: string, value: { readonly shape: readonly number[] }) => {
      seen[name] = value.shape
    }
    const shape = tf.tidy(() => layers(tf.ones([2, 64, 64, 3]), { ...inference, observe }).shape)
    expect(shape).toEqual([2, 7])
    expect(seen).toEqual({
      stem: [2, 32, 32, 4],
      stage1: [2, 16, 16, 4],
      stage2: [2, 8, 8, 8],
      stage3: [2, 4, 4, 8],
      stage4: [2, 2, 2, 16],
    })
    network.dispose()
  })

  it('has four times as many channels behind a bottleneck', () => {
    const { tf } = library
    const { network, layers } = build({ ...resnet152, blocks: [1, 1], channels: [4, 8] }, 5)
    expect(tf.tidy(() => layers(tf.ones([1, 32, 32, 3]), inference).shape)).toEqual([1, 5])
    expect(network.parameter('stage2/block1/third/filter').shape).toEqual([1, 1, 8, 32])
    expect(network.parameter('output/kernel').shape).toEqual([32, 5])
    network.dispose()
  })

  it.each([
    [{ ...resnet152, shortcut: 'padding' }, /shortcut is "padding": it must be projection for bottleneck blocks/],
    [{ ...resnet18, blocks: [2, 0] }, /blocks is \[2,0\]/],
    [{ ...resnet18, channels: [64] }, /channels is \[64\]: it must be 4 integers/],
    [{ ...cifarResidual(1), channels: [32, 16, 8] }, /channels is \[32,16,8\]: it must be no fewer/],
    [{ ...resnet18, stem: { ...resnet18.stem, filterSize: 6 } }, /stem.filterSize is 6/],
  ] as const)('is refused when it can not be: %j', (architecture, message) => {
    expect(() => build(architecture as ResidualArchitecture, 10)).toThrow(message)
  })
})

describe('a shortcut without parameters', () => {
  it('takes every second pixel and adds channels of zeros; so does its gradient', () => {
    const { tf } = library
    const network = new Network(tf, { rng: Rng.from(1), initializer: 'heNormal' })
    const layer = paddingShortcut(network, { inputs: 1, outputs: 2, stride: 2 })
    const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], [1, 4, 4, 1])
    expect(Array.from(layer(x, inference).dataSync())).toEqual([1, 0, 3, 0, 9, 0, 11, 0])
    const gradient = tf.grad(input => tf.sum(layer(input, inference)))(x)
    expect(Array.from(gradient.dataSync())).toEqual([1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0])
    expect(network.parameterCount).toBe(0)
    tf.dispose([x, gradient])
  })
})

// made while the tests are collected, as the config names the folder
const folder = await mkdtemp(join(tmpdir(), 'residual-'))
await writeCifar10StandIn(folder, { imagesPerFile: 60, seed: 1 })

describe('the residual network for CIFAR-10', () => {
  afterAll(() => rm(folder, { recursive: true }))

  const config: CifarResNetConfig = {
    learningRate: { kind: 'step', rate: 0.1, every: 2 },
    ...{ blocks: 1, batchSize: 10, epochs: 3, trainImages: 20, validationImages: 20 },
    ...{ dataDirectory: folder, backend: 'wasm' },
  }

  it('learns at a rate of 0.2 that is divided by 10 after 25 epochs, with an L2 of 1e-5, unless it is told otherwise', () => {
    expect(cifarResNetSettings({})).toMatchObject({
      learningRate: { kind: 'step', rate: 0.2, every: 25 },
      ...{ l2: 1e-5, blocks: 3, shortcut: 'padding' },
    })
  })

  it('lowers its learning rate when the schedule says so', async () => {
    expect((await lastReport(cifarResNet, config)).learningRate).toBeCloseTo(0.01, 12)
  })

  it('learns to tell made-up pictures apart', async () => {
    const { trainAccuracy } = await lastReport(cifarResNet, {
      ...config,
      learningRate: { kind: 'constant', rate: 0.1 },
      ...{ epochs: 8, trainImages: 40, crop: 0, flip: false },
    })
    // one in ten by chance
    expect(trainAccuracy).toBeGreaterThan(0.4)
  })

  describeGoodCitizen(cifarResNet, config, [
    [{ blocks: 0 }, /blocks is 0: it must be an integer, 1 or more/],
    [{ learningRate: { kind: 'step', rate: -1, every: 2 } }, /rate is -1/],
    [{ crop: -1 }, /crop is -1/],
    [{ l2: -1 }, /l2 is -1/],
    [{ momentum: 1 }, /momentum is 1/],
    [{ trainImages: 1000 }, /trainImages is 1000/],
  ])
})
