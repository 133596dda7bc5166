import type { Tensor, Variable } from '@tensorflow/tfjs-core'
import type { TensorFlowCore } from '../tensorflow/backend.js'
import type { Parameter } from './network.js'

/** The optimizers that a trainable can choose from. */
export const optimizerNames = ['sgd', 'momentum', 'adagrad', 'adam'] as const

/** The name of an optimizer. */
export type OptimizerName = (typeof optimizerNames)[number]

/** One parameter's update; `slots` are the numbers kept between steps, of the parameter's shape. */
interface Rule {
  /** Names of the slots and the value that they start with. */
  readonly slots: Readonly<Record<string, number>>
  /** Returns the step to subtract and sets the slots; `step` counts from 1. */
  update(
    tf: TensorFlowCore,
    gradient: Tensor,
    slots: Readonly<Record<string, Variable>>,
    settings: { readonly learningRate: number; readonly step: number },
  ): Tensor
}

function slot(slots: Readonly<Record<string, Variable>>, name: string): Variable {
  const found = slots[name]
  if (found === undefined) throw new Error(`an optimizer's rule asks for ${name}, which it has not declared`)
  return found
}

function ruleOf(name: OptimizerName, momentum: number): Rule {
  switch (name) {
    case 'sgd':
      return { slots: {}, update: (tf, gradient, _, { learningRate }) => tf.mul(gradient, learningRate) }
    case 'momentum':
      return {
        slots: { velocity: 0 },
        update(tf, gradient, slots, { learningRate }) {
          const velocity = slot(slots, 'velocity')
          velocity.assign(tf.add(tf.mul(velocity, momentum), gradient))
          return tf.mul(velocity, learningRate)
        },
      }
    case 'adagrad':
      // Duchi et al. 2011; the start value is that of tf.train.adagrad
      return {
        slots: { squares: 0.1 },
        update(tf, gradient, slots, { learningRate }) {
          const squares = slot(slots, 'squares')
          squares.assign(tf.add(squares, tf.square(gradient)))
          return tf.mul(tf.div(gradient, tf.add(tf.sqrt(squares), 1e-7)), learningRate)
        },
      }
    case 'adam':
      // Kingma and Ba 2015, the efficient form at the end of section 2
      return {
        slots: { first: 0, second: 0 },
        update(tf, gradient, slots, { learningRate, step }) {
          const [beta1, beta2] = [0.9, 0.999]
          const first = slot(slots, 'first')
          const second = slot(slots, 'second')
          first.assign(tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1)))
          second.assign(tf.add(tf.mul(second, beta2), tf.mul(tf.square(gradient), 1 - beta2)))
          const rate = (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step)
          return tf.mul(tf.div(first, tf.add(tf.sqrt(second), 1e-7)), rate)
        },
      }
  }
}

/**
 * Gradient descent on a network's parameters.
 *
 * The optimizers of tfjs-core are not used: their learning rate is fixed, and Adam's bias correction does not survive a checkpoint.
 */
export class Optimizer {
  /** How many steps have been taken. */
  step = 0
  readonly #tf: TensorFlowCore
  readonly #rule: Rule
  readonly #slots: ReadonlyMap<Parameter, Readonly<Record<string, Variable>>>

  /** @param options - `momentum` is used by the optimizer of that name, in [0, 1) */
  constructor(
    tf: TensorFlowCore,
    parameters: readonly Parameter[],
    options: { readonly name: OptimizerName; readonly momentum: number },
  ) {
    this.#tf = tf
    this.#rule = ruleOf(options.name, options.momentum)
    const slotsFor = ({ variable }: Parameter) =>
      Object.fromEntries(
        Object.entries(this.#rule.slots).map(([name, value]) => [
          name,
          tf.tidy(() => tf.variable(tf.fill(variable.shape, value), false)),
        ]),
      )
    const trained = parameters.filter(({ isTrained }) => isTrained)
    this.#slots = new Map(trained.map(parameter => [parameter, slotsFor(parameter)]))
  }

  /** What it keeps between steps, by name: the parameter's name, then the slot's. */
  get slots(): ReadonlyMap<string, Variable> {
    const named = [...this.#slots].flatMap(([parameter, slots]) =>
      Object.entries(slots).map(([name, variable]) => [`${parameter.name}:${name}`, variable] as const),
    )
    return new Map(named)
  }

  /** Takes one step against the gradients, which are found by the name of the parameter's variable; those are not disposed. */
  apply(gradients: Readonly<Record<string, Tensor>>, learningRate: number): void {
    this.step++
    this.#tf.tidy(() => {
      for (const [{ variable }, slots] of this.#slots) {
        const gradient = gradients[variable.name]
        if (gradient === undefined) continue
        const settings = { learningRate, step: this.step }
        variable.assign(this.#tf.sub(variable, this.#rule.update(this.#tf, gradient, slots, settings)))
      }
    })
  }

  /** Frees the slots. */
  dispose(): void {
    for (const slots of this.#slots.values()) for (const variable of Object.values(slots)) variable.dispose()
  }
}
