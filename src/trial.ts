import type { ErrorRecord } from './errors.js'
import type { JsonObject, JsonValue } from './json.js'

/** Whether larger or smaller values of the metric are better. */
export type Mode = 'min' | 'max'

/** A metric to optimize. */
export interface Objective {
  /** The name of a reported metric, nested ones as `a/b`. */
  readonly metric: string
  /** Whether it is to be small or large. */
  readonly mode: Mode
}

/** The place of a trial among the repeats of one suggestion. */
export interface Repeat {
  /** The number of the suggestion, from 0. */
  readonly group: number
  /** Which of its repeats this is, from 0: the fold, in a cross-validation. */
  readonly index: number
  /** How many repeats the suggestion has. */
  readonly of: number
}

/** Who ended or paused a trial. */
export type EndedBy = 'scheduler' | 'stopper' | 'trainable' | 'study'

/**
 * Where a trial stands: `pending` before it runs, `running` while it holds one of the study's places, `paused` when a scheduler took
 * the place back for now, `terminated` when it ended or was stopped, `error` when it failed for good.
 */
export type TrialStatus = 'pending' | 'running' | 'paused' | 'terminated' | 'error'

/** When a report was made and how long the trial had worked for it; kept apart from the metrics, which are reproducible. */
export interface ReportTiming {
  /** Wall-clock time of the report, in milliseconds since 1970-01-01 UTC. */
  readonly timestampMs: number
  /** Time this iteration took, in seconds. */
  readonly timeThisIterS: number
  /** Time all of the trial's iterations took so far, in seconds. */
  readonly timeTotalS: number
}

/** One committed report. @typeParam M - what the trainable reports, where that is known */
export interface TrialReport<M = JsonObject> {
  /** The report's number in its trial, from 1 (Ray Tune's `training_iteration`). */
  readonly iteration: number
  /** What the trainable reported. */
  readonly metrics: M
  /** When it was made and how long it took. */
  readonly timing: ReportTiming
}

/** A committed checkpoint of a trial. */
export interface CheckpointRecord {
  /** The directory's name inside the trial's own, such as `checkpoint_000003`. */
  readonly name: string
  /** How many reports the trial had made when it was written. */
  readonly iteration: number
  /** The value of `checkpointScoreAttribute` at that report, where it has one. */
  readonly score?: number
  /** The size of the trainable's files in it, in bytes; undefined where it was not noted. */
  readonly bytes?: number
}

/** What a trial took over from another. */
export interface TrialOrigin {
  /** The trial in whose folder the checkpoint is. */
  readonly trialIndex: number
  /** The one that it took over. */
  readonly checkpoint: CheckpointRecord
  /** How many reports it had made itself by then. */
  readonly iteration: number
}

/** A trial as everyone but the study sees it. */
export interface Trial<C = JsonObject> {
  /** Its number in the study, from 0. */
  readonly index: number
  /** Its id, the same in each run of the same study. */
  readonly id: string
  /** What tables call it. @defaultValue its id */
  readonly name: string
  /** The name of its folder inside the study's. */
  readonly directory: string
  /** What is tried; after an exploit, what it then went on with. */
  readonly config: C
  /** Where it stands. */
  readonly status: TrialStatus
  /** How many of its reports are committed. */
  readonly iteration: number
  /** Its last committed report. */
  readonly lastReport: TrialReport | undefined
  /** Its best committed report by the study's metric, when there is just one; never a NaN or infinite one while a finite one exists. */
  readonly bestReport: TrialReport | undefined
  /** The checkpoints that are kept, oldest first. */
  readonly checkpoints: readonly CheckpointRecord[]
  /** How often its trainable has thrown. */
  readonly failures: number
  /** Why it failed, when it has. */
  readonly error: ErrorRecord | undefined
  /** Why it was stopped or paused, when it was; undefined for a trial that ended by itself. */
  readonly reason: string | undefined
  /** Who stopped or paused it, when somebody did; `trainable` when it reported `done`, `study` when the study ended or was halted first. */
  readonly endedBy: EndedBy | undefined
  /** What it last took over from another trial, if a scheduler had it do so; `config` is what it went on with. */
  readonly origin: TrialOrigin | undefined
  /** Which repeat of its suggestion it is, when a searcher repeats suggestions. */
  readonly repeat: Repeat | undefined
  /** Its logical clock: the time of its last committed event. */
  readonly clock: number
}

/** The checkpoint that a trial stands at: its own latest, or the one it took over if it has made none since. */
export function standingCheckpoint(
  trial: Pick<Trial, 'index' | 'checkpoints' | 'origin'>,
): Pick<TrialOrigin, 'trialIndex' | 'checkpoint'> | undefined {
  const own = trial.checkpoints.at(-1)
  const { origin } = trial
  if (origin !== undefined && (own === undefined || own.iteration <= origin.iteration)) return origin
  return own && { trialIndex: trial.index, checkpoint: own }
}

/** Whether a trial is over: stopped, complete or failed, and not taken up again since. */
export function hasEnded({ status }: Pick<Trial, 'status'>): boolean {
  return status === 'terminated' || status === 'error'
}

/** The objective of a study that has just one. */
export function soleObjective(objectives: readonly Objective[]): Objective | undefined {
  return objectives.length === 1 ? objectives[0] : undefined
}

/** The metric name under which a report's own number is read, unless the trainable reports one of that name. */
export const TRAINING_ITERATION = 'trainingIteration'

/** Metrics that come from the wall clock, so that no reproducible decision may rest on them. */
export const wallClockMetrics: readonly string[] = ['timeTotalS', 'timeThisIterS', 'timestamp']

/**
 * Reads a metric by name: one that was reported (nested ones as `a/b/c`), else `trainingIteration`, `timeTotalS`, `timeThisIterS` or
 * `timestamp` (seconds), which every report has.
 *
 * @returns its value when it is a number (NaN and infinities included), else undefined
 */
export function readMetric(report: TrialReport, name: string): number | undefined {
  const value = readPath(report.metrics, name)
  if (typeof value === 'number') return value
  if (value !== undefined) return undefined
  switch (name) {
    case TRAINING_ITERATION:
      return report.iteration
    case 'timeTotalS':
      return report.timing.timeTotalS
    case 'timeThisIterS':
      return report.timing.timeThisIterS
    case 'timestamp':
      return Math.floor(report.timing.timestampMs / 1000)
    default:
      return undefined
  }
}

/** Reads a value out of nested objects by a path of keys joined by `/`; a key that holds a `/` itself is found first. */
export function readPath(object: JsonObject, path: string): JsonValue | undefined {
  if (Object.hasOwn(object, path)) return object[path]
  let value: JsonValue | undefined = object
  for (const key of path.split('/')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as { readonly [key: string]: JsonValue })[key]
  }
  return value
}

/**
 * Reads all objectives from a report, **with their signs turned so that smaller is better**.
 *
 * @returns [objectives]; undefined if there are none, or one is missing, NaN or infinite
 */
export function readObjectives(
  report: TrialReport | undefined,
  objectives: readonly Objective[],
): Float64Array | undefined {
  if (report === undefined || objectives.length === 0) return undefined
  const values = new Float64Array(objectives.length)
  for (const [i, { metric, mode }] of objectives.entries()) {
    const value = readMetric(report, metric)
    if (value === undefined || !Number.isFinite(value)) return undefined
    values[i] = mode === 'max' ? -value : value
  }
  return values
}

/** Whether `a` is better than `b` in that mode. Any finite number is better than none, NaN and the infinities; those never win. */
export function isBetter(a: number | undefined, b: number | undefined, mode: Mode): boolean {
  if (a === undefined || Number.isNaN(a)) return false
  if (b === undefined || !Number.isFinite(b)) return Number.isFinite(a)
  if (!Number.isFinite(a)) return false
  return mode === 'max' ? a > b : a < b
}
