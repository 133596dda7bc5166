import type { Layer, LayerHost } from './layer.js'

/** Drops numbers at random while training, each with probability `rate` in [0, 1), and scales the others up; see {@link dropoutMask}. */
export function dropout({ tf }: LayerHost, name: string, rate: number): Layer {
  if (rate === 0) return x => x
  return (x, pass) =>
    pass.isTraining ? tf.mul(x, tf.tensor(dropoutMask(x.size, rate, pass.dropoutSeed(name)), x.shape)) : x
}

/**
 * A dropout mask: each number is 0 with probability `rate`, else `1 / (1 - rate)`.
 *
 * The mask is a function of its seed and nothing else. (A tfjs-layers dropout with a seed draws the same mask at each call.)
 *
 * @param rate - in [0, 1)
 * @param seed - an unsigned 32-bit integer
 * @see mulberry32 by Tommy Ettinger, public domain, here run as a counter-based generator
 */
export function dropoutMask(length: number, rate: number, seed: number): Float32Array {
  const mask = new Float32Array(length)
  const kept = 1 / (1 - rate)
  const threshold = rate * 0x1_0000_0000
  let state = seed | 0
  for (let i = 0; i < length; i++) {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    mask[i] = (bits ^ (bits >>> 14)) >>> 0 < threshold ? 0 : kept
  }
  return mask
}
