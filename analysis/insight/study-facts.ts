import type { StudyView } from '../../src/callbacks/callback.js'
import type { JsonObject } from '../../src/json.js'
import { flatten } from '../../src/results/flatten.js'
import { VaryingParameters } from '../../src/results/varying-parameters.js'
import { hasEnded, type Objective, readMetric, type Trial, type TrialReport } from '../../src/trial.js'
import { columnsOf, type NamedColumn } from '../importance/columns.js'
import { type ParameterOptions, type PlotParameter, parametersOf } from '../plots/study/parameters.js'
import { type MetricOptions, objectiveOf, readStudy, scoresOf } from '../plots/study/source.js'
import { type KnownSpace, knownSpace } from './known-space.js'

/** What insights are drawn from: a study's outcome, a `ResultGrid`, or what a callback sees of it while it runs, a `StudyView`. */
export type StudySource = { readonly study: InsightView } | InsightView

/** What insights look at of a study; a `StudyView` has it. */
export type InsightView = Pick<StudyView, 'definition' | 'trials' | 'reports' | 'lineageOf'>

/** What a study is looked at for: its metric, its parameters. */
export interface StudyOptions extends MetricOptions, ParameterOptions {}

/** What insights are drawn from: the trials that ended, and what is known of each. */
export interface StudyFacts {
  readonly objective: Objective
  /** Those that ended, in the order of their indices. */
  readonly trials: readonly Trial[]
  /** The parameters that differ, or those asked for; [trials] values each. */
  readonly columns: readonly NamedColumn[]
  /** How the values in columns are read from a config. */
  parameters(): readonly PlotParameter[]
  /** [trials] The best finite value of the metric, in its own unit; NaN where there is none. */
  readonly scores: Float64Array
  /** [trials] The same with its sign turned so that smaller is better. */
  readonly losses: Float64Array
  /** The study's space, as far as its description tells. */
  readonly known: KnownSpace | undefined
  /** The searcher's name. */
  readonly searcher: string
  /** The reports of some trials, in one pass through the journal. */
  reportsOf(trialIndices: readonly number[]): readonly (readonly TrialReport[])[]
}

/** Reads a study once for all that is asked of it. @throws `TuneError` `INVALID_OPTION` */
export function readFacts(source: StudySource, options: StudyOptions, call: string): StudyFacts {
  const view = 'study' in source ? source.study : source
  const study = readStudy(source)
  const objective = objectiveOf(study, options, call)
  const trials = view.trials.filter(hasEnded)
  const has = hasParameters(view.trials, options)
  const scoreOf = scoreReader(source, view, objective)
  const scores = Float64Array.from(trials, scoreOf)
  return {
    objective,
    trials,
    columns: has ? columnsOf(study, trials, options, call) : [],
    parameters: () => (has ? parametersOf(study, options, call) : []),
    scores,
    losses: objective.mode === 'max' ? scores.map(score => -score) : scores,
    known: knownSpace(view.definition.space),
    searcher: view.definition.searcher.name,
    reportsOf: indices => readReports(view, indices),
  }
}

/** The places of the trials that have a score, best first. */
export function ranking({ losses }: Pick<StudyFacts, 'losses'>): number[] {
  const scored = [...losses.keys()].filter(place => !Number.isNaN(losses[place]))
  return scored.sort((a, b) => (losses[a] ?? 0) - (losses[b] ?? 0) || a - b)
}

/** The report that a trial is known by: its best one, else its last. */
export function standingReport(trial: Trial): TrialReport | undefined {
  return trial.bestReport ?? trial.lastReport
}

/** The numbers that a trial reported with its best value, by path. */
export function metricsOf(trial: Trial): Map<string, number> {
  const report = standingReport(trial)
  if (report === undefined) return new Map()
  const leaves = [...flatten(report.metrics)]
  return new Map(
    leaves.flatMap(([name, value]) => (typeof value === 'number' && Number.isFinite(value) ? [[name, value]] : [])),
  )
}

function scoreReader(source: StudySource, { definition }: InsightView, objective: Objective): (trial: Trial) => number {
  // a study knows its trials' best reports by its own metric: no need to read all others
  if (objective.metric === definition.metric && objective.mode === definition.mode)
    return ({ bestReport }) => {
      const value = bestReport && readMetric(bestReport, objective.metric)
      return value !== undefined && Number.isFinite(value) ? value : Number.NaN
    }
  const scores = scoresOf(readStudy(source), objective, 'all')
  return ({ index }) => scores.get(index) ?? Number.NaN
}

function readReports(view: InsightView, indices: readonly number[]): TrialReport[][] {
  const reports = new Map(indices.map(index => [index, [] as TrialReport[]]))
  for (const { trialIndex, report } of view.reports(index => reports.has(index))) reports.get(trialIndex)?.push(report)
  return [...reports.values()]
}

function hasParameters(trials: readonly { readonly config: JsonObject }[], { parameters }: ParameterOptions): boolean {
  if (parameters !== undefined) return parameters.length > 0
  const varying = new VaryingParameters()
  for (const { config } of trials) varying.add(config)
  return varying.names().length > 0
}
