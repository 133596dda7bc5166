import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { Rng } from '../../src/rng.js'
import {
  buildMiniGoogLeNet,
  findMiniGoogLeNetBatchSize,
  findMiniGoogLeNetLearningRate,
  loadTensorFlow,
  type MiniGoogLeNetConfig,
  miniGoogLeNet,
  miniGoogLeNetSettings,
  Network,
  plannedSteps,
  type TensorFlowCore,
} from '../../trainables/index.js'
import { contextOf, describeGoodCitizen, lastReport, reportsOf } from './good-citizen.js'

let tf: TensorFlowCore

beforeAll(async () => {
  tf = (await loadTensorFlow({ backend: 'wasm' })).tf
})

const tiny: MiniGoogLeNetConfig = {
  learningRate: { kind: 'cyclical', lower: 0.001, upper: 0.02, halfCycle: 0.75, decay: 0.95 },
  batchSize: { kind: 'cyclical', lower: 4, upper: 12, halfCycle: 0.75 },
  microBatch: 16,
  width: 1 / 16,
  trainImages: 32,
  validationImages: 8,
  epochs: 3,
}

describeGoodCitizen(miniGoogLeNet, tiny, [
  [{ width: 0 }, /width is 0: it must be a number greater than 0/],
  [{ microBatch: 0.5 }, /microBatch is 0.5: it must be an integer, 1 or more/],
  [{ learningRate: { kind: 'cyclical', lower: 1, upper: 0.1, halfCycle: 1 } }, /upper is 0.1/],
  [{ batchSize: { kind: 'constant', size: 0 } }, /size is 0/],
  [{ learningRate: 0 }, /learningRate is 0: it must be a number greater than 0/],
  [{ batchSize: 2.5 }, /batchSize is 2.5: it must be an integer, 1 or more/],
  [{ l2: -1 }, /l2 is -1/],
  [{ trainImages: 60_000 }, /together at most 60000/],
])

describe('MiniGoogLeNet', () => {
  const parameters = (channels: number): readonly [number, number] => {
    const network = new Network(tf, { rng: Rng.from(1), initializer: 'heNormal' })
    buildMiniGoogLeNet(network, { channels, classes: 10 })
    const scales = network.parameters.filter(({ name }) => name.endsWith('/scale'))
    const counted = [network.parameterCount, scales.reduce((sum, { size }) => sum + size, 0)] as const
    network.dispose()
    return counted
  }

  it('has the published number of parameters, but for the scales that the paper leaves out', () => {
    // Zhang et al. 2017, table 1: Inception, 1,649,402
    expect(parameters(3)).toEqual([1_649_402 + 1_712, 1_712])
    expect(parameters(1)[0]).toBe(1_649_386)
  })

  it('learns to tell most clothes apart from 500 images', async () => {
    const last = await lastReport(miniGoogLeNet, {
      learningRate: { kind: 'linear', rate: 0.02 },
      batchSize: { kind: 'constant', size: 8 },
      width: 1 / 12,
      trainImages: 500,
      validationImages: 200,
      epochs: 3,
    })
    expect(last.valAccuracy).toBeGreaterThan(0.5)
  })

  it('takes a number for a constant learning rate or batch size', () => {
    expect(miniGoogLeNetSettings({ learningRate: 0.1, batchSize: 32 })).toMatchObject({
      learningRate: { kind: 'constant', rate: 0.1 },
      batchSize: { kind: 'constant', size: 32 },
    })
  })

  it('starts with the weights of another run, and validates on a fold of the images', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'mini-googlenet-'))
    onTestFinished(() => rm(directory, { recursive: true }))
    for await (const { checkpoint } of miniGoogLeNet({ ...tiny, epochs: 1 }, contextOf())) await checkpoint?.(directory)
    const changes = { ...tiny, initialWeights: directory, crossValidation: true, learningRate: 1e-9, epochs: 1 }
    const fold = (index: number) =>
      lastReport(miniGoogLeNet, changes, { ...contextOf(), repeat: { group: 0, index, of: 3 } })
    const [first, second] = [await fold(0), await fold(1)]
    const [fresh] = await reportsOf(miniGoogLeNet, { ...tiny, learningRate: 1e-9, epochs: 1 })
    expect(first.valLoss).not.toBe(second.valLoss)
    expect(first.valLoss).not.toBe(fresh?.valLoss)
  })

  it('takes the steps that its plan foretells', async () => {
    const plan = [...plannedSteps({ ...miniGoogLeNetSettings(tiny), epochs: 3, trainImages: 32 })]
    const stepsByEpoch = [1, 2, 3].map(epoch => plan.filter(step => step.epoch < epoch).length)
    expect((await reportsOf(miniGoogLeNet, tiny)).map(({ step }) => step)).toEqual(stepsByEpoch)
    expect(plan.slice(0, 3)).toEqual([
      { step: 0, epoch: 0, epochs: 3, learningRate: 0.001, batchSize: 4, images: 4 },
      {
        step: 1,
        epoch: 4 / 32,
        epochs: 3,
        learningRate: expect.closeTo(0.001 + (0.019 * 0.95) / 6, 9),
        batchSize: 5,
        images: 5,
      },
      {
        step: 2,
        epoch: 9 / 32,
        epochs: 3,
        learningRate: expect.closeTo(0.001 + 0.019 * 0.95 ** 2 * 0.375, 9),
        batchSize: 6,
        images: 6,
      },
    ])
    expect(plan.reduce((sum, step) => sum + step.images, 0)).toBe(3 * 32)
  })
})

describe('a range test', () => {
  const { width, trainImages, validationImages, microBatch } = tiny
  const config = { width, trainImages, validationImages, microBatch }

  it('tries learning rates from 1e-9 on until the loss explodes, the same with each seed', async () => {
    const batchSize = { kind: 'constant', size: 8 } as const
    const find = () => findMiniGoogLeNetLearningRate({ ...config, batchSize }, { seed: 1, to: 1_000, steps: 30 })
    const found = await find()
    expect(await find()).toEqual(found)
    expect(found?.points[0]?.value).toBe(1e-9)
    expect(found?.points.length).toBeGreaterThan(15)
    expect(found?.points.length).toBeLessThan(30)
    expect(found?.points.at(-1)?.smoothed).toBeGreaterThan(2 * (found?.points[0]?.smoothed ?? Number.NaN))
  })

  it('doubles the batch size, past what is held in memory and what there are images', async () => {
    const found = await findMiniGoogLeNetBatchSize(config, { seed: 1, from: 8, to: 128, stepsPerSize: 2 })
    expect(found?.points.map(({ value }) => value)).toEqual([8, 16, 32, 64, 128])
    for (const { loss, imagesPerSecond } of found?.points ?? []) {
      expect(loss).toBeGreaterThan(0)
      expect(imagesPerSecond).toBeGreaterThan(0)
    }
  })

  it('ends at once when it is told to', async () => {
    const options = { seed: 1, signal: AbortSignal.abort() }
    expect(await findMiniGoogLeNetLearningRate(config, options)).toBeUndefined()
    expect(await findMiniGoogLeNetBatchSize(config, options)).toBeUndefined()
  })
})
