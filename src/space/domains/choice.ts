import type { ConfigOf, SpaceNode } from '../types.js'
import { type Domain, domainBrand } from './domain.js'

/**
 * One of the given values, all equally likely. A value may be a constant, a domain, or a sub-space, whose parameters then exist only
 * where it is chosen: `choice([{ name: 'sgd', momentum: uniform(0, 1) }, { name: 'adam', beta: uniform(0.8, 1) }])`.
 *
 * @param values - at least one; a value that stands twice is twice as likely
 * @see Ray Tune's `tune.choice`
 */
export function choice<const V extends readonly SpaceNode[]>(values: V): Domain<ConfigOf<V[number]>> {
  return new ChoiceDomain(values)
}

/** What {@link choice} makes. */
export class ChoiceDomain implements Domain<never> {
  readonly [domainBrand] = true
  readonly kind = 'choice'
  /** Unchecked until the domain stands in a space. */
  readonly values: readonly unknown[]

  constructor(values: readonly unknown[]) {
    this.values = values
    Object.freeze(this)
  }
}
