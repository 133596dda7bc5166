import type { OptionChecks } from '../../src/option-checks.js'
import type { Rng } from '../../src/rng.js'
import type { Dimension } from '../../src/space/dimension.js'
import type { Space } from '../../src/space/space.js'
import { canonicalize } from './units.js'

/**
 * How two parents make a child. A choice is one parent's or the other's; with equal probability but for `uniform`.
 *
 * - `sbx`: simulated binary crossover within bounds. Half of the coordinates, at random, stay as the first parent has them; the others fall
 *   near one parent or the other, the nearer the larger `eta` (above 0) is.
 * - `uniform`: each coordinate is the second parent's with the probability `swapProbability` (in [0, 1]), else the first's.
 * - `blx-alpha`: uniform over the interval between both, made longer at each end by `alpha` (0 or more) of its length.
 *
 * @see Deb and Agrawal, Simulated Binary Crossover for Continuous Search Space, Complex Systems 9 (1995)
 * @see Eshelman and Schaffer, Real-Coded Genetic Algorithms and Interval-Schemata, FOGA 2 (1993)
 */
export type Crossover =
  | { readonly type: 'sbx'; readonly eta: number }
  | { readonly type: 'uniform'; readonly swapProbability: number }
  | { readonly type: 'blx-alpha'; readonly alpha: number }

/** How a child is changed. */
export interface Mutation {
  /** The index of the polynomial distribution, 0 or more: the larger, the smaller the steps of numbers. */
  readonly eta: number
  /** How likely each parameter is to be changed, in [0, 1]; undefined for one of them on average. */
  readonly probability: number | undefined
}

/** @throws `TuneError` `INVALID_OPTION` naming the parameter of the crossover that is outside its range */
export function checkCrossover(checks: OptionChecks, crossover: Crossover): void {
  switch (crossover?.type) {
    case 'sbx':
      checks.number('crossover.eta', crossover.eta, { above: 0 })
      break
    case 'uniform':
      checks.number('crossover.swapProbability', crossover.swapProbability, { least: 0, most: 1 })
      break
    case 'blx-alpha':
      checks.number('crossover.alpha', crossover.alpha, { least: 0 })
      break
    default:
      crossover satisfies never
      checks.that(
        false,
        'crossover',
        crossover,
        "{ type: 'sbx', eta }, { type: 'uniform', swapProbability } or { type: 'blx-alpha', alpha }",
      )
  }
}

/** @throws `TuneError` `INVALID_OPTION` naming the parameter of the mutation that is outside its range */
export function checkMutation(checks: OptionChecks, { eta, probability }: Mutation): void {
  checks.number('mutationEta', eta, { least: 0 })
  if (probability !== undefined) checks.number('mutationProbability', probability, { least: 0, most: 1 })
}

/**
 * The child of two points. A parameter that the child has by its own choices, and one parent lacks, is the other's; one that neither has is
 * drawn uniformly.
 *
 * @param first - [d], canonical, NaN for parameters that it lacks; the child is more like it under `sbx`
 * @param second - [d], likewise
 * @returns [d], canonical
 */
export function crossOver(
  first: Float64Array,
  second: Float64Array,
  crossover: Crossover,
  space: Space,
  rng: Rng,
): Float64Array {
  const child = new Float64Array(first.length)
  // choices stand before what depends on them, so the child's own are made when a coordinate asks
  for (const dimension of space.dimensions) {
    const { index } = dimension
    if (!space.isActive(child, dimension)) {
      child[index] = Number.NaN
      continue
    }
    const a = first[index] ?? Number.NaN
    const b = second[index] ?? Number.NaN
    if (Number.isNaN(a)) child[index] = Number.isNaN(b) ? rng.uniform() : b
    else if (Number.isNaN(b)) child[index] = a
    else child[index] = crossCoordinate(a, b, dimension, crossover, rng)
  }
  return canonicalize(child, space)
}

function crossCoordinate(a: number, b: number, { type }: Dimension, crossover: Crossover, rng: Rng): number {
  if (crossover.type === 'uniform') return rng.uniform() < crossover.swapProbability ? b : a
  if (type === 'categorical') return rng.uniform() < 0.5 ? b : a
  if (crossover.type === 'blx-alpha') return blend(a, b, crossover.alpha, rng.uniform())
  if (rng.uniform() < 0.5) return a
  // which parent the child is near
  return rng.uniform() < 0.5 ? spread(a, b, crossover.eta, rng.uniform()) : spread(b, a, crossover.eta, rng.uniform())
}

/**
 * A coordinate of BLX-α.
 *
 * @param u - in [0, 1): where in the interval, of which what lies outside [0, 1] is cut off
 */
export function blend(a: number, b: number, alpha: number, u: number): number {
  const reach = alpha * Math.abs(a - b)
  const lower = Math.max(0, Math.min(a, b) - reach)
  const upper = Math.min(1, Math.max(a, b) + reach)
  return lower + u * (upper - lower)
}

/**
 * A coordinate of simulated binary crossover near `a`: β times as far from the parents' middle as `a` is, where β's density is
 * (η + 1)/2 · β^η up to 1 and (η + 1)/2 · β^−(η + 2) beyond, cut off where the child would leave [0, 1].
 *
 * @param u - in [0, 1): the quantile of β
 * @see Deb and Agrawal, A Niched-Penalty Approach for Constraint Handling in Genetic Algorithms (1999), for the cut
 */
export function spread(a: number, b: number, eta: number, u: number): number {
  const distance = Math.abs(a - b)
  if (distance === 0) return a
  const room = a < b ? a : 1 - a
  const largest = 1 + (2 * room) / distance
  const mass = 2 - largest ** -(eta + 1)
  const v = u * mass
  const beta = (v <= 1 ? v : 1 / (2 - v)) ** (1 / (eta + 1))
  const child = (a + b + beta * (a - b)) / 2
  return Math.min(1, Math.max(0, child))
}

/**
 * Changes each parameter with a probability: numbers by polynomial mutation, choices to another of their values. A number of few values
 * moves by one at least. Parameters that come with a new choice are drawn uniformly. In place.
 *
 * @param units - [d], canonical
 * @returns the same array, canonical
 * @see Deb and Goyal, A Combined Genetic Adaptive Search (GeneAS) for Engineering Design (1996)
 */
export function mutate(units: Float64Array, { eta, probability }: Mutation, space: Space, rng: Rng): Float64Array {
  return probability === undefined
    ? mutateAbout(units, 1, eta, space, rng)
    : change(units, eta, space, rng, () => rng.uniform() < probability)
}

/** Like {@link mutate}, but changes `count` parameters on average, or all of them if there are no more; `count` is at least 0. */
export function mutateAbout(units: Float64Array, count: number, eta: number, space: Space, rng: Rng): Float64Array {
  if (count === 0) return units
  const probability = count / Math.max(1, listVariable(units, space).length)
  return change(units, eta, space, rng, () => rng.uniform() < probability)
}

/** Like {@link mutate}, but changes exactly one parameter, chosen at random, and what depends on it: for children that are known already. */
export function mutateOne(units: Float64Array, eta: number, space: Space, rng: Rng): Float64Array {
  const variable = listVariable(units, space)
  const chosen = variable[rng.integer(0, variable.length)]
  return change(units, eta, space, rng, dimension => dimension === chosen)
}

/** How many changed copies are tried before a known point is taken for want of another. */
const mostCopies = 32

/**
 * Changes a point as little as it takes to make it a new one: by one parameter, and by more the more often that fails. In a space without
 * new points nearby it may stay what it was.
 *
 * @param units - [d], canonical; not changed
 * @returns [d], canonical
 */
export function renew(
  units: Float64Array,
  isKnown: (units: Float64Array) => boolean,
  eta: number,
  space: Space,
  rng: Rng,
): Float64Array {
  if (!isKnown(units)) return units
  const perCount = Math.max(2, listVariable(units, space).length)
  for (let copies = 0; copies < mostCopies; copies++) {
    const copy = units.slice()
    for (let changes = 0; changes <= copies / perCount; changes++) mutateOne(copy, eta, space, rng)
    if (!isKnown(copy)) return copy
  }
  return units
}

/** The dimensions that a point has, but for those of a single value. */
function listVariable(units: Float64Array, { dimensions }: Space): readonly Dimension[] {
  return dimensions.filter(({ index, size }) => size > 1 && !Number.isNaN(units[index] ?? Number.NaN))
}

function change(
  units: Float64Array,
  eta: number,
  space: Space,
  rng: Rng,
  isChanged: (dimension: Dimension) => boolean,
): Float64Array {
  for (const dimension of space.dimensions) {
    const { index, size } = dimension
    const unit = units[index] ?? Number.NaN
    if (!space.isActive(units, dimension)) units[index] = Number.NaN
    else if (Number.isNaN(unit)) units[index] = rng.uniform()
    else if (size > 1 && isChanged(dimension)) units[index] = mutateCoordinate(unit, dimension, eta, rng)
  }
  return canonicalize(units, space)
}

function mutateCoordinate(unit: number, dimension: Dimension, eta: number, rng: Rng): number {
  if (dimension.type === 'categorical') {
    const { size } = dimension
    return (((dimension.indexAt(unit) + rng.integer(1, size)) % size) + 0.5) / size
  }
  const u = rng.uniform()
  const mutated = perturb(unit, eta, u)
  if (dimension.type === 'continuous') return mutated
  const { lower, upper } = dimension.cell(unit)
  const { lower: mutatedLower } = dimension.cell(mutated)
  if (mutatedLower !== lower) return mutated
  const goesUp = upper >= 1 || (u < 0.5 && lower > 0) ? -1 : 1
  return goesUp > 0 ? upper + nudge : lower - nudge
}

/** Far enough from a cell's edge to be in the next one. */
const nudge = 1e-9

/**
 * Polynomial mutation within bounds: the step's density falls as (1 − |step|)^η, and its halves are fitted to the room on either side.
 *
 * @param unit - in [0, 1]
 * @param u - in [0, 1): the quantile of the step
 * @returns in [0, 1]
 * @see Deb and Agrawal, A Niched-Penalty Approach for Constraint Handling in Genetic Algorithms (1999)
 */
export function perturb(unit: number, eta: number, u: number): number {
  const power = eta + 1
  const step =
    u < 0.5
      ? (2 * u + (1 - 2 * u) * (1 - unit) ** power) ** (1 / power) - 1
      : 1 - (2 * (1 - u) + (2 * u - 1) * unit ** power) ** (1 / power)
  return Math.min(1, Math.max(0, unit + step))
}
