import { type ErrorRecord, TuneError, toErrorRecord } from '../errors.js'
import type { JsonObject } from '../json.js'
import {
  type CheckpointRecord,
  isBetter,
  type Mode,
  readMetric,
  type Trial,
  type TrialReport,
  type TrialStatus,
} from '../trial.js'

/** The study's metric and mode. */
export interface Objective {
  readonly metric: string
  readonly mode: Mode
}

/** A trial as the study keeps it; everyone else sees it as a {@link Trial}. */
export class TrialState implements Trial {
  readonly index: number
  readonly id: string
  readonly name: string
  readonly directory: string
  readonly config: JsonObject
  status: TrialStatus = 'running'
  iteration = 0
  lastReport: TrialReport | undefined
  bestReport: TrialReport | undefined
  checkpoints: readonly CheckpointRecord[] = []
  failures = 0
  error: ErrorRecord | undefined
  reason: string | undefined
  clock: number
  /** Whether any of its reports had the study's metric, be it NaN. */
  hasMetric = false

  constructor(made: Pick<Trial, 'index' | 'id' | 'name' | 'directory' | 'config' | 'clock'>) {
    this.index = made.index
    this.id = made.id
    this.name = made.name
    this.directory = made.directory
    this.config = made.config
    this.clock = made.clock
  }

  get hasEnded(): boolean {
    return this.status === 'terminated' || this.status === 'error'
  }

  addReport(report: TrialReport, clock: number, objective: Objective | undefined): void {
    this.iteration = report.iteration
    this.lastReport = report
    this.clock = clock
    if (objective === undefined) return
    const value = readMetric(report, objective.metric)
    if (value === undefined) return
    this.hasMetric = true
    const best = this.bestReport && readMetric(this.bestReport, objective.metric)
    if (this.bestReport === undefined || isBetter(value, best, objective.mode)) this.bestReport = report
  }

  addCheckpoint(checkpoint: CheckpointRecord): void {
    const others = this.checkpoints.filter(other => other.name !== checkpoint.name)
    this.checkpoints = [...others, checkpoint].sort((a, b) => a.iteration - b.iteration)
  }

  dropCheckpoints(names: readonly string[]): void {
    this.checkpoints = this.checkpoints.filter(({ name }) => !names.includes(name))
  }

  /** Ends the trial; one that reported, but never the metric it was to be judged by, has failed. */
  end(reason: string | undefined, objective: Objective | undefined): void {
    this.reason = reason
    if (objective === undefined || this.iteration === 0 || this.hasMetric) {
      this.status = 'terminated'
      return
    }
    this.fail(toErrorRecord(metricMissing(this, objective.metric)))
  }

  fail(error: ErrorRecord): void {
    this.status = 'error'
    this.error = error
  }
}

function metricMissing(trial: TrialState, metric: string): TuneError {
  const names = Object.keys(trial.lastReport?.metrics ?? {})
  const known =
    names.length === 0 ? 'its reports are empty' : `its last report has ${names.map(name => `'${name}'`).join(', ')}`
  const error = new TuneError(
    'METRIC_MISSING',
    `trial ${trial.index} never reported the study's metric '${metric}' in ${trial.iteration} reports (${known}): report it, or name another metric`,
  )
  // the stack would show the engine's own inside, which helps nobody
  delete error.stack
  return error
}
