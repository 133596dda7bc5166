import { describe, expect, it } from 'vitest'
import { Rng } from '../../src/rng.js'
import {
  DenseNetwork,
  Descent,
  denseActivationNames,
  descentNames,
  initialize,
  softmaxCrossEntropy,
  squaredError,
} from '../../trainables/dense/index.js'

const rng = Rng.from(1)
const normals = (length: number) => Float64Array.from({ length }, () => rng.normal())

describe('a dense network', () => {
  it.each(denseActivationNames)('has the gradient that finite differences have, with %s', activation => {
    const network = new DenseNetwork({ inputs: 3, hidden: [5, 2, 6], outputs: 2, activation })
    network.parameters.set(normals(network.parameters.length))
    const [count, x, targets] = [7, normals(3 * 7), normals(2 * 7)]
    const gradient = new Float64Array(2 * count)
    const loss = () => squaredError(network.forward(x, count), targets, gradient)
    loss()
    network.backward(gradient)
    const found = network.gradient.slice()
    const step = 1e-6
    const expected = found.map((_, i) => {
      const held = network.parameters[i] ?? 0
      const at = (value: number) => {
        network.parameters[i] = value
        return loss()
      }
      const difference = at(held + step) - at(held - step)
      network.parameters[i] = held
      return difference / (2 * step)
    })
    for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 5)
  })

  it('gives each item of a batch what it gives that item alone', () => {
    const network = new DenseNetwork({ inputs: 2, hidden: [4], outputs: 1, activation: 'tanh' })
    initialize(network, 'glorotNormal', Rng.from(2))
    const together = network.forward(Float64Array.of(1, 2, 3, 4, 5, 6), 3).slice()
    const alone = [0, 1, 2].map(i => network.forward(Float64Array.of(1 + i, 4 + i), 1)[0])
    expect([...together]).toEqual(alone)
  })

  it('starts with weights of the deviation that its initializer says, and biases of 0', () => {
    const network = new DenseNetwork({ inputs: 100, hidden: [200], outputs: 50, activation: 'relu' })
    const deviations = (initializer: Parameters<typeof initialize>[1]) => {
      initialize(network, initializer, Rng.from(3))
      return network.layers.map(({ weights }) => Math.sqrt(weights.reduce((sum, w) => sum + w * w, 0) / weights.length))
    }
    const isNear = (found: readonly number[], expected: readonly number[]) => {
      for (const [i, value] of found.entries()) expect(value / (expected[i] ?? 0)).toBeCloseTo(1, 1)
    }
    isNear(deviations({ normal: 0.01 }), [0.01, 0.01])
    isNear(deviations('glorotNormal'), [Math.sqrt(2 / 300), Math.sqrt(2 / 250)])
    isNear(deviations('heNormal'), [Math.sqrt(2 / 100), Math.sqrt(2 / 200)])
    expect(network.layers.every(({ biases }) => biases.every(bias => bias === 0))).toBe(true)
  })
})

it('the softmax cross-entropy has the gradient that finite differences have', () => {
  const logits = normals(3 * 4)
  const labels = [2, 0, 1, 2]
  const gradient = new Float64Array(logits.length)
  softmaxCrossEntropy(logits, labels, gradient)
  for (const [i, value] of gradient.entries()) {
    const at = (change: number) =>
      softmaxCrossEntropy(
        logits.map((logit, k) => logit + (k === i ? change : 0)),
        labels,
        new Float64Array(12),
      ).loss
    expect(value).toBeCloseTo((at(1e-6) - at(-1e-6)) / 2e-6, 6)
  }
})

it.each(descentNames)('%s finds the minimum of a bowl', name => {
  const parameters = Float64Array.of(3, -2)
  const descent = new Descent(name, 2)
  for (let i = 0; i < 500; i++)
    descent.apply(parameters, Float64Array.of(2 * (parameters[0] ?? 0) - 2, 8 * (parameters[1] ?? 0)), 0.05)
  expect(parameters[0]).toBeCloseTo(1, 3)
  expect(parameters[1]).toBeCloseTo(0, 3)
})
