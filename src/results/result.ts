import { join } from 'node:path'
import type { LineageStep, StudyView } from '../callbacks/callback.js'
import { fromErrorRecord, TuneError } from '../errors.js'
import type { JsonObject } from '../json.js'
import type { Checkpoint, Metrics } from '../trainable/trainable.js'
import {
  type CheckpointRecord,
  type Mode,
  type Repeat,
  type ReportTiming,
  readMetric,
  standingCheckpoint,
  TRAINING_ITERATION,
  type Trial,
  type TrialReport,
  type TrialStatus,
} from '../trial.js'
import { describeReported, resolveObjective } from './objective.js'
import { type ResultRow, reportColumns } from './rows.js'

/** Metrics of a report, as the trainable reported them, and the report's number. Wall-clock times are apart, in `timing`. */
export type ReportedMetrics<M extends Metrics = Metrics> = M & { readonly trainingIteration: number }

/** The same of a trial that has perhaps made no report, whose number is 0 then. */
export type ResultMetrics<M extends Metrics = Metrics> = Partial<M> & { readonly trainingIteration: number }

/** The outcome of a trial that has made a report. */
export type ReportedResult<C = JsonObject, M extends Metrics = Metrics> = Result<C, M> & {
  readonly metrics: ReportedMetrics<M>
}

/** A checkpoint and the metrics of the report that it belongs to. */
export type CheckpointWithMetrics<M extends Metrics = Metrics> = readonly [
  checkpoint: Checkpoint,
  metrics: ResultMetrics<M>,
]

/**
 * The outcome of one trial.
 *
 * @typeParam C - the config's type, as inferred from the space
 * @typeParam M - the metrics' type, as inferred from the trainable; reports that a study takes from its journal are not checked against it
 * @see Ray Tune's `ray.tune.Result`
 */
export class Result<C = JsonObject, M extends Metrics = Metrics> {
  readonly #trial: Trial
  readonly #study: StudyView
  #history: readonly TrialReport[] | undefined

  constructor(trial: Trial, study: StudyView) {
    this.#trial = trial
    this.#study = study
  }

  /** The trial's id, the same in each run of the same study. */
  get trialId(): string {
    return this.#trial.id
  }

  /** The trial's number in the study, from 0. */
  get trialIndex(): number {
    return this.#trial.index
  }

  /** The parameters that were tried. */
  get config(): C {
    // the study keeps configs as plain data; that they are of the space's type is known only where the grid is made
    return this.#trial.config as C
  }

  /** What the trial reported last, and its `trainingIteration`; that one alone (0) for a trial without reports. */
  get metrics(): ResultMetrics<M> {
    return metricsOf<M>(this.#trial.lastReport)
  }

  /** When the last report was made and how long the trial had worked; not reproducible. Undefined without reports. */
  get timing(): ReportTiming | undefined {
    return this.#trial.lastReport?.timing
  }

  /** How the trial ended, or where it stands in a study that was left. */
  get status(): TrialStatus {
    return this.#trial.status
  }

  /** Why the trial failed for good; undefined for one that did not, even if it was retried. */
  get error(): Error | undefined {
    const { status, error } = this.#trial
    return status === 'error' && error !== undefined ? fromErrorRecord(error) : undefined
  }

  /** Why the trial was stopped or paused; undefined for one that ended by itself. */
  get stopReason(): string | undefined {
    return this.#trial.reason
  }

  /** Which repeat of its config the trial was, when the searcher tried each several times. */
  get repeat(): Repeat | undefined {
    return this.#trial.repeat
  }

  /** The trial's folder, absolute; undefined for a study that is kept in memory. */
  get path(): string | undefined {
    return this.#study.trialPath(this.#trial)
  }

  /** The latest checkpoint that is kept; another trial's, if this one took it over and has made none since. */
  get checkpoint(): Checkpoint | undefined {
    const standing = standingCheckpoint(this.#trial)
    const owner = standing && this.#study.trials[standing.trialIndex]
    return owner && this.#locate(standing.checkpoint, owner)
  }

  /** All reports, oldest first; read from the journal when first asked for, then held for as long as this result is. */
  get history(): readonly TrialReport<M>[] {
    this.#history ??= this.#study.reportsOf(this.#trial.index)
    // as with the config: the study keeps plain data
    return this.#history as unknown as readonly TrialReport<M>[]
  }

  /** The configs that the trial has had, oldest first; more than one if a scheduler had it take over from other trials (PBT). */
  get lineage(): readonly LineageStep[] {
    return this.#study.lineageOf(this.#trial.index)
  }

  /** All reports as rows of a data frame, nested metrics as `a/b/c`. */
  get metricsHistory(): readonly ResultRow[] {
    return this.history.map(report => Object.fromEntries(reportColumns(report)))
  }

  /** The checkpoints that are kept, oldest first, each with the metrics of its report. */
  get bestCheckpoints(): readonly CheckpointWithMetrics<M>[] {
    return this.#checkpointReports().map(([checkpoint, report]) => [checkpoint, metricsOf<M>(report)])
  }

  /** A metric of the last report by name, nested ones as `a/b/c`, wall-clock times included; undefined if it is not a number. */
  metric(name: string): number | undefined {
    const { lastReport } = this.#trial
    return lastReport && readMetric(lastReport, name)
  }

  /**
   * Finds the kept checkpoint whose report has the best value of a metric, the earliest of equals; NaN and infinite values never win.
   *
   * @param metric - the study's own by default
   * @param mode - the study's own by default, if the metric is
   * @returns undefined when no checkpoint is kept
   * @throws {@link TuneError} `INVALID_OPTION` without metric or mode; `NO_RESULT` if no checkpoint's report has a finite value
   */
  getBestCheckpoint(metric?: string, mode?: Mode): Checkpoint | undefined {
    const objective = resolveObjective(this.#study, { metric, mode }, 'getBestCheckpoint')
    const candidates = this.#checkpointReports()
    if (candidates.length === 0) return undefined
    const sign = objective.mode === 'max' ? 1 : -1
    let best: Checkpoint | undefined
    let bestScore = Number.NEGATIVE_INFINITY
    for (const [checkpoint, report] of candidates) {
      const score = sign * ((report && readMetric(report, objective.metric)) ?? Number.NaN)
      if (!Number.isFinite(score) || score <= bestScore) continue
      best = checkpoint
      bestScore = score
    }
    if (best !== undefined) return best
    throw new TuneError(
      'NO_RESULT',
      `none of the ${candidates.length} checkpoints of trial ${this.trialIndex} has a finite '${objective.metric}': ` +
        describeReported([this.#trial], objective.metric),
    )
  }

  #checkpointReports(): (readonly [Checkpoint, TrialReport | undefined])[] {
    if (this.#trial.checkpoints.length === 0) return []
    const reports = new Map(this.#study.reportsOf(this.#trial.index).map(report => [report.iteration, report]))
    return this.#trial.checkpoints.flatMap(record => {
      const checkpoint = this.#locate(record)
      return checkpoint === undefined ? [] : [[checkpoint, reports.get(record.iteration)] as const]
    })
  }

  #locate(record: CheckpointRecord, owner: Trial = this.#trial): Checkpoint | undefined {
    const path = this.#study.trialPath(owner)
    return path === undefined ? undefined : { directory: join(path, record.name), iteration: record.iteration }
  }
}

function metricsOf<M extends Metrics>(report: TrialReport | undefined): ResultMetrics<M> {
  const iteration = { [TRAINING_ITERATION]: report?.iteration ?? 0 } as const
  // a trainable may report an iteration of its own, which goes before ours as it does for readMetric
  return { ...iteration, ...report?.metrics } as ResultMetrics<M>
}
