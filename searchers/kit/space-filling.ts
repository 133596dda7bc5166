import { maxSobolDimensions, SobolSequence } from '../../src/math/sobol.js'
import type { Rng } from '../../src/rng.js'
import type { Space } from '../../src/space/space.js'
import { canonicalize } from './units.js'

/** Points that fill the unit cube evenly, to start a search from: a scrambled Sobol sequence. */
export class SpaceFilling {
  readonly #space: Space
  readonly #sequence: SobolSequence

  /** @param rng - what the scrambling is drawn from; a stream of the study's, so that all suggestions share the sequence */
  constructor(space: Space, rng: Rng) {
    this.#space = space
    this.#sequence = new SobolSequence(Math.min(space.dimensions.length, maxSobolDimensions), rng)
  }

  /**
   * Computes a point, in O(32 d).
   *
   * @param index - an integer in [0, 2^32)
   * @param rng - what the coordinates are drawn from that a Sobol sequence doesn't reach
   * @returns [d], canonical
   */
  point(index: number, rng: Rng): Float64Array {
    const units = this.#sequence.point(index, new Float64Array(this.#space.dimensions.length))
    for (let i = this.#sequence.dimensions; i < units.length; i++) units[i] = rng.uniform()
    return canonicalize(units, this.#space)
  }
}
