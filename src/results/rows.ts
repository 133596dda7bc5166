import type { StudyView } from '../callbacks/callback.js'
import type { JsonValue } from '../json.js'
import { TRAINING_ITERATION, type Trial, type TrialReport } from '../trial.js'
import { flatten } from './flatten.js'

/** One row of a data frame: a plain object, column name to value; nested metrics as `a/b/c`, parameters as `config/lr`. */
export type ResultRow = Readonly<Record<string, JsonValue>>

/** A row for one trial at one of its reports: who it is, its metrics, their times, then its parameters. */
export function rowOf(trial: Trial, report: TrialReport | undefined, study: StudyView): ResultRow {
  const columns = new Map<string, JsonValue>([
    ['trialId', trial.id],
    ['trialIndex', trial.index],
    ['status', trial.status],
  ])
  if (report !== undefined) for (const [name, value] of reportColumns(report)) setNew(columns, name, value)
  if (trial.reason !== undefined) setNew(columns, 'stopReason', trial.reason)
  if (trial.status === 'error' && trial.error !== undefined) setNew(columns, 'error', trial.error.message)
  const path = study.trialPath(trial)
  if (path !== undefined) setNew(columns, 'path', path)
  for (const [name, value] of flatten(trial.config)) columns.set(`config/${name}`, value)
  return Object.fromEntries(columns)
}

/** A report's metrics and times as columns; a metric that was reported goes before an automatic one of the same name. */
export function reportColumns(report: TrialReport): Map<string, JsonValue> {
  const columns = flatten(report.metrics)
  setNew(columns, TRAINING_ITERATION, report.iteration)
  setNew(columns, 'timeThisIterS', report.timing.timeThisIterS)
  setNew(columns, 'timeTotalS', report.timing.timeTotalS)
  setNew(columns, 'timestamp', Math.floor(report.timing.timestampMs / 1000))
  return columns
}

function setNew(columns: Map<string, JsonValue>, name: string, value: JsonValue): void {
  if (!columns.has(name)) columns.set(name, value)
}
