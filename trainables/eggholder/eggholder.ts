import type { Rng } from '../../src/rng.js'

/** The function is defined on [−512, 512]². */
export const eggholderEnd = 512

/**
 * The Eggholder function: hills and valleys between about −960 and 1049, each narrower than the square by far.
 *
 * @see Whitley et al. 1996, "Evaluating evolutionary algorithms"
 */
export function eggholder(x: number, y: number): number {
  const raised = y + 47
  return -raised * Math.sin(Math.sqrt(Math.abs(x / 2 + raised))) - x * Math.sin(Math.sqrt(Math.abs(x - raised)))
}

/** Points of the square and what was measured there. */
export interface SurfacePoints {
  /** How many there are. */
  readonly count: number
  /** Row-major [count × 2], over 512, so in [−1, 1). */
  readonly inputs: Float32Array
  /** [count], in the function's unit, with noise. */
  readonly targets: Float32Array
}

/** Draws points uniformly from the square, and measures the function there with normal noise. @param noise - its standard deviation, ≥ 0 */
export function eggholderPoints(count: number, noise: number, rng: Rng): SurfacePoints {
  const inputs = new Float32Array(2 * count)
  const targets = new Float32Array(count)
  for (let i = 0; i < count; i++) {
    const [x, y] = [2 * rng.uniform() - 1, 2 * rng.uniform() - 1]
    inputs[2 * i] = x
    inputs[2 * i + 1] = y
    targets[i] = eggholder(eggholderEnd * x, eggholderEnd * y) + noise * rng.normal()
  }
  return { count, inputs, targets }
}
