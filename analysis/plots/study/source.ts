import type { LineageStep } from '../../../src/callbacks/callback.js'
import { show, TuneError } from '../../../src/errors.js'
import type { JsonObject } from '../../../src/json.js'
import { type Mode, type Objective, readMetric, type TrialReport, type TrialStatus } from '../../../src/trial.js'

/** What a study's charts are drawn of: its outcome, a `ResultGrid`; or what a callback sees of it while it runs, a `StudyView`. */
export type PlotSource = { readonly study: PlotView } | PlotView

/** What charts look at of a study; a `StudyView` has it, and so has a page that holds a study's data. */
export interface PlotView {
  /** What the study was made with. */
  readonly definition: {
    readonly name?: string
    readonly objectives: readonly Objective[]
    /** The description of the space, where there is one. */
    readonly space?: JsonObject
  }
  /** By index. */
  readonly trials: readonly PlotTrial[]
  /** All reports, those of a trial in their order. */
  reports(): Iterable<{ readonly trialIndex: number; readonly report: TrialReport }>
  /** The configs that a trial has had, oldest first. */
  lineageOf(trialIndex: number): readonly LineageStep[]
}

/** Which metric a chart shows. */
export interface MetricOptions {
  /** Nested ones as `a/b`. @defaultValue the study's metric */
  readonly metric?: string
  /** Whether smaller or larger is better. @defaultValue the study's mode, for the study's metric */
  readonly mode?: Mode
}

/** A trial, as far as charts show it. */
export interface PlotTrial {
  /** Its number in the study, from 0. */
  readonly index: number
  /** What it tried. */
  readonly config: JsonObject
  /** How it ended, or where it stands. */
  readonly status: TrialStatus
  /** How many reports it made. */
  readonly iteration: number
  /** Why it was stopped, if it was. */
  readonly reason: string | undefined
}

/** A study, as far as charts show it. */
export interface PlotStudy {
  readonly name: string | undefined
  readonly objectives: readonly Objective[]
  /** The description of the space, where the source has it. */
  readonly space: JsonObject | undefined
  readonly trials: readonly PlotTrial[]
  /** All reports, those of a trial in their order. */
  reports(): Iterable<{ readonly trialIndex: number; readonly report: TrialReport }>
  lineageOf(trialIndex: number): readonly LineageStep[]
}

/** Reads a study from what the caller has of it. */
export function readStudy(source: PlotSource): PlotStudy {
  const view = 'study' in source ? source.study : source
  const { definition, trials } = view
  return {
    name: definition.name,
    objectives: definition.objectives,
    space: definition.space,
    trials,
    reports: () => view.reports(),
    lineageOf: index => view.lineageOf(index),
  }
}

/**
 * Completes a metric and mode from those of the study.
 *
 * @param call - how the user's call is named in the message
 * @throws `TuneError` `INVALID_OPTION`
 */
export function objectiveOf(study: PlotStudy, given: MetricOptions, call: string): Objective {
  const sole = study.objectives.length === 1 ? study.objectives[0] : undefined
  const metric = given.metric ?? sole?.metric
  if (metric === undefined)
    throw new TuneError('INVALID_OPTION', `${call} needs a metric: pass { metric: 'loss', mode: 'min' }`)
  const mode = given.mode ?? study.objectives.find(each => each.metric === metric)?.mode
  if (mode !== 'min' && mode !== 'max')
    throw new TuneError(
      'INVALID_OPTION',
      `${call}: mode is ${show(mode)}: pass { metric: ${show(metric)}, mode: 'min' } or mode: 'max'`,
    )
  return { metric, mode }
}

/** The trials that were stopped before they had made as many reports as others. */
export function stoppedEarly({ trials }: PlotStudy): ReadonlySet<number> {
  const most = trials.reduce((longest, { iteration }) => Math.max(longest, iteration), 0)
  const early = trials.filter(trial => trial.reason !== undefined && trial.status !== 'error' && trial.iteration < most)
  return new Set(early.map(({ index }) => index))
}

/** The values that trials reported of a metric, by index of the trial and in the order of reports; NaN and infinities included. */
export function curvesOf(study: PlotStudy, metric: string): Map<number, { iteration: number; value: number }[]> {
  const curves = new Map<number, { iteration: number; value: number }[]>()
  for (const { trialIndex, report } of study.reports()) {
    const value = readMetric(report, metric)
    if (value === undefined) continue
    const curve = curves.get(trialIndex)
    if (curve) curve.push({ iteration: report.iteration, value })
    else curves.set(trialIndex, [{ iteration: report.iteration, value }])
  }
  return curves
}

/** What stands for each trial: its best finite value, or its last one. */
export function scoresOf(study: PlotStudy, { metric, mode }: Objective, scope: 'all' | 'last'): Map<number, number> {
  const scores = new Map<number, number>()
  for (const { trialIndex, report } of study.reports()) {
    const value = readMetric(report, metric)
    if (value === undefined || !Number.isFinite(value)) continue
    const held = scores.get(trialIndex)
    if (held === undefined || scope === 'last' || (mode === 'min' ? value < held : value > held))
      scores.set(trialIndex, value)
  }
  return scores
}

/** @throws `TuneError` `NO_RESULT` where nothing was reported that a chart could show */
export function assertSomething(count: number, metric: string, call: string): void {
  if (count === 0) throw new TuneError('NO_RESULT', `${call}: no trial reported a finite ${show(metric)}`)
}
