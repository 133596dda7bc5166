import type { JsonValue } from '../../../src/json.js'
import { flatten } from '../../../src/results/flatten.js'
import { shortNames, VaryingParameters } from '../../../src/results/varying-parameters.js'
import { isBetter, type Mode, type Objective } from '../../../src/trial.js'
import { type PlotView, readStudy, stoppedEarly } from '../../plots/study/source.js'
import type { Happening, ReportData } from '../data/report-data.js'
import { viewOf } from '../data/view-of.js'

/** A hyperparameter that differs between trials. */
export interface Parameter {
  readonly path: string
  readonly name: string
}

/** What the page shows, with what is computed once. */
export interface StudyModel {
  readonly data: ReportData
  readonly view: PlotView
  readonly parameters: readonly Parameter[]
  /** The config of each trial by paths. */
  readonly leaves: readonly ReadonlyMap<string, JsonValue>[]
  /** What happened to a trial, in order. */
  happeningsOf(trial: number): readonly Happening[]
  /** The best value of each trial; NaN where it has none. */
  bestValues(objective: Objective): Float64Array
  /** The last value of each trial; NaN where it has none. */
  lastValues(metric: string): Float64Array
  /** How a trial stands, in a word that tells those that were stopped before others from those that went all the way, as charts do. */
  stateOf(trial: number): TrialState
}

/** How a trial stands. */
export type TrialState = 'ended' | 'stopped' | 'failed' | 'running' | 'paused' | 'pending'

/** Prepares a report's data. */
export function modelOf(data: ReportData): StudyModel {
  const varying = new VaryingParameters()
  for (const { config } of data.trials) varying.add(config)
  const paths = varying.names()
  const names = shortNames(paths)
  const happenings = new Map<number, Happening[]>()
  for (const each of data.happenings) {
    const own = happenings.get(each.trial)
    if (own) own.push(each)
    else happenings.set(each.trial, [each])
  }
  const cache = new Map<string, Float64Array>()
  const cached = (key: string, compute: () => Float64Array) => {
    const held = cache.get(key) ?? compute()
    cache.set(key, held)
    return held
  }
  const view = viewOf(data)
  const early = stoppedEarly(readStudy(view))
  return {
    data,
    view,
    parameters: paths.map(path => ({ path, name: names.get(path) ?? path })),
    leaves: data.trials.map(({ config }) => flatten(config)),
    happeningsOf: trial => happenings.get(trial) ?? [],
    bestValues: ({ metric, mode }) => cached(`${mode} ${metric}`, () => fold(data, metric, bestIn(mode))),
    lastValues: metric => cached(`last ${metric}`, () => fold(data, metric, (_, value) => value)),
    stateOf: index => {
      const status = data.trials[index]?.status ?? 'pending'
      if (status === 'error') return 'failed'
      if (status !== 'terminated') return status
      return early.has(index) ? 'stopped' : 'ended'
    },
  }
}

function bestIn(mode: Mode) {
  return (held: number, value: number) => (isBetter(value, Number.isNaN(held) ? undefined : held, mode) ? value : held)
}

function fold(
  { reports, trials }: ReportData,
  metric: string,
  join: (held: number, value: number) => number,
): Float64Array {
  const result = new Float64Array(trials.length).fill(Number.NaN)
  const values = reports.metrics.find(({ name }) => name === metric)?.values
  if (values === undefined) return result
  for (let trial = 0; trial < trials.length; trial++) {
    let held = Number.NaN
    const to = reports.offsets[trial + 1] ?? 0
    for (let row = reports.offsets[trial] ?? 0; row < to; row++) {
      const value = values[row]
      if (typeof value === 'number') held = join(held, value)
    }
    result[trial] = held
  }
  return result
}
