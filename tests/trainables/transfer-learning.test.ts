import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Rng } from '../../src/rng.js'
import {
  activationsOf,
  buildImageModel,
  firstFilters,
  freezeBody,
  type ImageModel,
  type ImageSet,
  imageModels,
  imagesOfClasses,
  loadTensorFlow,
  Network,
  Optimizer,
  resnet18,
  saveTraining,
  type TensorFlow,
  type TransferLearningConfig,
  trainStep,
  transferLearning,
  unfreezeBody,
  writeCifar10StandIn,
} from '../../trainables/index.js'
import { epochsSinceBest, nextPhase } from '../../trainables/transfer-learning/patience.js'
import { contextOf, describeGoodCitizen, reportsOf } from './good-citizen.js'

const model: ImageModel = {
  ...resnet18,
  stem: { filterSize: 3, stride: 2, isPooled: false },
  blocks: [1, 1],
  channels: [4, 8],
}
const sizes = { height: 8, width: 8, channels: 3, classes: 3 }
// made while the tests are collected, as configs name the folder
const folder = await mkdtemp(join(tmpdir(), 'transfer-'))
await writeCifar10StandIn(folder, { imagesPerFile: 60, seed: 1 })
afterAll(() => rm(folder, { recursive: true }))

let library: TensorFlow
beforeAll(async () => {
  library = await loadTensorFlow({ backend: 'wasm' })
})
const build = (seed = 1) =>
  buildImageModel(new Network(library.tf, { rng: Rng.from(seed), initializer: 'heNormal' }), model, sizes)

const config: TransferLearningConfig = {
  ...{ model, learningRate: 0.05, classes: [5, 6, 7], batchSize: 10, trainImages: 20, validationImages: 20 },
  ...{ frozenEpochs: 2, fineTuneEpochs: 2, patience: 2, dataDirectory: folder, backend: 'wasm' as const },
}

describe('the phases of transfer learning', () => {
  const plan = { frozenEpochs: 3, fineTuneEpochs: 2, patience: 2 }
  const head = (...losses: number[]) => losses.map(valLoss => ({ phase: 'head' as const, valLoss }))
  const whole = (...losses: number[]) => losses.map(valLoss => ({ phase: 'whole' as const, valLoss }))

  it.each([
    ['the last layer comes first', [], 'head'],
    ['a loss that falls goes on', head(3, 2), 'head'],
    ['a phase has an end', head(3, 2, 1), 'whole'],
    ['so much patience, and no more', head(1, 2, 2), 'whole'],
    ['a new phase has patience of its own', [...head(1, 2, 2), ...whole(5)], 'whole'],
    ['both have an end', [...head(3, 2, 1), ...whole(2, 1)], undefined],
    ['a loss that is no number is no better', head(Number.NaN, Number.NaN), 'whole'],
  ])('%s', (_, epochs, expected) => expect(nextPhase(epochs, plan)).toBe(expected))

  it('never goes back to the last layer', () => {
    expect(nextPhase(whole(1), plan)).toBe('whole')
  })

  it('counts from the first of equals', () => {
    expect([[], [1], [2, 1, 1, 1], [Number.NaN, 3]].map(epochsSinceBest)).toEqual([0, 0, 2, 0])
  })
})

describe('the images of some classes', () => {
  const images: ImageSet = {
    ...{ count: 4, height: 1, width: 1, channels: 2, classes: 10 },
    pixels: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    labels: Uint8Array.of(7, 8, 9, 7),
  }

  it('are labelled by the place of their class', () => {
    expect(imagesOfClasses(images, [9, 7])).toEqual({
      ...{ count: 3, height: 1, width: 1, channels: 2, classes: 2 },
      pixels: Uint8Array.of(1, 2, 5, 6, 7, 8),
      labels: Uint8Array.of(1, 0, 1),
    })
  })

  it('are the set itself for all of them', () => {
    expect(imagesOfClasses(images, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])).toBe(images)
  })

  it.each([[[7]], [[7, 7]], [[7, 10]], [[7, 0.5]]])('are refused for %j', classes => {
    expect(() => imagesOfClasses(images, classes)).toThrow(/classes is .*: it must have two or more different labels/)
  })
})

describe('a frozen body', () => {
  it('is left as it is, batch statistics included, while the last layer learns; then it learns too', () => {
    const { tf } = library
    const classifier = build()
    const { network } = classifier
    const rng = Rng.from(2)
    const batch = {
      count: 4,
      inputs: Float32Array.from({ length: 4 * 8 * 8 * 3 }, () => rng.normal()),
      labels: Uint8Array.of(0, 1, 2, 0),
    }
    const changed = (train: () => void): string[] => {
      const before = new Map(network.parameters.map(parameter => [parameter.name, parameter.read()]))
      train()
      const isSame = (a: Float32Array, b: Float32Array | undefined) => a.every((value, at) => value === b?.[at])
      return network.parameters.filter(each => !isSame(each.read(), before.get(each.name))).map(({ name }) => name)
    }
    const step = (which: typeof freezeBody | typeof unfreezeBody) => () => {
      const trained = which(classifier)
      const optimizer = new Optimizer(tf, network.parameters, { name: 'sgd' })
      const signal = new AbortController().signal
      const rest = { learningRate: () => 0.1, dropoutSeed: () => 0, penalties: { l1: 0, l2: 0 }, signal }
      trainStep(trained, batch, sizes, { optimizer, ...rest })
      optimizer.dispose()
    }
    expect(changed(step(freezeBody))).toEqual(['output/kernel', 'output/bias'])
    expect(changed(step(unfreezeBody))).toEqual(network.parameters.map(({ name }) => name))
    network.dispose()
  })
})

describe('the first layer', () => {
  it('is shown as a picture for each filter and each activation', () => {
    const { network, layers } = build()
    const filter = network.parameter('stem/filter').read()
    const filters = firstFilters(network)
    expect([filters.width, filters.height, filters.planes.length]).toEqual([3, 3, 4])
    // the first pixel of the second filter, over three colours
    const expected = ((filter[1] ?? 0) + (filter[5] ?? 0) + (filter[9] ?? 0)) / 3
    expect(filters.planes[1]?.values[0]).toBeCloseTo(expected, 6)
    const batch = { count: 1, inputs: new Float32Array(8 * 8 * 3).fill(1), labels: Uint8Array.of(0) }
    const activations = activationsOf({ network, layers }, 'stem', batch, sizes)
    expect([activations.width, activations.height, activations.planes.length]).toEqual([4, 4, 4])
    expect(() => activationsOf({ network, layers }, 'stage9', batch, sizes)).toThrow(/shows no layer "stage9"/)
    network.dispose()
  })
})

describe('transfer learning', () => {
  it('trains the last layer, then everything', async () => {
    const reports = await reportsOf(transferLearning, { ...config, patience: 5 })
    const { network } = build()
    const all = network.parameterCount
    expect(reports.map(({ phase, trainedParameters }) => [phase, trainedParameters])).toEqual([
      ...[
        ['head', 8 * 3 + 3],
        ['head', 8 * 3 + 3],
      ],
      ...[
        ['whole', all],
        ['whole', all],
      ],
    ])
  })

  it('ends early when the validation loss no longer falls', async () => {
    // a rate at which nothing is learnt
    const still = { ...config, learningRate: 1e-30, frozenEpochs: 9, fineTuneEpochs: 0, patience: 2 }
    expect(await reportsOf(transferLearning, still)).toHaveLength(3)
  })

  it('tests in the best epochs only', async () => {
    const reports = await reportsOf(transferLearning, { ...config, evaluateTest: true })
    for (const { isBest, testAccuracy } of reports) expect(testAccuracy !== undefined).toBe(isBest)
    expect(reports[0]?.isBest).toBe(true)
  })

  it('starts with the body of another run, whose classes may be others', async () => {
    const directory = await mkdtemp(join(folder, 'body-'))
    for await (const { checkpoint } of transferLearning({ ...config, classes: [0, 1, 2, 3] }, contextOf())) {
      await checkpoint?.(directory)
    }
    const last = async (weights?: { path: string }) =>
      (await reportsOf(transferLearning, { ...config, weights, frozenEpochs: 1, fineTuneEpochs: 0 })).at(-1)
    expect((await last({ path: directory }))?.valLoss).not.toBe((await last())?.valLoss)
  })

  it('starts with the weights of a TensorFlow.js file in shards, whose layers have other names', async () => {
    const source = build(5).network
    // the same once as a checkpoint, once as a model whose stem is called conv1 and whose stages are called res
    const directory = await mkdtemp(join(folder, 'checkpoint-'))
    const optimizer = new Optimizer(library.tf, source.parameters, { name: 'sgd' })
    await saveTraining({ network: source, optimizer }, 1, directory)
    const body = source.parameters.filter(({ name }) => !name.startsWith('output'))
    const rename = (name: string) =>
      name
        .replace(/^stem/, 'conv1')
        .replace(/^stage/, 'res')
        .replace(/filter$/, 'kernel')
    const weights = body.map(({ name, shape }) => ({ name: rename(name), shape, dtype: 'float32' }))
    const bytes = Buffer.concat(body.map(parameter => Buffer.from(parameter.read().buffer)))
    const half = Math.floor(bytes.length / 2)
    await writeFile(join(folder, 'shard1of2.bin'), bytes.subarray(0, half))
    await writeFile(join(folder, 'shard2of2.bin'), bytes.subarray(half))
    const weightsManifest = [{ paths: ['shard1of2.bin', 'shard2of2.bin'], weights }]
    await writeFile(join(folder, 'model.json'), JSON.stringify({ format: 'layers-model', weightsManifest }))
    const layers = { stem: 'conv1', stage1: 'res1', stage2: 'res2' }
    const fromFile = { ...config, weights: { path: join(folder, 'model.json'), layers } }
    const fromCheckpoint = { ...config, weights: { path: directory } }
    expect(await reportsOf(transferLearning, fromFile)).toEqual(await reportsOf(transferLearning, fromCheckpoint))
    await expect(
      reportsOf(transferLearning, { ...config, weights: { path: join(folder, 'model.json') } }),
    ).rejects.toMatchObject({ code: 'CHECKPOINT_FAILED', message: expect.stringMatching(/no stem\/filter/) })
    optimizer.dispose()
    source.dispose()
  })

  it('takes any of the published networks by name', () => {
    expect(Object.keys(imageModels)).toEqual(['resnet18', 'resnet152', 'resnet20', 'alexNet'])
  })

  it('stretches images for networks that need larger ones', async () => {
    const alexNet: ImageModel = {
      ...imageModels.alexNet,
      convolutions: imageModels.alexNet.convolutions.map(each => ({ ...each, filters: each.filters / 32 })),
      denseUnits: [8, 8],
    }
    const one = { ...config, model: alexNet, imageSize: 64, frozenEpochs: 1, fineTuneEpochs: 0 }
    expect(await reportsOf(transferLearning, one)).toHaveLength(1)
    await expect(reportsOf(transferLearning, { ...one, imageSize: 32 })).rejects.toMatchObject({
      code: 'INVALID_CONFIG',
      message: expect.stringMatching(/too small/),
    })
  })

  describeGoodCitizen(transferLearning, { ...config, patience: 5 }, [
    [{ learningRate: 0 }, /learningRate is 0: it must be a number greater than 0/],
    [{ patience: 0 }, /patience is 0/],
    [{ frozenEpochs: 0, fineTuneEpochs: 0 }, /fineTuneEpochs is 0, and so is frozenEpochs/],
    [{ classes: [1] }, /classes is \[1\]/],
    [{ model: 'vgg' as 'resnet18' }, /model is "vgg": it must be one of resnet18, resnet152, resnet20, alexNet/],
    [{ weights: {} as { path: string } }, /weights is \{\}: it must be an object with a path/],
  ])
})
