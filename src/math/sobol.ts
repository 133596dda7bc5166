import { show, TuneError } from '../errors.js'
import type { Rng } from '../rng.js'
import { directionBlocks } from './sobol-directions.js'

/** How many bits a coordinate has. */
const bits = 32
const cell = 2 ** -bits

/** How many dimensions a {@link SobolSequence} may have. */
export const maxSobolDimensions: number = 1 + directionBlocks.reduce((sum, { count }) => sum + count, 0)

/**
 * The Sobol sequence: points that fill the unit cube far more evenly than random ones. Of each 2^k points from a multiple of 2^k on,
 * every interval [i, i + 1) / 2^k of every coordinate holds one.
 *
 * Given a stream it is scrambled: each coordinate's digits are multiplied by a random lower-triangular matrix, then shifted, both
 * modulo 2. That keeps the evenness, makes each point uniform, and breaks the patterns that pairs of high dimensions show; points then
 * lie in the middles of cells of 2^-32, so never at 0.
 *
 * Points come in Gray-code order, like SciPy's, yet any of them is computed by itself.
 *
 * @see S. Joe and F. Y. Kuo, Constructing Sobol sequences with better two-dimensional projections, SIAM J. Sci. Comput. 30 (2008)
 * @see J. Matoušek, On the L2-discrepancy for anchored boxes, J. Complexity 14 (1998) 527–556, for the scrambling
 * @see SciPy's `stats.qmc.Sobol`
 */
export class SobolSequence {
  readonly dimensions: number
  /** Row-major [32 × d]: the direction numbers of bit k of an index stand in row k. */
  readonly #directions: Uint32Array
  /** [d] */
  readonly #shifts: Uint32Array
  readonly #offset: number

  /**
   * @param dimensions - d, from 0 to {@link maxSobolDimensions}
   * @param rng - what the scrambling is drawn from, 32 numbers for each dimension; without it the points are the same everywhere and
   * the first is the origin
   * @throws `TuneError` `INVALID_OPTION` if there are no direction numbers for so many dimensions
   */
  constructor(dimensions: number, rng?: Rng) {
    if (!(Number.isInteger(dimensions) && dimensions >= 0 && dimensions <= maxSobolDimensions)) {
      const range = `from 0 to ${maxSobolDimensions}`
      throw new TuneError(
        'INVALID_OPTION',
        `a Sobol sequence was asked for ${show(dimensions)} dimensions; it has ${range}`,
      )
    }
    this.dimensions = dimensions
    this.#directions = directionsOf(dimensions)
    this.#shifts = new Uint32Array(dimensions)
    this.#offset = rng === undefined ? 0 : 0.5 * cell
    if (rng !== undefined) scramble(this.#directions, this.#shifts, rng)
  }

  /**
   * Computes one point, in O(32 d).
   *
   * @param index - an integer in [0, 2^32)
   * @param into - [d], overwritten
   * @returns `into`
   */
  point(index: number, into: Float64Array): Float64Array {
    const state = this.#stateAt(index)
    for (let j = 0; j < this.dimensions; j++) into[j] = (state[j] ?? 0) * cell + this.#offset
    return into
  }

  /**
   * Computes points one after the other, in O(d) each.
   *
   * @param count - n
   * @param start - the index of the first; `start + count` is at most 2^32
   * @returns row-major [n × d]
   */
  points(count: number, start = 0): Float64Array {
    const d = this.dimensions
    const directions = this.#directions
    const all = new Float64Array(count * d)
    if (count === 0) return all
    const state = this.#stateAt(start)
    for (let i = 0; i < count; i++) {
      const row = i * d
      for (let j = 0; j < d; j++) all[row + j] = (state[j] ?? 0) * cell + this.#offset
      // the one bit in which the next index's Gray code differs
      const bit = lowestBit(start + i + 1) * d
      for (let j = 0; j < d; j++) state[j] = (state[j] ?? 0) ^ (directions[bit + j] ?? 0)
    }
    return all
  }

  /** The digits of a point, as integers. */
  #stateAt(index: number): Uint32Array {
    if (!(Number.isInteger(index) && index >= 0 && index < 2 ** bits)) {
      throw new TuneError(
        'INVALID_OPTION',
        `a Sobol sequence was asked for point ${show(index)}; it has those from 0 to 2^32 − 1`,
      )
    }
    const d = this.dimensions
    const directions = this.#directions
    const state = Uint32Array.from(this.#shifts)
    const gray = (index ^ (index >>> 1)) >>> 0
    for (let rest = gray; rest !== 0; rest &= rest - 1) {
      const bit = lowestBit(rest) * d
      for (let j = 0; j < d; j++) state[j] = (state[j] ?? 0) ^ (directions[bit + j] ?? 0)
    }
    return state
  }
}

/** The place of the lowest bit that is set. */
function lowestBit(value: number): number {
  return 31 - Math.clz32(value & -value)
}

/** The direction numbers of the first dimensions, row-major [32 × d]. */
function directionsOf(dimensions: number): Uint32Array {
  const all = new Uint32Array(bits * dimensions)
  // the first dimension is van der Corput's sequence
  if (dimensions > 0) for (let k = 0; k < bits; k++) all[k * dimensions] = 2 ** (31 - k)
  let j = 1
  for (const block of directionBlocks) {
    if (j >= dimensions) break
    const read = bitReader(block.bits)
    for (let i = 0; i < block.count && j < dimensions; i++, j++) fillDirections(all, dimensions, j, block.degree, read)
  }
  return all
}

/** Extends the initial direction numbers of dimension j by its polynomial's recurrence (Joe and Kuo, eq. 3). */
function fillDirections(all: Uint32Array, d: number, j: number, s: number, read: (count: number) => number): void {
  const polynomial = read(s - 1)
  for (let k = 0; k < s; k++) all[k * d + j] = (2 * read(k) + 1) << (31 - k)
  for (let k = s; k < bits; k++) {
    const first = all[(k - s) * d + j] ?? 0
    let value = first ^ (first >>> s)
    for (let i = 1; i < s; i++) if ((polynomial >> (s - 1 - i)) & 1) value ^= all[(k - i) * d + j] ?? 0
    all[k * d + j] = value
  }
}

/** Reads numbers of some bits each out of base64. */
function bitReader(base64: string): (count: number) => number {
  const bytes = atob(base64)
  let place = 0
  return count => {
    let value = 0
    for (let i = 0; i < count; i++, place++)
      value = 2 * value + ((bytes.charCodeAt(place >> 3) >> (7 - (place & 7))) & 1)
    return value
  }
}

/** Multiplies each dimension's direction numbers by a random lower-triangular matrix over GF(2), and draws the shifts. */
function scramble(directions: Uint32Array, shifts: Uint32Array, rng: Rng): void {
  const d = shifts.length
  const columns = new Uint32Array(bits)
  for (let j = 0; j < d; j++) {
    // column k of the matrix: a 1 on the diagonal, chance below
    for (let k = 0; k < bits; k++) columns[k] = (0x8000_0000 | (rng.seed() >>> 1)) >>> k
    shifts[j] = rng.seed()
    for (let k = 0; k < bits; k++) {
      let product = 0
      for (let rest = directions[k * d + j] ?? 0; rest !== 0; rest &= rest - 1)
        product ^= columns[31 - lowestBit(rest)] ?? 0
      directions[k * d + j] = product
    }
  }
}
