import type { NamedColumn } from '../importance/columns.js'
import { checkThat } from '../statistics/check.js'
import { chiSquaredQuantile } from '../statistics/counts.js'
import { readFacts, type StudyFacts, type StudyOptions, type StudySource } from './study-facts.js'

/** Trials whose configs are the same, or nearly so. */
export interface DuplicateGroup {
  /** Indices of trials, ascending; two or more. */
  readonly trials: readonly number[]
  /** [trials] Their best values of the metric; NaN where a trial has none. */
  readonly values: readonly number[]
}

/** How far results of the same config lie apart. */
export interface NoiseFloor {
  /** The pooled standard deviation within groups, in the metric's unit. */
  readonly deviation: number
  /** Its 95 % interval, where results are normally distributed. */
  readonly lower: number
  /** The upper end of the interval. */
  readonly upper: number
  /** On how many differences it rests. */
  readonly freedom: number
  /** Two trials of one run each must differ by more for the difference not to be chance, at 5 %: 1.96 · √2 deviations. */
  readonly leastDifference: number
}

/** What {@link duplicates} found. */
export interface Duplicates {
  /** The largest first. */
  readonly groups: readonly DuplicateGroup[]
  /** How many trials repeat a config that an earlier one had. */
  readonly repeated: number
  /** Of how many. */
  readonly trials: number
  /** Undefined where no two trials of the same config and as many reports have values. */
  readonly noise: NoiseFloor | undefined
}

/** How {@link duplicates} is set. */
export interface DuplicateOptions extends StudyOptions {
  /**
   * By how much numbers may differ and still count as the same, as a share of their parameter's range (on its own scale); in [0, 1). What lies near
   * a group's first trial belongs to it.
   *
   * @defaultValue 0
   */
  readonly tolerance?: number
}

/**
 * The trials that tried what others had tried already, and how much their results differ: how noisy the metric is.
 *
 * @param source - a study's results, or its view while it runs
 * @throws `TuneError` `INVALID_OPTION`
 */
export function duplicates(source: StudySource, options: DuplicateOptions = {}): Duplicates {
  return duplicatesOf(readFacts(source, options, 'duplicates'), options)
}

/** {@link duplicates} of what was read already. */
export function duplicatesOf({ trials, columns, scores }: StudyFacts, { tolerance = 0 }: DuplicateOptions): Duplicates {
  checkThat(tolerance >= 0 && tolerance < 1, 'duplicates: tolerance', tolerance, 'a share of the range, in [0, 1)')
  const groups = groupPlaces(columns, trials.length, tolerance).filter(places => places.length > 1)
  groups.sort((a, b) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0))
  return {
    groups: groups.map(places => ({
      trials: places.map(place => trials[place]?.index ?? place),
      values: places.map(place => scores[place] ?? Number.NaN),
    })),
    repeated: groups.reduce((sum, { length }) => sum + length - 1, 0),
    trials: trials.length,
    noise: noiseOf(groups.flatMap(places => samplesOf(places, { trials, scores }))),
  }
}

/** Groups of places, each led by its first; O(n · groups) at worst with a tolerance, O(n) without. */
function groupPlaces(columns: readonly NamedColumn[], n: number, tolerance: number): number[][] {
  const leaders = new Map<string, number[][]>()
  // what lies within the tolerance along the first number lies in a neighbouring cell
  const axis = columns.find(({ categories }) => categories === 0)
  for (let place = 0; place < n; place++) {
    const cell = cellOf(columns, axis, place, tolerance)
    const near = tolerance === 0 ? [0] : [0, -1, 1]
    const group = near
      .flatMap(step => leaders.get(keyOf(cell, step)) ?? [])
      .find(([leader]) => columns.every(column => isNear(column, leader ?? 0, place, tolerance)))
    if (group) group.push(place)
    else {
      const key = keyOf(cell, 0)
      const held = leaders.get(key)
      if (held) held.push([place])
      else leaders.set(key, [[place]])
    }
  }
  return [...leaders.values()].flat()
}

interface CellPlace {
  readonly rest: string
  readonly along: number
}

function cellOf(
  columns: readonly NamedColumn[],
  axis: NamedColumn | undefined,
  place: number,
  tolerance: number,
): CellPlace {
  const isExact = (column: NamedColumn) => tolerance === 0 || column.categories > 0
  const rest = columns.map(column => (isExact(column) ? column.values[place] : '')).join(' ')
  const value = axis?.values[place] ?? Number.NaN
  return { rest, along: tolerance === 0 || Number.isNaN(value) ? 0 : Math.floor(value / tolerance) }
}

function keyOf({ rest, along }: CellPlace, step: number): string {
  return `${rest} ${along + step}`
}

function isNear({ values, categories }: NamedColumn, a: number, b: number, tolerance: number): boolean {
  const [x, y] = [values[a] ?? Number.NaN, values[b] ?? Number.NaN]
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) && Number.isNaN(y)
  return categories > 0 ? x === y : Math.abs(x - y) <= tolerance
}

/** The values of a group, by how many reports made them: a trial that was stopped early is no repeat of one that was not. */
function samplesOf(places: readonly number[], { trials, scores }: Pick<StudyFacts, 'trials' | 'scores'>): number[][] {
  const samples = new Map<number, number[]>()
  for (const place of places) {
    const score = scores[place] ?? Number.NaN
    const reports = trials[place]?.iteration ?? 0
    if (!Number.isNaN(score)) samples.set(reports, [...(samples.get(reports) ?? []), score])
  }
  return [...samples.values()]
}

function noiseOf(samples: readonly (readonly number[])[]): NoiseFloor | undefined {
  let freedom = 0
  let squares = 0
  for (const values of samples) {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    squares += values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    freedom += values.length - 1
  }
  if (freedom === 0) return undefined
  const deviation = Math.sqrt(squares / freedom)
  return {
    deviation,
    lower: Math.sqrt(squares / chiSquaredQuantile(0.025, freedom)),
    upper: Math.sqrt(squares / chiSquaredQuantile(0.975, freedom)),
    freedom,
    leastDifference: 1.96 * Math.SQRT2 * deviation,
  }
}
