import type { Rng } from '../../src/rng.js'

/** The standard normal and uniform numbers that one generation is drawn with. */
export interface Noise {
  /** [λ], each [n]: every second vector is the negative of the one before, the others are at right angles as far as they can be. */
  readonly normals: readonly Float64Array[]
  /** [λ], each [choices], in [0, 1): the λ numbers of a choice are spread evenly. */
  readonly uniforms: readonly Float64Array[]
}

/**
 * Draws a generation's noise: each vector by itself is as independent numbers are, the whole is spread more evenly.
 *
 * @param n - how many normal numbers a point takes
 * @param choices - how many uniform ones
 * @param count - λ
 * @see Wang, Emmerich and Bäck, Mirrored Orthogonal Sampling for Covariance Matrix Adaptation Evolution Strategies, Evolutionary
 * Computation 27 (2019)
 */
export function drawNoise(rng: Rng, n: number, choices: number, count: number): Noise {
  const normals: Float64Array[] = []
  // those that the next one is made orthogonal to
  let group: Float64Array[] = []
  while (normals.length < count) {
    if (group.length === n) group = []
    const vector = Float64Array.from({ length: n }, () => rng.normal())
    orthogonalise(vector, group)
    group.push(vector)
    normals.push(
      vector,
      vector.map(value => -value),
    )
  }
  const uniforms = Array.from({ length: count }, () => new Float64Array(choices))
  for (let k = 0; k < choices; k++) {
    const start = rng.uniform()
    const order = rng.shuffle(Array.from({ length: count }, (_, i) => i))
    for (const [i, row] of uniforms.entries()) row[k] = (start + (order[i] ?? 0) / count) % 1
  }
  return { normals: normals.slice(0, count), uniforms }
}

/** Turns a vector to be at right angles to those of a group, which are so among themselves; its length stays. */
function orthogonalise(vector: Float64Array, group: readonly Float64Array[]): void {
  const length = Math.hypot(...vector)
  const original = vector.slice()
  for (const other of group) {
    let [product, square] = [0, 0]
    for (const [k, value] of other.entries()) {
      product += value * (vector[k] ?? 0)
      square += value * value
    }
    if (square === 0) continue
    for (const [k, value] of other.entries()) vector[k] = (vector[k] ?? 0) - (product / square) * value
  }
  const left = Math.hypot(...vector)
  // by a rare chance there is no direction left but rounding errors
  if (left < 1e-6 * length) vector.set(original)
  else for (let k = 0; k < vector.length; k++) vector[k] = ((vector[k] ?? 0) * length) / left
}
