import { show, TuneError } from '../errors.js'
import type { Rng } from '../rng.js'

/**
 * The Halton sequence: coordinate j of point i is i with its digits in base p_j, the j-th prime, mirrored at the point. It is nearly as even
 * as the Sobol sequence, after any number of points. Neighbouring high dimensions run in step for as many points as their bases are
 * large, unless they are scrambled.
 *
 * Given a stream it is scrambled: at each place of each coordinate a random permutation of the digits. That makes each point uniform;
 * points then lie in the middles of cells narrower than 2^-32, so never at 0.
 *
 * Scrambling takes memory and time for some p_j · 32 / log2(p_j) numbers a dimension: a millisecond or two at 60 dimensions, about a
 * second at 1,000.
 *
 * @see A. B. Owen, A randomized Halton algorithm in R, arXiv:1706.02808 (2017)
 * @see SciPy's `stats.qmc.Halton`
 */
export class HaltonSequence {
  readonly dimensions: number
  /** [d] */
  readonly #bases: readonly Base[]
  readonly #offset: number

  /**
   * @param dimensions - d, at least 0
   * @param rng - what the permutations are drawn from; without it the points are the same everywhere and the first is the origin
   * @throws `TuneError` `INVALID_OPTION` if `dimensions` is no such number
   */
  constructor(dimensions: number, rng?: Rng) {
    if (!(Number.isSafeInteger(dimensions) && dimensions >= 0)) {
      throw new TuneError(
        'INVALID_OPTION',
        `a Halton sequence was asked for ${show(dimensions)} dimensions; give an integer of at least 0`,
      )
    }
    this.dimensions = dimensions
    this.#bases = firstPrimes(dimensions).map(prime => baseOf(prime, rng))
    this.#offset = rng === undefined ? 0 : 0.5
  }

  /**
   * Computes one point, in O(d log `index`).
   *
   * @param index - an integer in [0, 2^32)
   * @param into - [d], overwritten
   * @returns `into`
   */
  point(index: number, into: Float64Array): Float64Array {
    this.#write(index, into, 0)
    return into
  }

  /**
   * Computes points one after the other.
   *
   * @param count - n
   * @param start - the index of the first; `start + count` is at most 2^32
   * @returns row-major [n × d]
   */
  points(count: number, start = 0): Float64Array {
    const all = new Float64Array(count * this.dimensions)
    for (let i = 0; i < count; i++) this.#write(start + i, all, i * this.dimensions)
    return all
  }

  #write(index: number, into: Float64Array, from: number): void {
    if (!(Number.isInteger(index) && index >= 0 && index < 2 ** 32)) {
      const range = 'from 0 to 2^32 − 1'
      throw new TuneError(
        'INVALID_OPTION',
        `a Halton sequence was asked for point ${show(index)}; it has those ${range}`,
      )
    }
    let j = from
    for (const { prime, size, digits, weights, tails } of this.#bases) {
      let place = 0
      let sum = 0
      for (let rest = index; rest > 0; place++) {
        const next = Math.floor(rest / prime)
        sum += (digits[place * prime + rest - next * prime] ?? 0) * (weights[place] ?? 0)
        rest = next
      }
      into[j++] = (sum + (tails[place] ?? 0) + this.#offset) / size
    }
  }
}

/** How the digits of one coordinate are mirrored. All are integers below 2^53, so that sums of them are exact. */
interface Base {
  readonly prime: number
  /** The power p^m of the prime that is at least 2^32: what m digits can count. */
  readonly size: number
  /** Row-major [m × p]: what becomes of each digit at each place, the lowest place of an index first. */
  readonly digits: Uint32Array
  /** [m]: what a digit counts once mirrored, p^(m − 1) for the lowest place. */
  readonly weights: Float64Array
  /** [m + 1]: what the zeros from a place on sum to. */
  readonly tails: Float64Array
}

function baseOf(prime: number, rng: Rng | undefined): Base {
  let places = 0
  let size = 1
  for (; size < 2 ** 32; size *= prime) places++
  const digits = new Uint32Array(places * prime)
  const weights = new Float64Array(places)
  const tails = new Float64Array(places + 1)
  for (let place = places - 1, weight = 1; place >= 0; place--, weight *= prime) {
    const permutation = digits.subarray(place * prime, (place + 1) * prime)
    for (let digit = 0; digit < prime; digit++) permutation[digit] = digit
    rng?.shuffle(permutation)
    weights[place] = weight
    tails[place] = (tails[place + 1] ?? 0) + (permutation[0] ?? 0) * weight
  }
  return { prime, size, digits, weights, tails }
}

function firstPrimes(count: number): readonly number[] {
  const primes: number[] = []
  for (let candidate = 2; primes.length < count; candidate++) {
    if (isPrimeAfter(primes, candidate)) primes.push(candidate)
  }
  return primes
}

/** Whether none of the primes below a number divides it. */
function isPrimeAfter(primes: readonly number[], candidate: number): boolean {
  for (const prime of primes) {
    if (prime * prime > candidate) return true
    if (candidate % prime === 0) return false
  }
  return true
}
