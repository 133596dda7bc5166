import type { Tensor } from '@tensorflow/tfjs-core'
import type { TensorFlowCore } from '../../tensorflow/backend.js'
import type { Layer, LayerHost } from './layer.js'

/** The functions that units can have. */
export const activationNames = ['relu', 'leakyRelu', 'tanh', 'sigmoid', 'swish', 'linear'] as const

/** The name of an activation. */
export type ActivationName = (typeof activationNames)[number]

/** How an activation is shaped. */
export interface ActivationOptions {
  /** What `leakyRelu` multiplies negative numbers by; in [0, 1]. @defaultValue 0.01 */
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
      return x => leakyRelu(tf, x, slope)
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

/** `max(x, slope · x)`, made of what the WASM back end is fast at: its own kernel takes three times as long. */
function leakyRelu(tf: TensorFlowCore, input: Tensor, slope: number): Tensor {
  const operation = tf.customGrad((...given) => {
    const [x, save] = given as [Tensor, (tensors: Tensor[]) => void]
    save([x])
    const gradFunc = (dy: Tensor, [saved]: Tensor[]): Tensor => tf.mul(dy, tf.step(saved as Tensor, slope))
    return { value: tf.add(tf.mul(tf.relu(x), 1 - slope), tf.mul(x, slope)), gradFunc }
  })
  return operation(input)
}
