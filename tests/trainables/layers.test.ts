import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { Rng } from '../../src/rng.js'
import {
  activationNames,
  basicBlock,
  bottleneckBlock,
  inference,
  type Layer,
  loadTensorFlow,
  miniDownsample,
  miniInception,
  Network,
  observe,
  type Pass,
  sequence,
  type TensorFlowCore,
} from '../../trainables/index.js'

let tf: TensorFlowCore

beforeAll(async () => {
  tf = (await loadTensorFlow({ backend: 'wasm' })).tf
  await import('@tensorflow/tfjs-backend-cpu')
})

const training: Pass = { isTraining: true, dropoutSeed: () => 7 }

function makeNetwork(): Network {
  return new Network(tf, { rng: Rng.from(3), initializer: 'heNormal' })
}

/** Numbers that are far enough from one another for a maximum not to change under a small step. */
function numbers(length: number): Float32Array {
  const order = Rng.from(length).shuffle(Array.from({ length }, (_, index) => index))
  return Float32Array.from(order, rank => (2.4 * (rank + 0.5)) / length - 1.2)
}

/**
 * Compares the gradients of a layer, with respect to its input and its parameters, with central differences of its output; the output is weighted
 * at random and summed in double precision.
 */
async function expectGradients(backend: string, shape: readonly number[], build: (network: Network) => Layer) {
  await tf.setBackend(backend)
  const network = makeNetwork()
  const layer = build(network)
  const input = tf.variable(tf.tensor(numbers(shape.reduce((a, b) => a * b, 1)), [...shape]))
  const weigh = (y: Tensor): Float32Array => Float32Array.from({ length: y.size }, (_, i) => Math.sin(2 * i + 1))
  const total = (): number => {
    const y = tf.tidy(() => layer(input, training))
    const [values, weights] = [y.dataSync(), weigh(y)]
    if (y !== input) y.dispose()
    return Array.from(values).reduce((sum, value, i) => sum + value * (weights[i] ?? 0), 0)
  }
  const variables: [string, Variable][] = [
    ['input', input],
    ...network.parameters
      .filter(({ isTrained }) => isTrained)
      .map(({ name, variable }): [string, Variable] => [name, variable]),
  ]
  const { grads, value } = tf.variableGrads(
    () => {
      const y = layer(input, training)
      return tf.sum(tf.mul(y, tf.tensor(weigh(y), y.shape)))
    },
    variables.map(([, variable]) => variable),
  )
  value.dispose()
  const step = 2e-3
  for (const [name, variable] of variables) {
    const gradient = grads[variable.name]?.dataSync() ?? []
    const start = variable.dataSync().slice()
    const places = Rng.from(name).shuffle(Array.from(start.keys())).slice(0, 12)
    for (const place of places) {
      const at = (change: number): number => {
        const values = start.slice()
        values[place] = (start[place] ?? 0) + change
        tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)))
        return total()
      }
      const difference = (at(step) - at(-step)) / (2 * step)
      const found = gradient[place] ?? Number.NaN
      expect(
        Math.abs(found - difference) / Math.max(1, Math.abs(difference)),
        `${name}[${place}]: ${found}, not ${difference}`,
      ).toBeLessThan(0.01)
    }
    tf.tidy(() => variable.assign(tf.tensor(start, variable.shape)))
  }
  tf.dispose(grads)
  input.dispose()
  network.dispose()
  await tf.setBackend('wasm')
}

const image = [2, 7, 7, 3] as const
const layers: Record<string, [readonly number[], (network: Network) => Layer]> = {
  'a convolution with stride and bias': [
    image,
    network => network.convolution('c', { filterSize: 3, inputs: 3, outputs: 4, stride: 2, pad: 'same', bias: true }),
  ],
  'a convolution with pixels of padding': [
    image,
    network => network.convolution('c', { filterSize: 5, inputs: 3, outputs: 2, stride: 3, pad: 2 }),
  ],
  'a 1 × 1 convolution with stride': [
    image,
    network => network.convolution('c', { filterSize: 1, inputs: 3, outputs: 4, stride: 2 }),
  ],
  'overlapping max-pooling': [image, network => network.maxPool(3, { stride: 2 })],
  'max-pooling with "same" padding': [image, network => network.maxPool(3, { stride: 2, pad: 'same' })],
  'max-pooling with pixels of padding': [image, network => network.maxPool(3, { stride: 2, pad: 1 })],
  'average pooling': [image, network => network.averagePool(2)],
  'overlapping average pooling with padding': [image, network => network.averagePool(3, { stride: 2, pad: 'same' })],
  'global average pooling': [image, network => network.globalAveragePool()],
  'batch normalization': [image, network => network.batchNormalization('n', 3)],
  'batch normalization of units': [[6, 4], network => network.batchNormalization('n', 4)],
  dropout: [image, network => network.dropout('d', 0.4)],
  'a dense layer': [[3, 5], network => network.dense('d', { inputs: 5, outputs: 4, bias: true })],
  bias: [[3, 5], network => network.bias('b', 5)],
  ...Object.fromEntries(
    activationNames.map(name => [`the activation ${name}`, [[4, 9], network => network.activation(name)]]),
  ),
  'an identity shortcut': [
    image,
    network => network.residual(network.convolution('c', { filterSize: 3, inputs: 3, outputs: 3, pad: 1 })),
  ],
  'a projection shortcut': [
    image,
    network =>
      network.residual(
        network.convolution('c', { filterSize: 3, inputs: 3, outputs: 4, stride: 2, pad: 1 }),
        network.convolution('p', { filterSize: 1, inputs: 3, outputs: 4, stride: 2 }),
      ),
  ],
  concatenation: [
    image,
    network =>
      network.concatenate(
        network.convolution('a', { filterSize: 3, inputs: 3, outputs: 4, pad: 1 }),
        network.convolution('b', { filterSize: 1, inputs: 3, outputs: 2 }),
        x => x,
      ),
  ],
}

describe.each(['cpu', 'wasm'])('on %s, the gradient is that of finite differences for', backend => {
  it.each(Object.keys(layers))('%s', async name => {
    const [shape, build] = layers[name] ?? [[], () => x => x]
    await expectGradients(backend, shape, build)
  })
})

it('average pooling leaves out what is padded', async () => {
  const network = makeNetwork()
  const layer = network.averagePool(3, { stride: 2, pad: 1 })
  tf.tidy(() => {
    // the values at the corners are means of four, those at the edges of six, the one in the middle of nine
    const y = layer(tf.reshape(tf.range(0, 25), [1, 5, 5, 1]), inference)
    expect(Array.from(y.dataSync(), value => Number(value.toFixed(4)))).toEqual([
      3, 4.5, 6, 10.5, 12, 13.5, 18, 19.5, 21,
    ])
  })
})

describe('blocks', () => {
  const shapeOf = (layer: Layer, size: number, channels: number): number[] =>
    tf.tidy(() => layer(tf.zeros([2, size, size, channels]), inference).shape)

  it('have the shapes and the parameters of the published networks', () => {
    const network = makeNetwork()
    const basic = basicBlock(network, 'basic', { inputs: 64, channels: 128, stride: 2 })
    expect(shapeOf(basic, 8, 64)).toEqual([2, 4, 4, 128])
    // layer2.0 of torchvision's ResNet-18
    expect(network.parameterCount).toBe(230_144)
    network.dispose()
    const bottleneck = bottleneckBlock(network, 'bottleneck', { inputs: 64, channels: 64 })
    expect(shapeOf(bottleneck, 4, 64)).toEqual([2, 4, 4, 256])
    // layer1.0 of torchvision's ResNet-50
    expect(network.parameterCount).toBe(75_008)
    network.dispose()
    const inception = miniInception(network, 'inception', { inputs: 6, narrow: 4, wide: 5 })
    expect(shapeOf(inception, 5, 6)).toEqual([2, 5, 5, 9])
    const downsample = miniDownsample(network, 'downsample', { inputs: 6, outputs: 5 })
    expect(shapeOf(downsample, 7, 6)).toEqual([2, 3, 3, 11])
    network.dispose()
  })
})

describe('a network', () => {
  it('counts what it can learn without drawing it, and refuses a name twice', () => {
    const before = tf.memory().numTensors
    const network = makeNetwork()
    network.dense('large', { inputs: 10_000, outputs: 10_000, bias: true })
    network.batchNormalization('n', 4)
    expect(network.parameterCount).toBe(100_010_008)
    expect(tf.memory().numTensors).toBe(before)
    expect(() => network.bias('large', 3)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
  })

  it('draws each weight by its layer’s name', () => {
    const [one, two] = [makeNetwork(), makeNetwork()]
    one.dense('a', { inputs: 2, outputs: 3 })
    two.dense('b', { inputs: 2, outputs: 3 })
    two.dense('a', { inputs: 2, outputs: 3 })
    expect(two.parameter('a/kernel').read()).toEqual(one.parameter('a/kernel').read())
    expect(two.parameter('b/kernel').read()).not.toEqual(two.parameter('a/kernel').read())
    one.dispose()
    two.dispose()
  })

  it('shows what batch normalization has learnt by name', () => {
    const network = makeNetwork()
    network.batchNormalization('input', 2)
    expect(Array.from(network.parameter('input/scale').read())).toEqual([1, 1])
    expect(() => network.parameter('input/gamma')).toThrow(
      expect.objectContaining({ message: expect.stringContaining('input/scale, input/shift, input/mean') }),
    )
    network.dispose()
  })

  it('keeps the statistics of frozen batch normalization, and uses them', () => {
    const network = makeNetwork()
    const layer = network.batchNormalization('stage1/n', 2)
    network.freeze('stage1')
    const x = tf.tensor2d([3, 4, 5, 6], [2, 2])
    const frozen = tf.tidy(() => Array.from(layer(x, training).dataSync()))
    for (const [index, value] of frozen.entries()) expect(value).toBeCloseTo((index + 3) / Math.sqrt(1.001), 5)
    expect(Array.from(network.parameter('stage1/n/mean').read())).toEqual([0, 0])
    network.unfreeze('stage1/n')
    tf.tidy(() => layer(x, training))
    expect(Array.from(network.parameter('stage1/n/mean').read(), value => Number(value.toFixed(5)))).toEqual([0.4, 0.5])
    expect(() => network.freeze('stage')).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
    x.dispose()
    network.dispose()
  })

  it('keeps nothing of a frozen trunk that no gradient goes through', () => {
    const held = [false, true].map(isDetached => {
      const network = makeNetwork()
      const trunk = sequence(
        ...Array.from({ length: 5 }, (_, index) => network.dense(`trunk/${index}`, { inputs: 4, outputs: 4 })),
      )
      network.freeze('trunk')
      const head = network.dense('head', { inputs: 4, outputs: 1 })
      const layers = sequence(isDetached ? network.withoutGradient(trunk) : trunk, head)
      let tensors = 0
      const gradient = tf.tidy(() => {
        const { grads } = tf.variableGrads(() => {
          const before = tf.memory().numTensors
          const loss = tf.sum(layers(tf.ones([2, 4]), training)) as Scalar
          tensors = tf.memory().numTensors - before
          return loss
        }, [network.parameter('head/kernel').variable])
        return Array.from(Object.values(grads)[0]?.dataSync() ?? [])
      })
      network.dispose()
      return { gradient, tensors }
    })
    const [attached, detached] = held
    expect(detached?.gradient).toEqual(attached?.gradient)
    expect(detached?.gradient).toHaveLength(4)
    expect(detached?.tensors).toBeLessThan(attached?.tensors ?? 0)
  })

  it('shows what passes its observation points', () => {
    const network = makeNetwork()
    const seen: [string, number[]][] = []
    const layer = sequence(network.relu(), observe('first'), network.flatten(), observe('second'))
    const pass: Pass = { ...inference, observe: (name, value) => seen.push([name, value.shape]) }
    tf.tidy(() => layer(tf.ones([2, 2, 3]), pass))
    expect(seen).toEqual([
      ['first', [2, 2, 3]],
      ['second', [2, 6]],
    ])
  })
})
