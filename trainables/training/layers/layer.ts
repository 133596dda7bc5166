import type { Tensor } from '@tensorflow/tfjs-core'
import type { TensorFlowCore } from '../../tensorflow/backend.js'
import type { Initializer } from '../initializers.js'
import type { Parameter } from '../parameter.js'

/** How a batch goes through the network. */
export interface Pass {
  /** While training, dropout drops and batch normalization uses the batch's own statistics. */
  readonly isTraining: boolean
  /** A seed for the dropout layer of that name; another one at each step. */
  dropoutSeed(layer: string): number
  /** Is shown the values that pass an {@link observe} layer; they are disposed of after the pass. */
  observe?(layer: string, value: Tensor): void
}

/** A pass that computes predictions. */
export const inference: Pass = { isTraining: false, dropoutSeed: () => 0 }

/** A layer: a function of its input. */
export type Layer = (x: Tensor, pass: Pass) => Tensor

/** Where layers get their parameters from: what a {@link Network} is to them. */
export interface LayerHost {
  /** The library to compute with. */
  readonly tf: TensorFlowCore
  /** Makes a weight: [… × inputs × outputs], drawn by its name. @param initializer - by default that of the network */
  weight(name: string, shape: readonly number[], initializer?: Initializer): Parameter
  /** Makes a trained parameter that starts with the same number everywhere. */
  offset(name: string, shape: readonly number[], value: number): Parameter
  /** Makes numbers that are kept but not trained. */
  statistic(name: string, shape: readonly number[], value: number): Parameter
}

/** Puts layers one after another. */
export function sequence(...layers: readonly Layer[]): Layer {
  return (x, pass) => layers.reduce((value, layer) => layer(value, pass), x)
}

/** A layer that changes nothing and shows what passes to whoever watches the pass, under a name. */
export function observe(name: string): Layer {
  return (x, pass) => {
    pass.observe?.(name, x)
    return x
  }
}
