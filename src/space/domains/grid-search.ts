import type { ConfigOf, SpaceNode } from '../types.js'
import { type Domain, domainBrand } from './domain.js'

/**
 * Every one of the given values in turn: `RandomSearcher` and `GridSearcher` try all combinations of a space's grids, each `numSamples`
 * times. A value may be a constant or a sub-space. A grid can't stand inside a `choice` or another grid.
 *
 * @param values - at least one
 * @see Ray Tune's `tune.grid_search`
 */
export function gridSearch<const V extends readonly SpaceNode[]>(values: V): Domain<ConfigOf<V[number]>> {
  return new GridSearchDomain(values)
}

/** What {@link gridSearch} makes. */
export class GridSearchDomain implements Domain<never> {
  readonly [domainBrand] = true
  readonly kind = 'gridSearch'
  /** Unchecked until the domain stands in a space. */
  readonly values: readonly unknown[]

  constructor(values: readonly unknown[]) {
    this.values = values
    Object.freeze(this)
  }
}
