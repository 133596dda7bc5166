import type { Rng } from '../../src/rng.js'
import { type Initializer, initializerNames, initialWeights } from '../training/initializers.js'
import type { DenseNetwork } from './dense-network.js'

/** Draws a network's weights, each layer's from a stream of its own, and sets its biases to 0. */
export function initialize(network: DenseNetwork, initializer: Initializer, rng: Rng): void {
  for (const [index, { inputs, outputs, weights, biases }] of network.layers.entries()) {
    const sizes = { length: weights.length, fanIn: inputs, fanOut: outputs }
    weights.set(initialWeights(initializer, sizes, rng.fork('weights', index)))
    biases.fill(0)
  }
}

/** What {@link isInitializer} wants to see, in words. */
export const initializerKinds = `one of ${initializerNames.join(', ')}, or { normal: deviation }, or { uniform: range }`

/** Whether a config's value is an initializer that can be used. */
export function isInitializer(value: Initializer): boolean {
  if (typeof value === 'string') return initializerNames.includes(value)
  const size = 'normal' in value ? value.normal : value.uniform
  return size > 0 && Number.isFinite(size)
}
