import { type ErrorRecord, TuneError, toErrorRecord } from '../errors.js'
import type { JsonObject } from '../json.js'
import {
  type CheckpointRecord,
  type EndedBy,
  hasEnded,
  isBetter,
  type Objective,
  type Repeat,
  readMetric,
  type Trial,
  type TrialOrigin,
  type TrialReport,
  type TrialStatus,
} from '../trial.js'

/** Shared by all trials without checkpoints, which may be many. */
const none: ReadonlySet<string> = new Set()

/** A trial as the study keeps it; everyone else sees it as a {@link Trial}. */
export class TrialState implements Trial {
  readonly index: number
  readonly id: string
  readonly name: string
  readonly directory: string
  config: JsonObject
  status: TrialStatus = 'running'
  iteration = 0
  lastReport: TrialReport | undefined
  bestReport: TrialReport | undefined
  checkpoints: readonly CheckpointRecord[] = []
  failures = 0
  error: ErrorRecord | undefined
  reason: string | undefined
  endedBy: EndedBy | undefined
  readonly repeat: Repeat | undefined
  origin: TrialOrigin | undefined
  clock: number
  /** Names of the checkpoints that came with reports. */
  #reported: ReadonlySet<string> = none
  /** Whether one of its reports had all of the study's metrics, be they NaN. */
  hasMetrics = false

  constructor(made: Pick<Trial, 'index' | 'id' | 'name' | 'directory' | 'config' | 'clock' | 'repeat'>) {
    this.index = made.index
    this.id = made.id
    this.name = made.name
    this.directory = made.directory
    this.config = made.config
    this.repeat = made.repeat
    this.clock = made.clock
  }

  get hasEnded(): boolean {
    return hasEnded(this)
  }

  /** @param judgedBy - the objectives that the trial was judged by when it reported, if the study has others now */
  addReport(report: TrialReport, clock: number, objectives: readonly Objective[], judgedBy = objectives): void {
    this.iteration = report.iteration
    this.lastReport = report
    this.clock = clock
    this.hasMetrics ||= judgedBy.every(({ metric }) => readMetric(report, metric) !== undefined)
    const [objective, ...others] = objectives
    if (objective === undefined) return
    if (others.length > 0) return
    const value = readMetric(report, objective.metric)
    if (value === undefined) return
    const best = this.bestReport && readMetric(this.bestReport, objective.metric)
    if (this.bestReport === undefined || isBetter(value, best, objective.mode)) this.bestReport = report
  }

  /** The checkpoints that came with reports. Others are saved for a pause or an interruption, and may come at any time. */
  get reportedCheckpoints(): readonly CheckpointRecord[] {
    return this.checkpoints.filter(({ name }) => this.#reported.has(name))
  }

  addCheckpoint(checkpoint: CheckpointRecord, options: { readonly isReported: boolean }): void {
    if (options.isReported) this.#reported = new Set(this.#reported).add(checkpoint.name)
    const others = this.checkpoints.filter(other => other.name !== checkpoint.name)
    this.checkpoints = [...others, checkpoint].sort((a, b) => a.iteration - b.iteration)
  }

  dropCheckpoints(names: readonly string[]): void {
    this.checkpoints = this.checkpoints.filter(({ name }) => !names.includes(name))
    this.#reported = new Set([...this.#reported].filter(name => !names.includes(name)))
  }

  /** Ends the trial; one that reported, but never the metrics it was to be judged by, has failed. */
  end(reason: string | undefined, endedBy: EndedBy | undefined, objectives: readonly Objective[]): void {
    this.reason = reason
    this.endedBy = endedBy
    if (objectives.length === 0 || this.iteration === 0 || this.hasMetrics) {
      this.status = 'terminated'
      return
    }
    this.fail(toErrorRecord(metricMissing(this, objectives)))
  }

  /** Lets the trial go on although it had ended. */
  reopen(): void {
    this.error = undefined
    this.reason = undefined
    this.endedBy = undefined
    this.failures = 0
  }

  fail(error: ErrorRecord): void {
    this.status = 'error'
    this.error = error
  }
}

function metricMissing(trial: TrialState, objectives: readonly Objective[]): TuneError {
  const { lastReport } = trial
  const missing = objectives.filter(
    ({ metric }) => lastReport === undefined || readMetric(lastReport, metric) === undefined,
  )
  // each may have come once, in a report of its own
  const metrics = (missing.length > 0 ? missing : objectives).map(({ metric }) => `'${metric}'`)
  const what =
    objectives.length === 1
      ? `never reported the study's metric ${metrics.join('')}`
      : `never reported the study's ${objectives.length} metrics together, lacking ${metrics.join(', ')}`
  const names = Object.keys(lastReport?.metrics ?? {})
  const known =
    names.length === 0 ? 'its reports are empty' : `its last report has ${names.map(name => `'${name}'`).join(', ')}`
  const error = new TuneError(
    'METRIC_MISSING',
    `trial ${trial.index} ${what} in ${trial.iteration} reports (${known}): report ${objectives.length === 1 ? 'it' : 'them'}, or name another metric`,
  )
  // the stack would show the engine's own inside, which helps nobody
  delete error.stack
  return error
}
