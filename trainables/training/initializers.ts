import type { Rng } from '../../src/rng.js'

/** How weights start: drawn around 0 with a variance that suits the layer's size. */
export const initializerNames = ['glorotUniform', 'glorotNormal', 'heUniform', 'heNormal', 'lecunNormal'] as const

/** The name of an initializer. */
export type InitializerName = (typeof initializerNames)[number]

/** How weights start: by the layer's size, normally distributed with a standard deviation, or uniform in [−range, range). */
export type Initializer = InitializerName | { readonly normal: number } | { readonly uniform: number }

/** What an initializer goes by. */
export interface WeightSizes {
  /** How many weights there are. */
  readonly length: number
  /** How many inputs each output sums. */
  readonly fanIn: number
  /** How many outputs each input goes to. */
  readonly fanOut: number
}

/**
 * Draws initial weights.
 *
 * @see Glorot and Bengio 2010 (variance 2 / (fanIn + fanOut), also called Xavier); He et al. 2015 (2 / fanIn); LeCun et al. 1998 (1 / fanIn)
 */
export function initialWeights(initializer: Initializer, sizes: WeightSizes, rng: Rng): Float32Array {
  const { isUniform, deviation } = distributionOf(initializer, sizes)
  const draw = isUniform ? () => (2 * rng.uniform() - 1) * Math.sqrt(3) : () => rng.normal()
  const weights = new Float32Array(sizes.length)
  for (let i = 0; i < weights.length; i++) weights[i] = draw() * deviation
  return weights
}

function distributionOf(
  initializer: Initializer,
  { fanIn, fanOut }: WeightSizes,
): { readonly isUniform: boolean; readonly deviation: number } {
  if (typeof initializer === 'object') {
    return 'normal' in initializer
      ? { isUniform: false, deviation: initializer.normal }
      : { isUniform: true, deviation: initializer.uniform / Math.sqrt(3) }
  }
  const variance = {
    glorotUniform: 2 / (fanIn + fanOut),
    glorotNormal: 2 / (fanIn + fanOut),
    heUniform: 2 / fanIn,
    heNormal: 2 / fanIn,
    lecunNormal: 1 / fanIn,
  }[initializer]
  return { isUniform: initializer.endsWith('Uniform'), deviation: Math.sqrt(variance) }
}
