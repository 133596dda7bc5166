import type { ReportOptions } from '../../analysis/report/write-report.js'
import type { StudyOutcome, StudyView } from '../callbacks/callback.js'
import { show, TuneError } from '../errors.js'
import type { JsonObject } from '../json.js'
import { hypervolume } from '../math/hypervolume.js'
import type { EvaluatedConfig } from '../searcher.js'
import type { Metrics } from '../trainable/trainable.js'
import { type Mode, type Objective, readMetric, type Trial, type TrialReport } from '../trial.js'
import { describeReported, resolveObjective } from './objective.js'
import { ParetoFront } from './pareto-front.js'
import { type ReportedResult, Result } from './result.js'
import { formatResults } from './results-table.js'
import { type ResultRow, rowOf } from './rows.js'
import { isEligible, type Scope, scopes, scoreOf, summarizeMetric, type ValueSummary } from './scores.js'

/** How the best trial is chosen. */
export interface BestResultOptions {
  /** The metric to compare by, nested ones as `a/b/c`. @defaultValue the study's metric */
  readonly metric?: string
  /** Whether larger or smaller is better. @defaultValue the study's mode, for the study's metric */
  readonly mode?: Mode
  /** Which of a trial's reports are looked at. @defaultValue `'last'` */
  readonly scope?: Scope
  /** Leaves infinite values out; NaN never wins anyway. @defaultValue true */
  readonly filterNanAndInf?: boolean
}

/** Which report of each trial makes its row. */
export interface RowsOptions {
  /** Takes each trial's best report by this metric, instead of its last. @defaultValue the study's metric, if `filterMode` is given */
  readonly filterMetric?: string
  /** Whether larger or smaller is better. @defaultValue the study's mode, for the study's metric */
  readonly filterMode?: Mode
}

/** How {@link ResultGrid.toTable} is set. */
export interface ResultTableOptions {
  /** The most trials that are listed, best first. @defaultValue 20 */
  readonly maxRows?: number
  /** The most characters a line. @defaultValue 120 */
  readonly width?: number
}

/**
 * The outcome of a study: one {@link Result} for each trial, in the order of their indices, failed ones included.
 *
 * A view of a study at rest. It holds no reports: what needs more than each trial's last one reads the journal, once.
 *
 * @typeParam C - the config's type, as inferred from the space
 * @typeParam M - the metrics' type, as inferred from the trainable
 * @see Ray Tune's `ray.tune.ResultGrid`
 */
export class ResultGrid<C = JsonObject, M extends Metrics = Metrics> implements Iterable<Result<C, M>> {
  readonly #study: StudyView
  readonly #summaries = new Map<string, ReadonlyMap<number, ValueSummary>>()

  /** How the session ended that this is the outcome of; undefined for a study that was only looked at. */
  readonly outcome: StudyOutcome | undefined

  constructor(study: StudyView, outcome?: StudyOutcome) {
    this.#study = study
    this.outcome = outcome
  }

  /** The study as callbacks see it: its definition, its trials, and all reports in the order in which they were committed. */
  get study(): StudyView {
    return this.#study
  }

  /** How many trials there are. */
  get length(): number {
    return this.#study.trials.length
  }

  /** The study's folder, absolute; undefined for one that is kept in memory. */
  get path(): string | undefined {
    return this.#study.path
  }

  /** The errors of the trials that failed for good, in the order of their indices. */
  get errors(): readonly Error[] {
    if (this.numErrors === 0) return []
    return this.#study.trials.flatMap(trial => new Result(trial, this.#study).error ?? [])
  }

  /** How many trials failed for good. */
  get numErrors(): number {
    return this.#study.counts.error
  }

  /** How many trials ended without an error, stopped ones included. */
  get numTerminated(): number {
    return this.#study.counts.terminated
  }

  /** The result of the trial of that index; negative ones count from the end. */
  at(index: number): Result<C, M> | undefined {
    const trial = this.#study.trials.at(index)
    return trial && new Result<C, M>(trial, this.#study)
  }

  /** Each trial's result, in the order of their indices. */
  *[Symbol.iterator](): IterableIterator<Result<C, M>> {
    for (const trial of this.#study.trials) yield new Result<C, M>(trial, this.#study)
  }

  /** The results of the trials that have made a report, whose metrics are all there, in the order of their indices. */
  reported(): readonly ReportedResult<C, M>[] {
    return this.#study.trials.filter(({ lastReport }) => lastReport !== undefined).map(trial => this.#reported(trial))
  }

  /**
   * Finds the best trial, the one of lowest index among equals. Failed trials count by what they reported before.
   *
   * @throws {@link TuneError} `INVALID_OPTION` when metric or mode are neither given nor the study's; `NO_RESULT` when no trial has a
   * value that may win (Ray Tune returns a study's only trial even then)
   */
  getBestResult(options: BestResultOptions = {}): ReportedResult<C, M> {
    const objective = resolveObjective(this.#study, options, 'getBestResult')
    const { scope = 'last', filterNanAndInf = true } = options
    if (!scopes.includes(scope))
      throw new TuneError(
        'INVALID_OPTION',
        `getBestResult: scope is ${show(scope)}: pass one of ${scopes.map(show).join(', ')}`,
      )
    const scores = this.#scores(objective, scope, filterNanAndInf)
    let best: Trial | undefined
    let bestScore = Number.NaN
    for (const trial of this.#study.trials) {
      const score = scores(trial)
      if (score === undefined) continue
      if (best === undefined || (objective.mode === 'max' ? score > bestScore : score < bestScore)) {
        best = trial
        bestScore = score
      }
    }
    if (best === undefined) throw this.#nothingBest(objective, scope, filterNanAndInf)
    return this.#reported(best)
  }

  /**
   * The trials that no other is better than in all of the study's metrics at once, by their last reports and in the order of their indices.
   * Failed trials, and those without a finite value of each metric, are not among them. With one metric: the best trials, equals included.
   *
   * @throws {@link TuneError} `INVALID_OPTION` if the study has no metric
   */
  paretoFront(): readonly ReportedResult<C, M>[] {
    return this.#front('paretoFront').members.map(({ trial }) => this.#reported(trial))
  }

  /**
   * The volume of what the Pareto front dominates, up to a reference point: how good the front is as a whole, in the product of the metrics'
   * units. What is worse than the reference point in some metric counts nothing.
   *
   * @param reference - a value for each of the study's metrics, by name: the worst that is of any interest
   * @throws {@link TuneError} `INVALID_OPTION` if the study has no metric, or one lacks a finite reference value
   */
  hypervolume(reference: Readonly<Record<string, number>>): number {
    const { objectives } = this.#study.definition
    const { members } = this.#front('hypervolume')
    const corner = Float64Array.from(objectives, ({ metric, mode }) => {
      const value = Object.hasOwn(reference, metric) ? reference[metric] : undefined
      if (typeof value === 'number' && Number.isFinite(value)) return mode === 'max' ? -value : value
      const names = objectives.map(each => show(each.metric)).join(', ')
      throw new TuneError(
        'INVALID_OPTION',
        `hypervolume: the reference of ${show(metric)} is ${show(value)}: pass a finite number for each of ${names}`,
      )
    })
    const points = new Float64Array(members.length * objectives.length)
    for (const [i, { values }] of members.entries()) points.set(values, i * objectives.length)
    return hypervolume(points, members.length, corner)
  }

  /** What was tried and what it came to, for another searcher's `addEvaluated`: trials that reported, failed ones left out. */
  evaluated(): EvaluatedConfig[] {
    return this.#study.trials.flatMap(({ status, config, lastReport }) =>
      status === 'terminated' && lastReport !== undefined ? [{ config, metrics: lastReport.metrics }] : [],
    )
  }

  /**
   * One row for each trial, for a data frame: its last report, or its best by `filterMetric`, flattened, with `config/…` columns.
   * Trials without such a report have a row without metrics.
   *
   * @throws {@link TuneError} `INVALID_OPTION` when only one of metric and mode is known
   */
  rows(options: RowsOptions = {}): ResultRow[] {
    const { filterMetric, filterMode } = options
    const { trials } = this.#study
    if (filterMetric === undefined && filterMode === undefined)
      return trials.map(trial => rowOf(trial, trial.lastReport, this.#study))
    const best = this.#bestReports(resolveObjective(this.#study, { metric: filterMetric, mode: filterMode }, 'rows'))
    return trials.map(trial => rowOf(trial, best.get(trial.index), this.#study))
  }

  /** A short text for people: how the trials ended, and the best of them as a table. */
  toTable(options: ResultTableOptions = {}): string {
    return formatResults(this.#study, options.maxRows ?? 20, options.width ?? 120).join('\n')
  }

  /** The same as {@link ResultGrid.toTable}. */
  toString(): string {
    return this.toTable()
  }

  /**
   * Writes a report of the study as one HTML file that needs no network: the best config, charts to hover and zoom, all trials in a table, a page of each
   * trial, the decisions with their reasons, and how to reproduce it.
   *
   * @returns the file's absolute path: `report.html` in the study's folder unless another is given
   * @throws {@link TuneError} `INVALID_OPTION`; `DEPENDENCY_MISSING` without the package echarts; `STORAGE_UNAVAILABLE`
   */
  async report(options: ReportOptions = {}): Promise<string> {
    // only who wants a report loads what writes it
    const { writeReport } = await import('../../analysis/report/write-report.js')
    return await writeReport(this, options)
  }

  /** The result of a trial that has made a report. */
  #reported(trial: Trial): ReportedResult<C, M> {
    return new Result<C, M>(trial, this.#study) as ReportedResult<C, M>
  }

  /** A function that gives each trial's score; it reads the journal only if last reports do not tell. */
  #scores(objective: Objective, scope: Scope, finite: boolean): (trial: Trial) => number | undefined {
    const { metric, mode } = objective
    if (scope === 'last' && this.#study.trials.every(({ lastReport }) => !lastReport || hasMetric(lastReport, metric)))
      return ({ lastReport }) => {
        const value = lastReport && readMetric(lastReport, metric)
        return value !== undefined && isEligible(value, finite) ? value : undefined
      }
    const summaries = this.#summarize(metric)
    return trial => {
      const summary = summaries.get(trial.index)
      return summary && scoreOf(summary, mode, scope, finite)
    }
  }

  #summarize(metric: string): ReadonlyMap<number, ValueSummary> {
    let summaries = this.#summaries.get(metric)
    if (summaries === undefined) {
      summaries = summarizeMetric(this.#study.reports(), metric)
      this.#summaries.set(metric, summaries)
    }
    return summaries
  }

  #front(call: string): ParetoFront {
    const { objectives } = this.#study.definition
    if (objectives.length === 0)
      throw new TuneError('INVALID_OPTION', `${call} needs metrics, and the study has none: set tuneConfig.metric`)
    const front = new ParetoFront(objectives)
    for (const trial of this.#study.trials) front.add(trial)
    return front
  }

  #bestReports({ metric, mode }: Objective): Map<number, TrialReport> {
    const sign = mode === 'max' ? 1 : -1
    const best = new Map<number, { report: TrialReport; score: number }>()
    for (const { trialIndex, report } of this.#study.reports()) {
      const score = sign * (readMetric(report, metric) ?? Number.NaN)
      const held = best.get(trialIndex)
      if (Number.isFinite(score) && (held === undefined || score > held.score)) best.set(trialIndex, { report, score })
    }
    return new Map([...best].map(([index, { report }]) => [index, report]))
  }

  #nothingBest({ metric, mode }: Objective, scope: Scope, finite: boolean): TuneError {
    const { trials, counts } = this.#study
    const what = `no trial is best by '${metric}' (${mode}, scope '${scope}')`
    if (trials.length === 0) return new TuneError('NO_RESULT', `${what}: the study has no trials`)
    const ends = Object.entries(counts).flatMap(([status, count]) => (count > 0 ? `${count} ${status}` : []))
    const who = `${what}: of ${trials.length} trials (${ends.join(', ')})`
    const having = this.#summarize(metric).size
    if (having === 0) {
      const silent = trials.every(({ lastReport }) => lastReport === undefined)
      const why = silent ? 'none made a report' : `none reported it; ${describeReported(trials, metric)}`
      return new TuneError('NO_RESULT', `${who} ${why}`)
    }
    const advice = finite ? '; filterNanAndInf: false lets infinite values win' : ''
    const fault = finite ? 'NaN or infinite' : 'NaN'
    return new TuneError('NO_RESULT', `${who} ${having} reported it, but with ${fault} values only${advice}`)
  }
}

function hasMetric(report: TrialReport, metric: string): boolean {
  return readMetric(report, metric) !== undefined
}
