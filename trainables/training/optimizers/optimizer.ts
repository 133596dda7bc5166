import type { Tensor, Variable } from '@tensorflow/tfjs-core'
import type { TensorFlowCore } from '../../tensorflow/backend.js'
import { fusedUpdatesOf } from '../../tensorflow/fused-updates.js'
import type { Parameter } from '../parameter.js'
import { type Penalties, penalizedGradient } from '../penalties.js'
import { numbersOf, type OptimizerName, type OptimizerSettings, type Rule, ruleOf } from './rules.js'

/**
 * Gradient descent on a network's parameters, those that are not frozen when it is made.
 *
 * The optimizers of tfjs-core are not used: their learning rate is fixed, and Adam's bias correction does not survive a checkpoint.
 */
export class Optimizer {
  /** How many steps have been taken. */
  step = 0
  readonly #tf: TensorFlowCore
  readonly #name: OptimizerName
  readonly #settings: OptimizerSettings
  readonly #rule: Rule
  readonly #slots: ReadonlyMap<Parameter, ReadonlyMap<string, Variable>>

  constructor(
    tf: TensorFlowCore,
    parameters: readonly Parameter[],
    { name, ...settings }: OptimizerSettings & { readonly name: OptimizerName },
  ) {
    this.#tf = tf
    this.#name = name
    this.#settings = settings
    this.#rule = ruleOf(name, settings)
    const slotsFor = ({ shape }: Parameter) =>
      new Map(
        Object.entries(this.#rule.slots).map(([slot, value]) => [
          slot,
          tf.tidy(() => tf.variable(tf.fill([...shape], value), false)),
        ]),
      )
    const trained = parameters.filter(({ isTrained }) => isTrained)
    this.#slots = new Map(trained.map(parameter => [parameter, slotsFor(parameter)]))
  }

  /** What it keeps between steps, by name: the parameter's name, then the slot's. */
  get slots(): ReadonlyMap<string, Variable> {
    const named = [...this.#slots].flatMap(([parameter, slots]) =>
      [...slots].map(([name, variable]) => [`${parameter.name}:${name}`, variable] as const),
    )
    return new Map(named)
  }

  /**
   * Takes one step against the gradients of the loss and of the weights' penalties.
   *
   * @param gradients - those of the loss, by the name of the parameter's variable; they are not disposed
   * @param penalties - for the weights among the parameters. @defaultValue none
   */
  apply(
    gradients: Readonly<Record<string, Tensor>>,
    learningRate: number,
    penalties: Penalties = { l1: 0, l2: 0 },
  ): void {
    this.step++
    const tf = this.#tf
    const fused = fusedUpdatesOf(tf)
    for (const [parameter, slots] of this.#slots) {
      const { variable } = parameter
      const gradient = gradients[variable.name]
      if (gradient === undefined) continue
      const position = { learningRate, step: this.step }
      // the same bits in one pass over memory, where the back end has it
      const isDone = fused?.apply({
        rule: this.#name,
        parameter: variable,
        gradient,
        slots: [...slots.values()],
        numbers: { ...numbersOf(this.#name, this.#settings, position), ...(parameter.isWeight && penalties) },
      })
      if (isDone === true) continue
      const slot = (name: string): Variable => {
        const found = slots.get(name)
        if (found === undefined) throw new Error(`an optimizer's rule asks for ${name}, which it has not declared`)
        return found
      }
      tf.tidy(() => {
        const penalized = penalizedGradient(tf, parameter, gradient, penalties)
        const change = this.#rule.update(tf, penalized, slot, position)
        variable.assign(tf.sub(variable, change))
      })
    }
  }

  /** Frees the slots. */
  dispose(): void {
    for (const slots of this.#slots.values()) for (const variable of slots.values()) variable.dispose()
  }
}
