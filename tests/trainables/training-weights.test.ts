import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { io } from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Rng } from '../../src/rng.js'
import {
  assignWeights,
  inference,
  loadTensorFlow,
  Network,
  Optimizer,
  readCheckpointWeights,
  readModelWeights,
  saveTraining,
  sequence,
  type TensorFlow,
} from '../../trainables/index.js'

let library: TensorFlow
let folder: string

beforeAll(async () => {
  library = await loadTensorFlow({ backend: 'wasm' })
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weights-'))
})
afterEach(() => rm(folder, { recursive: true }))

function makeNetwork(seed: number, classes = 3) {
  const network = new Network(library.tf, { rng: Rng.from(seed), initializer: 'heNormal' })
  const layers = sequence(
    network.convolution('stage1/conv', { filterSize: 3, inputs: 2, outputs: 4, stride: 2, pad: 'same', bias: true }),
    network.batchNormalization('stage1/norm', 4),
    network.relu(),
    network.flatten(),
    network.dense('output', { inputs: 16, outputs: classes, bias: true }),
  )
  return { network, layers }
}

describe('weights of another run', () => {
  it('replace those that were drawn', async () => {
    const { tf } = library
    const [one, other] = [makeNetwork(1), makeNetwork(2)]
    const optimizer = new Optimizer(tf, one.network.parameters, { name: 'momentum' })
    await saveTraining({ network: one.network, optimizer }, 3, folder)
    assignWeights(other.network, await readCheckpointWeights(folder))
    for (const parameter of one.network.parameters) {
      expect(other.network.parameter(parameter.name).read()).toEqual(parameter.read())
    }
    for (const made of [one.network, other.network, optimizer]) made.dispose()
  })

  it('leave an excepted layer as it is, and refuse one of another size', async () => {
    const { tf } = library
    const [one, other, reference] = [makeNetwork(1), makeNetwork(2, 5), makeNetwork(2, 5)]
    const optimizer = new Optimizer(tf, one.network.parameters, { name: 'sgd' })
    await saveTraining({ network: one.network, optimizer }, 3, folder)
    const arrays = await readCheckpointWeights(folder)
    expect(() => assignWeights(other.network, arrays)).toThrow(
      expect.objectContaining({
        code: 'CHECKPOINT_FAILED',
        message: expect.stringContaining('output/kernel is [16,5]'),
      }),
    )
    assignWeights(other.network, arrays, { except: ['output'] })
    expect(other.network.parameter('stage1/conv/filter').read()).toEqual(
      one.network.parameter('stage1/conv/filter').read(),
    )
    expect(other.network.parameter('output/kernel').read()).toEqual(reference.network.parameter('output/kernel').read())
    expect(() => assignWeights(other.network, arrays, { layers: { stage1: 'trunk' }, except: ['output'] })).toThrow(
      /no trunk\/conv\/filter or trunk\/conv\/kernel for stage1\/conv\/filter/,
    )
    for (const made of [one.network, other.network, reference.network, optimizer]) made.dispose()
  })
})

describe('a TensorFlow.js model', () => {
  /** Writes what `model.save` hands out, in two shards. */
  async function save(
    model: { save(handler: io.IOHandler): Promise<unknown> },
    change?: (entry: io.WeightsManifestEntry) => void,
  ) {
    await model.save({
      save: async artifacts => {
        const weights = artifacts.weightSpecs ?? []
        for (const entry of weights) change?.(entry)
        const data = library.tf.io.concatenateArrayBuffers([artifacts.weightData ?? []].flat())
        const half = Math.floor(data.byteLength / 2)
        await writeFile(join(folder, 'group1-shard1of2.bin'), new Uint8Array(data, 0, half))
        await writeFile(join(folder, 'group1-shard2of2.bin'), new Uint8Array(data, half))
        const manifest = [{ paths: ['group1-shard1of2.bin', 'group1-shard2of2.bin'], weights }]
        const { modelTopology } = artifacts
        await writeFile(join(folder, 'model.json'), JSON.stringify({ modelTopology, weightsManifest: manifest }))
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const } }
      },
    })
  }

  it('gives its weights by mapped names, and the network then predicts what the model does', async () => {
    const { tf, layers: keras } = library
    const model = keras.sequential({
      layers: [
        keras.layers.conv2d({
          ...{ name: 'first', filters: 4, kernelSize: 3, strides: 2, padding: 'same' as const },
          ...{ inputShape: [4, 4, 2], biasInitializer: 'randomNormal' },
        }),
        keras.layers.batchNormalization({
          name: 'bn',
          epsilon: 1e-3,
          ...{ betaInitializer: 'randomNormal', movingMeanInitializer: 'randomNormal' },
        }),
        keras.layers.reLU({}),
        keras.layers.flatten(),
        keras.layers.dense({ name: 'logits', units: 3 }),
      ],
    })
    await save(model)
    const { network, layers } = makeNetwork(5)
    const names = { 'stage1/conv': 'first', 'stage1/norm': 'bn', output: 'logits' }
    assignWeights(network, await readModelWeights(join(folder, 'model.json')), { layers: names })
    tf.tidy(() => {
      const x = tf.randomNormal([2, 4, 4, 2], 0, 1, 'float32', 3)
      const theirs = Array.from((model.predict(x) as ReturnType<typeof tf.ones>).dataSync())
      const ours = Array.from(layers(x, inference).dataSync())
      for (const [index, value] of theirs.entries()) expect(ours[index]).toBeCloseTo(value, 4)
    })
    network.dispose()
    model.dispose()
  })

  it('is read when it is quantized', async () => {
    const entries = [
      { name: 'a', shape: [2], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.5, min: -1 } },
      { name: 'b', shape: [3], dtype: 'float32', quantization: { dtype: 'float16' } },
      { name: 'c', shape: [1], dtype: 'int32' },
    ]
    // 1, −2 and 2⁻²⁴ as half floats
    const bytes = Uint8Array.of(0, 6, 0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00, 7, 0, 0, 0)
    await writeFile(join(folder, 'weights.bin'), bytes)
    const manifest = [{ paths: ['weights.bin'], weights: entries }]
    await writeFile(join(folder, 'model.json'), JSON.stringify({ weightsManifest: manifest }))
    const arrays = await readModelWeights(join(folder, 'model.json'))
    expect(Object.fromEntries([...arrays].map(([name, { values }]) => [name, [...values]]))).toEqual({
      a: [-1, 2],
      b: [1, -2, 2 ** -24],
      c: [7],
    })
  })

  it.each([
    ['is missing', undefined, /no such file/],
    ['has no weights', '{}', /no weightsManifest/],
    ['names a file that is missing', '{"weightsManifest":[{"paths":["x.bin"],"weights":[]}]}', /x.bin/],
    [
      'is longer than its files',
      '{"weightsManifest":[{"paths":[],"weights":[{"name":"a","shape":[2],"dtype":"float32"}]}]}',
      /end within a/,
    ],
    [
      'has texts for weights',
      '{"weightsManifest":[{"paths":[],"weights":[{"name":"a","shape":[2],"dtype":"string"}]}]}',
      /type "string"/,
    ],
  ])('is refused when it %s', async (_, text, message) => {
    const path = join(folder, 'model')
    await mkdir(path)
    if (text !== undefined) await writeFile(join(path, 'model.json'), text)
    await expect(readModelWeights(join(path, 'model.json'))).rejects.toMatchObject({
      code: 'CHECKPOINT_FAILED',
      message: expect.stringMatching(message),
    })
  })
})
