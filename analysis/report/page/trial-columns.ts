import { formatDuration, formatNumber, formatValue, sanitize } from '../../../src/results/text.js'
import type { Objective } from '../../../src/trial.js'
import type { StudyModel } from './study-model.js'

/** A column of the table of trials. */
export interface TrialColumn {
  /** What conditions may call it: the whole path of a parameter, say. */
  readonly key: string
  readonly label: string
  readonly kind: 'number' | 'text'
  /** Whether smaller values come first when the column is first sorted by. */
  readonly isAscending: boolean
  /** What it is sorted and filtered by; undefined or NaN where a trial has none. */
  readonly value: (trial: number) => number | string | undefined
  readonly text: (trial: number) => string
}

/** The most further metrics that have columns. */
const mostMetrics = 8

/** The columns that a study's trials have. */
export function trialColumns(model: StudyModel): TrialColumn[] {
  const { data, parameters, leaves } = model
  const { trials, objective, definition } = data
  const columns: TrialColumn[] = [
    numbers('trial', trial => trial, true, String),
    texts('state', trial => model.stateOf(trial)),
  ]
  // ids say no more than numbers do; a name that the user gave does
  if (trials.some(({ name, id }) => name !== id)) columns.push(texts('name', trial => trials[trial]?.name))
  const objectives = definition.objectives.length > 0 ? definition.objectives : objective === null ? [] : [objective]
  for (const each of objectives) columns.push(...scores(model, each, objectives.length === 1))
  columns.push(
    numbers('iterations', trial => trials[trial]?.iteration ?? 0, false, String),
    numbers('time', trial => trials[trial]?.seconds ?? 0, false, formatDuration),
  )
  for (const { path, name } of parameters) {
    const read = (trial: number) => leaves[trial]?.get(path)
    const isNumber = leaves.every(each => {
      const value = each.get(path)
      return value === undefined || typeof value === 'number'
    })
    columns.push({
      key: path,
      label: sanitize(name),
      kind: isNumber ? 'number' : 'text',
      isAscending: true,
      value: trial => {
        const value = read(trial)
        return value === undefined || typeof value === 'number' ? value : formatValue(value)
      },
      text: trial => formatValue(read(trial)),
    })
  }
  const named = new Set(objectives.map(({ metric }) => metric))
  for (const { name } of data.reports.metrics.filter(metric => !named.has(metric.name)).slice(0, mostMetrics)) {
    const last = model.lastValues(name)
    columns.push(numbers(name, trial => last[trial] ?? Number.NaN, true))
  }
  if (trials.some(({ reason, error }) => reason !== undefined || error !== undefined))
    columns.push(texts('reason', trial => trials[trial]?.error?.message ?? trials[trial]?.reason))
  return columns
}

/** The last value of a metric, and where it is the only one the best. */
function scores(model: StudyModel, objective: Objective, isSole: boolean): TrialColumn[] {
  const last = model.lastValues(objective.metric)
  const column = numbers(objective.metric, trial => last[trial] ?? Number.NaN, objective.mode === 'min')
  if (!isSole) return [column]
  const best = model.bestValues(objective)
  return [column, numbers('best', trial => best[trial] ?? Number.NaN, objective.mode === 'min')]
}

function numbers(
  key: string,
  value: (trial: number) => number,
  isAscending: boolean,
  format: (value: number) => string = formatNumber,
): TrialColumn {
  const text = (trial: number) => {
    const own = value(trial)
    return Number.isNaN(own) ? '' : format(own)
  }
  return { key, label: sanitize(key), kind: 'number', isAscending, value, text }
}

function texts(key: string, value: (trial: number) => string | undefined): TrialColumn {
  return { key, label: key, kind: 'text', isAscending: true, value, text: trial => sanitize(value(trial) ?? '') }
}
