import type { JsonObject } from '../../json.js'
import type { Rng } from '../../rng.js'
import type { ConfigOf } from '../types.js'
import { type Domain, domainBrand } from './domain.js'

/**
 * A value computed from the rest of the config: `sampleFrom((config: { width: number }) => config.width * 2)`. The function may read
 * parameters that other functions compute, wherever they stand; only a cycle of them is an error. It must depend on its arguments
 * alone, or the study can't be repeated: draw random numbers from `rng`.
 *
 * @param fn - is given the config, read-only, and a random stream of its own; annotate the part of the config that it reads
 * @returns a domain whose values must be JSON data, without NaN
 * @see Ray Tune's `tune.sample_from`
 */
export function sampleFrom<const T, C = JsonObject>(fn: (config: C, rng: Rng) => T): Domain<ConfigOf<T>> {
  return new SampleFromDomain(fn)
}

/** What {@link sampleFrom} makes. */
export class SampleFromDomain implements Domain<never> {
  readonly [domainBrand] = true
  readonly kind = 'sampleFrom'
  /** Unchecked until the domain stands in a space; the config that it asks for is the user's word. */
  readonly fn: (config: never, rng: Rng) => unknown

  constructor(fn: (config: never, rng: Rng) => unknown) {
    this.fn = fn
    Object.freeze(this)
  }
}
