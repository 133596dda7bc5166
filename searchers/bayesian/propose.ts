import type { GaussianProcess } from '../../src/gp/gaussian-process.js'
import type { Rng } from '../../src/rng.js'
import { keyOf } from '../kit/units.js'
import { type Acquisition, confidenceBound, logExpectedImprovement, logMean } from './acquisition.js'
import { type Box, nearby, spread, wholeCube } from './candidates.js'
import { type Basin, isWithin } from './elsewhere.js'
import { bendRows } from './input-warp.js'
import type { Layout } from './layout.js'
import { type Effort, maximize } from './maximize.js'
import type { ResolvedOptions } from './options.js'
import { type Place, type Search, writeInputs } from './score.js'
import { fitSurrogate, type History, type Surrogate, take } from './surrogate.js'
import { sideOf, weighSides } from './trust-region.js'

/** What a proposal depends on. */
export interface Situation {
  readonly layout: Layout
  readonly surrogate: Surrogate
  readonly history: History
  /** The observed points of the unit cube, [D] each. */
  readonly units: readonly Float64Array[]
  /** The points of trials that have not ended, likewise. */
  readonly pending: readonly Float64Array[]
  /** Whether a point was observed. */
  readonly isKnown: (units: Float64Array) => boolean
  /** The side of the trust region; undefined if there is none. */
  readonly regionLength: number | undefined
  readonly options: ResolvedOptions
  /** Whether results are made to look normal. */
  readonly isWarped: boolean
  /** Whether to leave the best config's surroundings, once little is to be found there. */
  readonly isRoving: boolean
  readonly rng: Rng
}

/** The logarithm of the expected improvement below which little is to be found, in standard deviations of the results. */
const little = Math.log(1e-3)

/** Likewise, if the last trials have brought nothing. */
const some = Math.log(2e-2)

/** The means of so many of the best observations tell the least mean. */
const maxIncumbents = 30

const leastGain = 1e-3

/** Out of how many basins it looks for another one, and how many observations a model elsewhere has. */
const maxBasins = 3
const leastElsewhere = 6
const mostElsewhere = 150

/** Near so many of the best observations there are candidates. */
const centres = 4

/** Of how many length scales they are spread about them. */
const spreadOfLength = 0.5

/** The number of candidates among which Thompson sampling chooses. */
const sampled = 256

/** Proposes the config that promises most; undefined if all that were met are known. */
export function propose(situation: Situation): Float64Array | undefined {
  const { layout, surrogate, pending, isKnown, options } = situation
  const { varying } = layout
  const d = varying.length
  const order = orderOf(situation.history.values)
  const box = boxOf(situation, order)
  const rows = new Float64Array(pending.length * d)
  const inputs = { layout, inputWarp: surrogate.inputWarp }
  for (const [i, units] of pending.entries()) writeInputs(inputs, units, rows, i * d)
  const taken = new Set(pending.map(keyOf))
  const isTaken = (units: Float64Array) => taken.has(keyOf(units)) || isKnown(units)
  const search = (acquisition: Acquisition): Search => ({ ...inputs, acquisition, box, isTaken })

  const { acquisition } = options
  if (acquisition.type === 'thompson-sampling') {
    // pending trials had functions of their own drawn, so they need not be heeded
    const candidates = candidatesOf(situation, order, box, { wide: sampled / 2, near: sampled / 2 })
    return maximize(search(thompson(surrogate.gp, situation.rng)), candidates, { starts: 0, steps: 0 })?.units
  }
  const { wide, near, effort } = effortOf(surrogate.gp.size)
  const candidates = candidatesOf(situation, order, box, { wide, near })
  const processes = fantasize(situation, rows)
  if (acquisition.type === 'confidence-bound') {
    const [process = surrogate.gp] = processes
    return maximize(search(confidenceBound(process, acquisition.kappa)), candidates, effort)?.units
  }
  const incumbents = concatenate(incumbentRows(situation, order), rows)
  const parts = processes.map(process => improvementOn(process, incumbents))
  const best = maximize(search(logMean(parts)), candidates, effort)
  const isExhausted =
    best === undefined || best.score < little || (best.score < some && isStagnant(situation.history.values, order, d))
  if (!isExhausted || !situation.isRoving || layout.isListed) return best?.units
  return (proposeElsewhere(situation) ?? best)?.units
}

/**
 * Proposes as if there had been no trial near the best config, nor near the best of the others if little is to be found there either: the
 * many trials near an optimum make a model take all the space for its like, and another optimum would not be found.
 */
function proposeElsewhere(situation: Situation): Place | undefined {
  const { layout, history, units, pending, isKnown, isWarped, options } = situation
  const { varying } = layout
  const basins: Basin[] = []
  const isElsewhere = (point: Float64Array) => !basins.some(basin => isWithin(basin, point))
  const order = orderOf(history.values)
  let places = thin(order)
  let { surrogate } = situation
  // of many observations the model of all tells where to begin
  const initial = places === order ? undefined : surrogate.gp.hyperparameters
  if (initial) surrogate = fitSurrogate(take(history, places, varying.length), layout, options, isWarped, initial)
  while (basins.length < maxBasins) {
    const bottom = units[places[0] ?? 0]?.map(fill)
    if (bottom === undefined) return undefined
    const { gp, inputWarp } = surrogate
    const { mean, outputScale } = gp.hyperparameters
    const brim = mean - 0.5 * Math.sqrt(outputScale)
    basins.push({ bottom, gp, inputs: { layout, inputWarp }, brim })
    places = places.filter(place => isElsewhere(units[place] ?? bottom))
    if (places.length < leastElsewhere) return undefined
    const few = take(history, places, varying.length)
    surrogate = fitSurrogate(few, layout, options, isWarped, initial)
    const others = pending.filter(isElsewhere)
    const partly: Situation = {
      ...situation,
      surrogate,
      history: few,
      units: places.flatMap(place => units[place] ?? []),
      pending: others,
    }
    const best = [...places.keys()]
    const inputs = { layout, inputWarp: surrogate.inputWarp }
    const rows = new Float64Array(others.length * varying.length)
    for (const [i, point] of others.entries()) writeInputs(inputs, point, rows, i * varying.length)
    const [process = surrogate.gp] = fantasize({ ...partly, options: { ...options, fantasies: 0 } }, rows)
    const acquisition = improvementOn(process, concatenate(incumbentRows(partly, best), rows))
    const box = wholeCube(layout.space.dimensions.length)
    const taken = new Set(pending.map(keyOf))
    const isTaken = (point: Float64Array) => !isElsewhere(point) || taken.has(keyOf(point)) || isKnown(point)
    const { wide, near, effort } = effortOf(process.size)
    const candidates = candidatesOf(partly, best, box, { wide, near })
    const found = maximize({ ...inputs, acquisition, box, isTaken }, candidates, effort)
    if (found !== undefined && found.score >= little) return found
  }
  return undefined
}

/** At most as many of the observations as a model elsewhere has: the best, and of the others each so-manieth. */
function thin(order: readonly number[]): readonly number[] {
  if (order.length <= mostElsewhere) return order
  const half = mostElsewhere / 2
  const step = (order.length - half) / half
  const others = Array.from({ length: half }, (_, i) => order[half + Math.floor(i * step)] ?? 0)
  return [...order.slice(0, half), ...others]
}

/** Whether the last trials have brought the best result no nearer, by a share of its distance from the median that counts. */
function isStagnant(values: Float64Array, order: readonly number[], d: number): boolean {
  const resultOf = (place: number | undefined) => values[place ?? 0] ?? 0
  const before = values.length - Math.max(12, 2 * d)
  const earlier = order.find(place => place < before)
  if (earlier === undefined) return false
  const best = resultOf(order[0])
  return resultOf(earlier) - best <= leastGain * (resultOf(order[order.length >> 1]) - best)
}

/** The logarithm of the expected improvement on the least of some means. */
function improvementOn(process: GaussianProcess, rows: Float64Array): Acquisition {
  const count = rows.length / process.hyperparameters.lengthScales.length
  return logExpectedImprovement(process, Math.min(...process.predict(rows, count).mean))
}

/** The places of observations, the best first; failed ones are left out. */
function orderOf(values: Float64Array): readonly number[] {
  return [...values.keys()]
    .filter(i => !Number.isNaN(values[i] ?? Number.NaN))
    .sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b)
}

/** What is searched: the whole cube, or the trust region about the best config. */
function boxOf({ layout, surrogate, units, regionLength }: Situation, order: readonly number[]): Box {
  const whole = wholeCube(layout.space.dimensions.length)
  const best = units[order[0] ?? 0]
  if (regionLength === undefined || best === undefined) return whole
  const centre = best.map(fill)
  const weights = weighSides(surrogate.gp.hyperparameters.lengthScales)
  for (const [j, { index, type }] of layout.varying.entries()) {
    if (type === 'categorical') continue
    const { lower, upper } = sideOf(centre[index] ?? 0.5, regionLength, weights[j] ?? 1)
    whole.lower[index] = lower
    whole.upper[index] = upper
  }
  return { ...whole, centre }
}

/** Where the search of the acquisition begins: all configs if they are few, else points all over the box and near the best ones. */
function candidatesOf(
  situation: Situation,
  order: readonly number[],
  box: Box,
  { wide, near }: { readonly wide: number; readonly near: number },
): Float64Array[] {
  const { layout, units, rng } = situation
  const { space, varying, combinations, discrete } = layout
  const D = space.dimensions.length
  if (layout.isListed && combinations !== undefined) {
    return Array.from({ length: combinations.length / discrete.length }, (_, i) => {
      const point = new Float64Array(D).fill(0.5)
      for (const [k, { index }] of varying.entries()) point[index] = combinations[i * discrete.length + k] ?? 0.5
      return point
    })
  }
  const scatter = scatterOf(situation)
  const all = spread(wide, box, rng)
  const best = order.slice(0, centres)
  for (const place of best) {
    const centre = (units[place] ?? new Float64Array(D)).map(fill)
    all.push(...scatter(centre, Math.ceil(near / best.length), box))
  }
  return all
}

/** Makes points near a point, spread by length scales. */
function scatterOf({ layout, surrogate, rng }: Situation) {
  const { space, varying } = layout
  const widths = new Float64Array(space.dimensions.length)
  for (const [j, { index }] of varying.entries()) {
    widths[index] = Math.min(0.5, spreadOfLength * (surrogate.gp.hyperparameters.lengthScales[j] ?? 0))
  }
  const isCategorical = space.dimensions.map(({ type }) => type === 'categorical')
  return (centre: Float64Array, count: number, box: Box) => nearby(centre, count, widths, isCategorical, box, rng)
}

/** The model with the pending trials among its observations: with what it expects of them, or once for each draw of what they may come to. */
function fantasize({ surrogate: { gp }, pending, options, rng }: Situation, rows: Float64Array): GaussianProcess[] {
  const count = pending.length
  if (count === 0) return [gp]
  const { fantasies } = options
  if (fantasies === 0 || options.acquisition.type !== 'expected-improvement') {
    return [gp.condition(rows, gp.predict(rows, count).mean)]
  }
  const draws = gp.sample(rows, count, rng, fantasies)
  return Array.from({ length: fantasies }, (_, i) => gp.condition(rows, draws.slice(i * count, (i + 1) * count)))
}

/** The score of a function drawn from the model; it can be asked of one set of rows only, and has no gradient. */
function thompson(gp: GaussianProcess, rng: Rng): Acquisition {
  return {
    score: (rows, count) => gp.sample(rows, count, rng, 1).map(value => -value),
    scoreWithGradient: () => 0,
  }
}

/** The more observations, the dearer a candidate, and the less there is to find. */
function effortOf(n: number): { readonly wide: number; readonly near: number; readonly effort: Effort } {
  const share = Math.min(1, 150 / n)
  const wide = Math.ceil(512 * share)
  return { wide, near: Math.ceil(128 * share), effort: { starts: Math.ceil(8 * share), steps: Math.ceil(40 * share) } }
}

function incumbentRows({ layout, surrogate, history }: Situation, order: readonly number[]): Float64Array {
  const d = layout.varying.length
  const best = order.slice(0, maxIncumbents)
  const rows = new Float64Array(best.length * d)
  for (const [i, place] of best.entries()) rows.set(history.rows.subarray(place * d, (place + 1) * d), i * d)
  return bendRows(rows, surrogate.inputWarp)
}

function concatenate(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

function fill(unit: number): number {
  return Number.isNaN(unit) ? 0.5 : unit
}
