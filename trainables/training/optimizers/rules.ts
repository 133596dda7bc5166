import type { Tensor, Variable } from '@tensorflow/tfjs-core'
import type { TensorFlowCore } from '../../tensorflow/backend.js'
import type { UpdateNumbers } from '../../tensorflow/fused-updates.js'
import { updateNames } from '../../tensorflow/updating.js'

/** The optimizers that a trainable can choose from. */
export const optimizerNames = updateNames

/** The name of an optimizer. */
export type OptimizerName = (typeof optimizerNames)[number]

/** Settings of the optimizers; each uses those that name it. */
export interface OptimizerSettings {
  /** For `momentum`, `nesterov` and `rmspropNesterov`: the part of the velocity that a step leaves; in [0, 1). @defaultValue 0.9 */
  readonly momentum?: number | undefined
  /**
   * The part of the mean squared gradient that a step leaves; in [0, 1).
   *
   * @defaultValue 0.9 for `rmsprop` and `rmspropNesterov` (Hinton), 0.95 for `adadelta` (Zeiler), 0.999 for `adam` (Kingma and Ba's β₂)
   */
  readonly decay?: number | undefined
  /** For `adam`: the part of the mean gradient that a step leaves (β₁); in [0, 1). @defaultValue 0.9 */
  readonly firstDecay?: number | undefined
  /** Keeps divisors from 0; > 0. @defaultValue 1e-6 for `adadelta`, else 1e-7 */
  readonly epsilon?: number | undefined
}

/** One parameter's update; slots are the numbers kept between steps, of the parameter's shape. */
export interface Rule {
  /** Names of the slots and the value that they start with. */
  readonly slots: Readonly<Record<string, number>>
  /** Returns the step to subtract and sets the slots; `step` counts from 1. */
  update(
    tf: TensorFlowCore,
    gradient: Tensor,
    slot: (name: string) => Variable,
    position: { readonly learningRate: number; readonly step: number },
  ): Tensor
}

/** The numbers of a rule's formula at a step; those that the rule doesn't have are of no account. */
export function numbersOf(
  name: OptimizerName,
  settings: OptimizerSettings,
  { learningRate, step }: { readonly learningRate: number; readonly step: number },
): UpdateNumbers {
  const { momentum = 0.9, firstDecay = 0.9, epsilon = name === 'adadelta' ? 1e-6 : 1e-7 } = settings
  const decay = settings.decay ?? decays[name]
  if (name !== 'adam') return { rate: learningRate, momentum, decay, epsilon }
  const rate = (learningRate * Math.sqrt(1 - decay ** step)) / (1 - firstDecay ** step)
  return { rate, momentum: firstDecay, decay, epsilon }
}

const decays: Readonly<Record<OptimizerName, number>> = {
  ...{ sgd: 0, momentum: 0, nesterov: 0, adagrad: 0 },
  ...{ rmsprop: 0.9, rmspropNesterov: 0.9, adadelta: 0.95, adam: 0.999 },
}

/** `old · decay + update`, which becomes the slot's value. */
function decayInto(tf: TensorFlowCore, slot: Variable, decay: number, update: Tensor): Variable {
  slot.assign(tf.add(tf.mul(slot, decay), update))
  return slot
}

/**
 * The rule of an optimizer. In the formulas g is the gradient, η the learning rate, μ the momentum, ρ the decay, θ the parameter.
 *
 * @see Ruder, "An overview of gradient descent optimization algorithms", 2016, for all of them side by side
 */
export function ruleOf(name: OptimizerName, settings: OptimizerSettings): Rule {
  const { momentum = 0.9, epsilon = name === 'adadelta' ? 1e-6 : 1e-7 } = settings
  switch (name) {
    case 'sgd':
      // θ ← θ − ηg
      return { slots: {}, update: (tf, gradient, _, { learningRate }) => tf.mul(gradient, learningRate) }
    case 'momentum':
      // v ← μv + g, θ ← θ − ηv (Polyak 1964)
      return {
        slots: { velocity: 0 },
        update: (tf, gradient, slot, { learningRate }) =>
          tf.mul(decayInto(tf, slot('velocity'), momentum, gradient), learningRate),
      }
    case 'nesterov':
      // v ← μv + g, θ ← θ − η(g + μv): θ is where the gradient is taken, one momentum step ahead (Sutskever et al. 2013; Bengio et al. 2013, eq. 7)
      return {
        slots: { velocity: 0 },
        update(tf, gradient, slot, { learningRate }) {
          const velocity = decayInto(tf, slot('velocity'), momentum, gradient)
          return tf.mul(tf.add(gradient, tf.mul(velocity, momentum)), learningRate)
        },
      }
    case 'adagrad':
      // s ← s + g², θ ← θ − ηg / (√s + ε) (Duchi et al. 2011); s starts at 0.1, as in tf.train.adagrad
      return {
        slots: { squares: 0.1 },
        update(tf, gradient, slot, { learningRate }) {
          const squares = decayInto(tf, slot('squares'), 1, tf.square(gradient))
          return tf.mul(tf.div(gradient, tf.add(tf.sqrt(squares), epsilon)), learningRate)
        },
      }
    case 'rmsprop':
      // s ← ρs + (1 − ρ)g², θ ← θ − ηg / (√s + ε) (Hinton, Coursera lecture 6e, 2012)
      return {
        slots: { squares: 0 },
        update: (tf, gradient, slot, { learningRate }) =>
          tf.mul(rootMeanSquared(tf, gradient, slot('squares'), settings.decay ?? 0.9, epsilon), learningRate),
      }
    case 'rmspropNesterov':
      // d = ηg / (√s + ε), v ← μv + d, θ ← θ − (d + μv) (Goodfellow et al., "Deep Learning", 2016, algorithm 8.6, with θ one step ahead)
      return {
        slots: { squares: 0, velocity: 0 },
        update(tf, gradient, slot, { learningRate }) {
          const scaled = rootMeanSquared(tf, gradient, slot('squares'), settings.decay ?? 0.9, epsilon)
          const change = tf.mul(scaled, learningRate)
          const velocity = decayInto(tf, slot('velocity'), momentum, change)
          return tf.add(change, tf.mul(velocity, momentum))
        },
      }
    case 'adadelta':
      // s ← ρs + (1 − ρ)g², d = √(u + ε) / √(s + ε) · g, u ← ρu + (1 − ρ)d², θ ← θ − ηd (Zeiler 2012, where η is 1)
      return {
        slots: { squares: 0, changes: 0 },
        update(tf, gradient, slot, { learningRate }) {
          const decay = settings.decay ?? 0.95
          const squares = decayInto(tf, slot('squares'), decay, tf.mul(tf.square(gradient), 1 - decay))
          const ratio = tf.sqrt(tf.div(tf.add(slot('changes'), epsilon), tf.add(squares, epsilon)))
          const change = tf.mul(ratio, gradient)
          decayInto(tf, slot('changes'), decay, tf.mul(tf.square(change), 1 - decay))
          return tf.mul(change, learningRate)
        },
      }
    case 'adam':
      // m ← β₁m + (1 − β₁)g, s ← β₂s + (1 − β₂)g², θ ← θ − η √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√s + ε) (Kingma and Ba 2015, end of section 2)
      return {
        slots: { first: 0, second: 0 },
        update(tf, gradient, slot, { learningRate, step }) {
          const { firstDecay = 0.9, decay = 0.999 } = settings
          const first = decayInto(tf, slot('first'), firstDecay, tf.mul(gradient, 1 - firstDecay))
          const second = decayInto(tf, slot('second'), decay, tf.mul(tf.square(gradient), 1 - decay))
          const rate = (learningRate * Math.sqrt(1 - decay ** step)) / (1 - firstDecay ** step)
          return tf.mul(tf.div(first, tf.add(tf.sqrt(second), epsilon)), rate)
        },
      }
  }
}

/** The gradient over the root of its running mean square. */
function rootMeanSquared(tf: TensorFlowCore, gradient: Tensor, slot: Variable, decay: number, epsilon: number): Tensor {
  const squares = decayInto(tf, slot, decay, tf.mul(tf.square(gradient), 1 - decay))
  return tf.div(gradient, tf.add(tf.sqrt(squares), epsilon))
}
