import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { Rng } from '../../src/rng.js'
import {
  loadTensorFlow,
  loadTraining,
  Network,
  Optimizer,
  type OptimizerName,
  type OptimizerSettings,
  optimizerNames,
  saveTraining,
  type TensorFlowCore,
} from '../../trainables/index.js'

let tf: TensorFlowCore

beforeAll(async () => {
  tf = (await loadTensorFlow({ backend: 'wasm' })).tf
})

const gradients = [0.5, -1, 0.25, 2]

function makeNetwork(): Network {
  const network = new Network(tf, { rng: Rng.from(1), initializer: { normal: 1 } })
  network.offset('layer/scale', [1], 1)
  return network
}

function take(network: Network, optimizer: Optimizer, steps: readonly number[], learningRate = 0.1): number[] {
  const parameter = network.parameter('layer/scale')
  return steps.map(value => {
    tf.tidy(() => optimizer.apply({ [parameter.variable.name]: tf.tensor1d([value]) }, learningRate))
    return parameter.read()[0] ?? Number.NaN
  })
}

function steps(name: OptimizerName, settings: OptimizerSettings = {}): number[] {
  const network = makeNetwork()
  const optimizer = new Optimizer(tf, network.parameters, { name, ...settings })
  const found = take(network, optimizer, gradients)
  optimizer.dispose()
  network.dispose()
  return found
}

/**
 * A parameter that starts at 1, after each of four steps with gradients 0.5, −1, 0.25, 2 and learning rate 0.1. All from PyTorch 2.13 in double precision with
 * this library's defaults as arguments (momentum=0.9, initial_accumulator_value=0.1, alpha=0.9, rho=0.95, eps=1e-7, for Adadelta 1e-6), but for
 * rmspropNesterov, which PyTorch has not: computed from the formula in double precision.
 */
const expected: Readonly<Record<OptimizerName, readonly number[]>> = {
  sgd: [0.95, 1.05, 1.025, 0.825],
  momentum: [0.95, 1.005, 1.0295, 0.85155],
  nesterov: [0.905, 1.0545, 1.05155, 0.691395],
  adagrad: [0.9154846, 1.0015509, 0.9805157, 0.8945489],
  rmsprop: [0.6837724, 0.9694866, 0.8962418, 0.614761],
  rmspropNesterov: [0.3991676, 0.6858803, 0.5476137, -0.0457193],
  adadelta: [0.9995528, 1.0001213, 0.9999316, 0.9991838],
  adam: [0.9, 0.9366104, 0.9502794, 0.9054012],
}

function expectClose(found: readonly number[], wanted: readonly number[]): void {
  for (const [index, value] of wanted.entries()) expect(found[index]).toBeCloseTo(value, 5)
}

describe('four steps are those of PyTorch with', () => {
  it.each(optimizerNames)('%s', name => {
    expectClose(steps(name), expected[name])
  })

  it('rmsprop whose Nesterov momentum is 0', () => {
    expectClose(steps('rmspropNesterov', { momentum: 0 }), expected.rmsprop)
  })
})

it('settings replace the defaults', () => {
  expectClose(steps('nesterov', { momentum: 0 }), expected.sgd)
  // PyTorch: Adadelta(rho=0.5, eps=0.001)
  expectClose(steps('adadelta', { decay: 0.5, epsilon: 0.001 }), [0.9955456, 1.0014914, 0.9989406, 0.9921908])
})

it.each(optimizerNames)('%s goes on from a checkpoint as if it had not been interrupted', async name => {
  const folder = await mkdtemp(join(tmpdir(), 'optimizer-'))
  const [network, other] = [makeNetwork(), makeNetwork()]
  const optimizer = new Optimizer(tf, network.parameters, { name })
  take(network, optimizer, gradients.slice(0, 2))
  await saveTraining({ network, optimizer }, 2, folder)
  const restored = new Optimizer(tf, other.parameters, { name })
  expect(await loadTraining(tf, { network: other, optimizer: restored }, folder)).toBe(2)
  expect(take(other, restored, gradients.slice(2))).toEqual(take(network, optimizer, gradients.slice(2)))
  for (const made of [optimizer, restored, network, other]) made.dispose()
  await rm(folder, { recursive: true })
})

it('frozen parameters have no slots and stay', () => {
  const network = makeNetwork()
  network.dense('frozen', { inputs: 2, outputs: 2 })
  network.freeze('frozen')
  const optimizer = new Optimizer(tf, network.parameters, { name: 'adam' })
  expect([...optimizer.slots.keys()]).toEqual(['layer/scale:first', 'layer/scale:second'])
  const before = network.parameter('frozen/kernel').read()
  const { name } = network.parameter('frozen/kernel').variable
  tf.tidy(() => optimizer.apply({ [name]: tf.ones([2, 2]) }, 1))
  expect(network.parameter('frozen/kernel').read()).toEqual(before)
  optimizer.dispose()
  network.dispose()
})
