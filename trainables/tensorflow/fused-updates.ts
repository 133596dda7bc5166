import type { Tensor, Variable } from '@tensorflow/tfjs-core'
import type { TensorFlowCore } from './backend.js'
import type { UpdateName } from './updating.js'

/** The numbers of an optimizer's formula; each rule uses those that it has. */
export interface UpdateNumbers {
  /** What the step is multiplied by: the learning rate, for Adam with the correction of the means' bias. */
  readonly rate: number
  /** The part of the velocity, for Adam of the mean gradient, that a step leaves. */
  readonly momentum: number
  /** The part of the mean squares that a step leaves. */
  readonly decay: number
  /** Keeps divisors from 0. */
  readonly epsilon: number
  /** Times the weight's sign, is added to the gradient. @defaultValue 0 */
  readonly l1?: number
  /** Twice it, times the weight, is added to the gradient. @defaultValue 0 */
  readonly l2?: number
}

/** One step of an optimizer on one parameter. */
export interface Update {
  readonly rule: UpdateName
  readonly parameter: Variable
  readonly gradient: Tensor
  /** In the order of the rule: the velocity; the squares; the squares, then the velocity or the changes; Adam's first, then its second mean. */
  readonly slots: readonly Variable[]
  readonly numbers: UpdateNumbers
}

/** Takes an optimizer's steps in one pass over memory each. */
export interface FusedUpdates {
  /**
   * Changes the parameter and the slots in place, to the same bits as the formula computed by one operation after another.
   *
   * @returns false when it can't, having changed nothing: another tensor shares their memory
   */
  apply(update: Update): boolean
}

const known = new WeakMap<object, FusedUpdates>()

/** What a back end has to take an optimizer's steps with; undefined when nothing. */
export function fusedUpdatesOf(tf: TensorFlowCore): FusedUpdates | undefined {
  return known.get(tf.backend())
}

/** Gives a back end what {@link fusedUpdatesOf} finds. */
export function registerFusedUpdates(backend: object, updates: FusedUpdates): void {
  known.set(backend, updates)
}
