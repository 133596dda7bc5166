import type { JsonValue } from '../../src/json.js'
import type { Dimension } from '../../src/space/dimension.js'
import { binomialTail } from '../statistics/counts.js'
import { type KnownSpace, nameOf, valueAt } from './known-space.js'
import { ranking, type StudyFacts } from './study-facts.js'

/** A part of the space that no trial tried. */
export type UntriedRegion =
  | {
      readonly type: 'range'
      readonly parameter: string
      readonly lower: number
      readonly upper: number
      /** Which share of the parameter's range it is, on its own scale. */
      readonly share: number
      /** How many trials had the parameter. */
      readonly trials: number
      /** How likely at most any so large range stays empty if values are drawn at random. */
      readonly pValue: number
    }
  | {
      readonly type: 'value'
      readonly parameter: string
      readonly value: JsonValue
      /** The place of the value among those of the choice. */
      readonly index: number
      readonly trials: number
    }

/** An end of a parameter's range at which the best trials lie. */
export interface EdgeFinding {
  /** Where the parameter stands in a config. */
  readonly parameter: string
  /** Which end of its range. */
  readonly side: 'lower' | 'upper'
  /** The value at that end. */
  readonly bound: number
  /** How many of the best trials lie near it. */
  readonly near: number
  /** How many best trials were looked at. */
  readonly best: number
  /** How near at most, as a share of the range on the parameter's own scale. */
  readonly share: number
  /** How likely at least so many would lie there by chance, times the number of ends looked at. */
  readonly adjustedP: number
}

const bestTrials = 5
/** How near to an end counts as at it. */
const nearShare = 0.05
const leastGap = 0.1
const gapLevel = 0.01
const edgeLevel = 0.01
/** Ordinal parameters of fewer values are seen at their values. */
const manyValues = 20
const mostUntried = 8

/** The largest empty ranges of numbers, and values of choices that were never chosen; empty without a known space. */
export function untriedOf({ known, trials }: StudyFacts): UntriedRegion[] {
  if (known === undefined) return []
  const units = trials.map(({ config }) => known.space.encode(config))
  const regions = known.varying.flatMap((dimension): UntriedRegion[] => {
    const own = coordinates(units, dimension)
    if (own.length === 0) return []
    if (dimension.type === 'categorical') return untriedValues(known, dimension, own)
    return isFine(dimension) ? untriedRange(known, dimension, own) : []
  })
  const weight = (region: UntriedRegion) => (region.type === 'value' ? 1 : region.share)
  return regions.sort((a, b) => weight(b) - weight(a)).slice(0, mostUntried)
}

/** The ends at which four of the five best trials lie, or all of fewer; empty without a known space. */
export function edgesOf(facts: StudyFacts): EdgeFinding[] {
  const { known, trials } = facts
  if (known === undefined) return []
  const best = ranking(facts).slice(0, bestTrials)
  const units = best.map(place => known.space.encode(trials[place]?.config ?? {}))
  const bounded = known.varying.filter(({ type, path }) => type !== 'categorical' && !known.unbounded.has(path))
  return bounded.flatMap(dimension => {
    const own = coordinates(units, dimension)
    return (['lower', 'upper'] as const).flatMap((side): EdgeFinding[] => {
      const distances = own.map(unit => distanceTo(side, dimension, unit)).filter(distance => distance <= nearShare)
      const near = distances.length
      const chance = Math.max(nearShare, 1 / dimension.size)
      const adjustedP = Math.min(1, 2 * bounded.length * binomialTail(near, own.length, chance))
      if (near < Math.min(4, own.length) || near < 3 || adjustedP > edgeLevel) return []
      const bound = valueAt(known, dimension, side === 'lower' ? 0 : 1)
      const share = distances.reduce((most, each) => Math.max(most, each), 0)
      if (typeof bound !== 'number') return []
      return [{ parameter: nameOf(known, dimension), side, bound, near, best: own.length, share, adjustedP }]
    })
  })
}

/** The coordinates of points in one dimension, of those that have it. */
function coordinates(points: readonly ArrayLike<number>[], { index }: Dimension): Float64Array {
  return Float64Array.from(points, point => point[index] ?? Number.NaN).filter(unit => !Number.isNaN(unit))
}

/** 0 for the value at the very end. */
function distanceTo(side: 'lower' | 'upper', dimension: Dimension, unit: number): number {
  if (!Number.isFinite(dimension.size)) return side === 'lower' ? unit : 1 - unit
  const { lower, upper } = dimension.cell(unit)
  return side === 'lower' ? lower : 1 - upper
}

function isFine(dimension: Dimension): boolean {
  return dimension.size > manyValues
}

function untriedRange(known: KnownSpace, dimension: Dimension, own: Float64Array): UntriedRegion[] {
  const sorted = Float64Array.of(0, ...own.toSorted(), 1)
  let widest = 0
  for (let i = 1; i < sorted.length; i++) if (gapAt(sorted, i) > gapAt(sorted, widest)) widest = i
  const share = gapAt(sorted, widest)
  // by Bonferroni over the n + 1 gaps, each of which is longer than g with probability (1 − g)^n
  const pValue = Math.min(1, (own.length + 1) * (1 - share) ** own.length)
  const [lower, upper] = [sorted[widest - 1] ?? 0, sorted[widest] ?? 1].map(unit => valueAt(known, dimension, unit))
  if (share < leastGap || pValue > gapLevel || typeof lower !== 'number' || typeof upper !== 'number') return []
  return [{ type: 'range', parameter: nameOf(known, dimension), lower, upper, share, trials: own.length, pValue }]
}

function gapAt(sorted: Float64Array, i: number): number {
  return i === 0 ? 0 : (sorted[i] ?? 0) - (sorted[i - 1] ?? 0)
}

function untriedValues(known: KnownSpace, dimension: Dimension, own: Float64Array): UntriedRegion[] {
  if (dimension.type !== 'categorical') return []
  const tried = new Set(Array.from(own, unit => dimension.indexAt(unit)))
  return Array.from({ length: dimension.size }, (_, index) => index).flatMap((index): UntriedRegion[] => {
    if (tried.has(index)) return []
    const value = valueAt(known, dimension, (index + 0.5) / dimension.size) ?? null
    return [{ type: 'value', parameter: nameOf(known, dimension), value, index, trials: own.length }]
  })
}
