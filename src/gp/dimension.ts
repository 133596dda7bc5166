/** An axis of the inputs of a Gaussian process. */
export interface GpDimension {
  /** `numeric`: near values have like results. `categorical`: values are indices, and are equal or not. */
  readonly type: 'numeric' | 'categorical'
  /** How many categories there are; for information alone. */
  readonly size?: number
}

/**
 * What an inactive value adds to the squared distance from an active one, beside standing at ½ itself: together ¾ to 1. A distance
 * of 1 from every active value would not be one between points of a Euclidean space, so the kernel would not be positive definite.
 */
export const inactivity = 0.75

/**
 * The squared distances of all pairs of points along each dimension, not scaled: of numbers the square of their difference, of
 * categories 1 unless they are equal; 0 where both are inactive (NaN), {@link inactivity} and more where one is.
 *
 * @param x - row-major [n × d]
 * @returns row-major [d × n(n − 1)/2], the pair (i, k) with k < i at i(i − 1)/2 + k
 */
export function squaredDistances(x: Float64Array, n: number, dimensions: readonly GpDimension[]): Float64Array {
  const d = dimensions.length
  const distances = new Float64Array((d * n * (n - 1)) / 2)
  let place = 0
  for (const [j, { type }] of dimensions.entries()) {
    const distance = type === 'categorical' ? categoricalDistance : numericDistance
    for (let i = 1; i < n; i++) {
      const a = x[i * d + j] ?? 0
      for (let k = 0; k < i; k++) distances[place++] = distance(a, x[k * d + j] ?? 0)
    }
  }
  return distances
}

function categoricalDistance(a: number, b: number): number {
  return Object.is(a, b) ? 0 : 1
}

function numericDistance(a: number, b: number): number {
  const difference = a - b
  if (!Number.isNaN(difference)) return difference * difference
  if (Object.is(a, b)) return 0
  const fromCentre = (Number.isNaN(a) ? b : a) - 0.5
  return fromCentre * fromCentre + inactivity
}
