import type { OptionChecks } from '../../src/option-checks.js'
import type { Rng } from '../../src/rng.js'
import type { Space } from '../../src/space/space.js'
import { type Crossover, checkCrossover, checkMutation, crossOver, type Mutation, mutate } from './variation.js'

/** How children are made. */
export interface Breeding {
  readonly crossover: Crossover
  /** How likely a child is to have two parents, in [0, 1]; else it is a changed copy of one. */
  readonly crossoverProbability: number
  readonly mutation: Mutation
}

/** @throws `TuneError` `INVALID_OPTION` naming what is outside its range */
export function checkBreeding(checks: OptionChecks, { crossover, crossoverProbability, mutation }: Breeding): void {
  checkCrossover(checks, crossover)
  checks.number('crossoverProbability', crossoverProbability, { least: 0, most: 1 })
  checkMutation(checks, mutation)
}

/** Picks one of `count` that are ranked from best to worst, in [0, count). */
export type SelectRank = (count: number, rng: Rng) => number

/**
 * A child of two of a population, or of one.
 *
 * @param ranked - the population, from best to worst
 * @returns [d], canonical; undefined if fewer than two could be its parents
 */
export function breed(
  ranked: readonly { readonly units: Float64Array }[],
  select: SelectRank,
  { crossover, crossoverProbability, mutation }: Breeding,
  space: Space,
  rng: Rng,
): Float64Array | undefined {
  if (ranked.length < 2) return undefined
  const first = select(ranked.length, rng)
  const mother = ranked[first]
  if (mother === undefined) return undefined
  if (rng.uniform() >= crossoverProbability) return mutate(mother.units.slice(), mutation, space, rng)
  // drawn from the others, since a child has two parents
  const second = select(ranked.length - 1, rng)
  const father = ranked[second < first ? second : second + 1] ?? mother
  return mutate(crossOver(mother.units, father.units, crossover, space, rng), mutation, space, rng)
}
