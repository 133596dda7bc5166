import type { Rng } from '../../src/rng.js'

/** How weights start: drawn around 0 with a variance that suits the layer's size. */
export const initializerNames = ['glorotUniform', 'glorotNormal', 'heUniform', 'heNormal', 'lecunNormal'] as const

/** The name of an initializer. */
export type InitializerName = (typeof initializerNames)[number]

/**
 * Draws initial weights.
 *
 * @param fanIn - how many inputs each output sums
 * @param fanOut - how many outputs each input goes to
 * @see Glorot and Bengio 2010 (variance 2 / (fanIn + fanOut)); He et al. 2015 (2 / fanIn); LeCun et al. 1998 (1 / fanIn)
 */
export function initialWeights(
  name: InitializerName,
  sizes: { readonly length: number; readonly fanIn: number; readonly fanOut: number },
  rng: Rng,
): Float32Array {
  const { length, fanIn, fanOut } = sizes
  const variance = {
    glorotUniform: 2 / (fanIn + fanOut),
    glorotNormal: 2 / (fanIn + fanOut),
    heUniform: 2 / fanIn,
    heNormal: 2 / fanIn,
    lecunNormal: 1 / fanIn,
  }[name]
  const deviation = Math.sqrt(variance)
  const draw = name.endsWith('Uniform') ? () => (2 * rng.uniform() - 1) * Math.sqrt(3) : () => rng.normal()
  const weights = new Float32Array(length)
  for (let i = 0; i < length; i++) weights[i] = draw() * deviation
  return weights
}
