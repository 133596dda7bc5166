import { randomInt } from 'node:crypto'
import seedrandom from 'seedrandom'

/**
 * A named stream of random numbers (ARC4 through `seedrandom`).
 *
 * Streams are told apart by name alone: a fork depends on the path of names that leads to it and on the study's seed, never on how
 * many numbers anybody has drawn. So suggestion *n* can be computed again without the *n* − 1 before it.
 */
export class Rng {
  readonly #path: string
  #generator: seedrandom.PRNG | undefined
  #spare: number | undefined

  private constructor(path: string) {
    this.#path = path
  }

  /** The root stream of a study. */
  static from(seed: number | string): Rng {
    return new Rng(typeof seed === 'number' ? `n:${seed}` : `s${seed.length}:${seed}`)
  }

  /** The stream of that name below this one; `rng.fork('trial', 3)` is the same stream each time it is asked for. */
  fork(...names: readonly (string | number)[]): Rng {
    let path = this.#path
    // a text's length goes before it, so that no two lists of names make the same path
    for (const name of names) path += typeof name === 'number' ? `/${name}` : `/${name.length}:${name}`
    return new Rng(path)
  }

  /** A number in [0, 1), uniform, with 52 random bits or more. */
  uniform(): number {
    // seedrandom looks at the low byte of each character: as UTF-8 none is lost
    this.#generator ??= seedrandom(Buffer.from(this.#path, 'utf8').toString('latin1'))
    return this.#generator()
  }

  /** An integer in [lower, upper), uniform; `upper - lower` at most 2^53. */
  integer(lower: number, upper: number): number {
    return lower + Math.floor(this.uniform() * (upper - lower))
  }

  /** A number of the standard normal distribution (Marsaglia's polar method). */
  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare
      this.#spare = undefined
      return spare
    }
    for (;;) {
      const u = 2 * this.uniform() - 1
      const v = 2 * this.uniform() - 1
      const s = u * u + v * v
      if (s > 0 && s < 1) {
        const scale = Math.sqrt((-2 * Math.log(s)) / s)
        this.#spare = v * scale
        return u * scale
      }
    }
  }

  /** An unsigned 32-bit integer: a seed for libraries that take one. */
  seed(): number {
    return Math.floor(this.uniform() * 0x1_0000_0000)
  }

  /** Shuffles in place (Fisher–Yates) and returns the same array. */
  shuffle<T extends { length: number; [index: number]: unknown }>(array: T): T {
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.integer(0, i + 1)
      const held = array[i]
      array[i] = array[j]
      array[j] = held
    }
    return array
  }
}

/** Draws a seed for a study that was given none; it is recorded in the journal. */
export function drawSeed(): number {
  return randomInt(2 ** 32)
}
