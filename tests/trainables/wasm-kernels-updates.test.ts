import type { Variable } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadTensorFlow, type OptimizerName, optimizerNames, type TensorFlowCore } from '../../trainables/index.js'
import { fusedUpdatesOf, type UpdateNumbers } from '../../trainables/tensorflow/fused-updates.js'
import { ruleOf } from '../../trainables/training/optimizers/rules.js'
import { type Penalties, penalizedGradient } from '../../trainables/training/penalties.js'
import { normals } from './kernel-agreement.js'

let tf: TensorFlowCore

beforeAll(async () => {
  const loaded = await loadTensorFlow({ backend: 'wasm' })
  tf = loaded.tf
})

const length = 11
const learningRate = 0.05
const [momentum, firstDecay, decay, epsilon] = [0.8, 0.7, 0.95, 1e-5]

function numbersOf(name: OptimizerName, step: number): UpdateNumbers {
  if (name !== 'adam') return { rate: learningRate, momentum, decay, epsilon }
  const rate = (learningRate * Math.sqrt(1 - decay ** step)) / (1 - firstDecay ** step)
  return { rate, momentum: firstDecay, decay, epsilon }
}

/** Takes three steps in one way or the other; what the parameter and the slots then are. */
function takeSteps(name: OptimizerName, way: 'fused' | 'operations', penalties: Penalties): Float32Array[] {
  const rule = ruleOf(name, { momentum, firstDecay, decay, epsilon })
  const parameter = tf.tidy(() => tf.variable(tf.tensor1d([...normals([length], 1)])))
  const slots = new Map<string, Variable>(
    Object.entries(rule.slots).map(([key, value]) => [
      key,
      tf.tidy(() => tf.variable(tf.fill([length], value), false)),
    ]),
  )
  const slot = (key: string): Variable => {
    const found = slots.get(key)
    if (found === undefined) throw new Error(`there is no slot ${key}`)
    return found
  }
  for (let step = 1; step <= 3; step++) {
    tf.tidy(() => {
      const gradient = tf.tensor1d([...normals([length], 1 + step)])
      if (way === 'operations') {
        const penalized = penalizedGradient(tf, { variable: parameter, isWeight: true }, gradient, penalties)
        parameter.assign(tf.sub(parameter, rule.update(tf, penalized, slot, { learningRate, step })))
        return
      }
      const numbers = { ...numbersOf(name, step), ...penalties }
      const isDone = fusedUpdatesOf(tf)?.apply({ rule: name, parameter, gradient, slots: [...slots.values()], numbers })
      expect(isDone).toBe(true)
    })
  }
  const results = [parameter, ...slots.values()].map(variable => variable.dataSync<'float32'>().slice())
  tf.dispose([parameter, ...slots.values()])
  return results
}

describe('an update in one pass has the bits of one operation after another', () => {
  const penalties = [
    { l1: 0, l2: 0 },
    { l1: 0.01, l2: 0 },
    { l1: 0.003, l2: 0.07 },
  ]
  it.each(optimizerNames.flatMap(name => penalties.map(each => [name, each] as const)))('with %s and %o', (...args) => {
    const [name, each] = args
    expect(takeSteps(name, 'fused', each)).toEqual(takeSteps(name, 'operations', each))
  })
})

it('an update in one pass adds the penalties to the gradient', () => {
  const parameter = tf.tidy(() => tf.variable(tf.tensor1d([2, -2, 0, 1, 4])))
  const gradient = tf.tensor1d([1, 1, 1, 1, 1])
  const numbers = { rate: 1, momentum: 0, decay: 0, epsilon: 0, l1: 0.5, l2: 0.25 }
  fusedUpdatesOf(tf)?.apply({ rule: 'sgd', parameter, gradient, slots: [], numbers })
  expect([...parameter.dataSync()]).toEqual([-0.5, -1.5, -1, -1, 0.5])
  tf.dispose([parameter, gradient])
})

it('an update in one pass leaves memory alone that another tensor shares', () => {
  const parameter = tf.tidy(() => tf.variable(tf.tensor1d([1, 2])))
  const other = tf.reshape(parameter, [2, 1])
  const gradient = tf.tensor1d([1, 1])
  const numbers = { rate: 1, momentum: 0, decay: 0, epsilon: 0 }
  expect(fusedUpdatesOf(tf)?.apply({ rule: 'sgd', parameter, gradient, slots: [], numbers })).toBe(false)
  expect([...other.dataSync()]).toEqual([1, 2])
  tf.dispose([parameter, other, gradient])
})
