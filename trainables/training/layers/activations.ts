import type { Layer, LayerHost } from './layer.js'

/** The functions that units can have. */
export const activationNames = ['relu', 'leakyRelu', 'tanh', 'sigmoid', 'swish', 'linear'] as const

/** The name of an activation. */
export type ActivationName = (typeof activationNames)[number]

/** How an activation is shaped. */
export interface ActivationOptions {
  /** What `leakyRelu` multiplies negative numbers by. @defaultValue 0.01 */
  readonly slope?: number | undefined
}

/**
 * A function of each number.
 *
 * @see Maas et al. 2013 for the leaky ReLU; Ramachandran, Zoph and Le, "Searching for Activation Functions", 2017, for Swish, x · sigmoid(x)
 */
export function activation({ tf }: LayerHost, name: ActivationName, { slope = 0.01 }: ActivationOptions = {}): Layer {
  switch (name) {
    case 'relu':
      return x => tf.relu(x)
    case 'leakyRelu':
      return x => tf.leakyRelu(x, slope)
    case 'tanh':
      return x => tf.tanh(x)
    case 'sigmoid':
      return x => tf.sigmoid(x)
    case 'swish':
      return x => tf.mul(x, tf.sigmoid(x))
    case 'linear':
      return x => x
  }
}
