import type { Mode } from '../../src/trial.js'
import { type ParameterOptions, parametersOf } from '../plots/study/parameters.js'
import {
  type MetricOptions,
  objectiveOf,
  type PlotSource,
  type PlotStudy,
  type PlotTrial,
  readStudy,
  scoresOf,
} from '../plots/study/source.js'

/** The values of one parameter, trial by trial. */
export interface Column {
  readonly name: string
  /** How many categories it has; 0 for a number. */
  readonly categories: number
  /** How many evenly spaced values a number has; Infinity for a continuous one. */
  readonly size: number
  /** [trials] Numbers in [0, 1], log-scaled where their parameter is; the index of a category; NaN where the parameter is not there. */
  readonly values: Float64Array
}

/** A column that knows what its values stand for. */
export interface NamedColumn extends Column {
  /** What its categories are called; undefined for a number. */
  readonly labels: readonly string[] | undefined
  /** The number that a unit in [0, 1] stands for. */
  readonly numberAt: (unit: number) => number
}

/** What importances are computed from. */
export interface Evidence<C extends Column = Column> {
  readonly columns: readonly C[]
  /** [trials] Smaller is better. */
  readonly losses: Float64Array
}

/** Reads parameters and scores of the trials that have a finite one: its best, as the study's metric says. */
export function readEvidence(
  source: PlotSource,
  options: MetricOptions & ParameterOptions,
  call: string,
): Evidence<NamedColumn> & { readonly mode: Mode } {
  const study = readStudy(source)
  const objective = objectiveOf(study, options, call)
  const scores = scoresOf(study, objective, 'all')
  const trials = study.trials.filter(({ index }) => scores.has(index))
  const sign = objective.mode === 'max' ? -1 : 1
  const losses = Float64Array.from(trials, ({ index }) => sign * (scores.get(index) ?? Number.NaN))
  return { columns: columnsOf(study, trials, options, call), losses, mode: objective.mode }
}

/**
 * The values of a study's parameters in some of its trials.
 *
 * @throws `TuneError` `INVALID_OPTION` for a path that no config has, `NO_RESULT` if no parameter differs
 */
export function columnsOf(
  study: PlotStudy,
  trials: readonly Pick<PlotTrial, 'config'>[],
  options: ParameterOptions,
  call: string,
): NamedColumn[] {
  return parametersOf(study, options, call).map(({ path, categories, isLog, bounds, read }): NamedColumn => {
    const raw = Float64Array.from(trials, ({ config }) => read(config) ?? Number.NaN)
    if (categories === undefined)
      return { name: path, categories: 0, labels: undefined, ...toUnits(raw, isLog, bounds) }
    const count = categories.length
    return { name: path, categories: count, labels: categories, numberAt: unit => unit, size: 0, values: raw }
  })
}

function toUnits(
  raw: Float64Array,
  isLog: boolean,
  bounds: readonly [number, number] | undefined,
): Pick<NamedColumn, 'size' | 'values' | 'numberAt'> {
  const present = raw.filter(value => !Number.isNaN(value))
  const [low, high] = bounds ?? [
    present.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
    present.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
  ]
  const canLog = isLog && low > 0
  const scale = (value: number) => (canLog ? Math.log(value) : value)
  const width = scale(high) - scale(low)
  const isInteger = !canLog && present.every(Number.isInteger)
  return {
    size: isInteger ? high - low + 1 : Number.POSITIVE_INFINITY,
    numberAt: unit => (canLog ? low * (high / low) ** unit : low + unit * (high - low)),
    // what lies outside its bounds, as normal numbers may, counts as at them
    values: raw.map(value => (width > 0 ? Math.min(1, Math.max(0, (scale(value) - scale(low)) / width)) : 0)),
  }
}
