import type { JsonObject, JsonValue } from '../../json.js'
import { flatten } from '../../results/flatten.js'
import type { TrialReport } from '../../trial.js'
import { encodePythonJson } from '../trial-files/python-json.js'
import { toMLflowNames } from './names.js'

/** A value of a metric at one step, as MLflow takes it. */
export interface MetricEntry {
  readonly key: string
  /** JSON lacks NaN and the infinities; MLflow reads them by these names. */
  readonly value: number | 'NaN' | 'Infinity' | '-Infinity'
  /** Milliseconds since 1970-01-01 UTC. */
  readonly timestamp: number
  readonly step: number
}

/** A parameter or a tag. */
export interface TextEntry {
  readonly key: string
  readonly value: string
}

/** The longest value of a tag that every server takes. */
const maxTagLength = 5000

/**
 * The numbers of a report: metrics under their own names, nested ones as `a/b`, booleans as 0 and 1, and the trial's times under `time`.
 * Texts, null and arrays are no metrics.
 */
export function metricEntries({ metrics, timing, iteration }: TrialReport): MetricEntry[] {
  const numbers = new Map<string, number>([
    ['time/timeThisIterS', timing.timeThisIterS],
    ['time/timeTotalS', timing.timeTotalS],
  ])
  for (const [name, value] of flatten(metrics)) {
    if (typeof value === 'number') numbers.set(name, value)
    else if (typeof value === 'boolean') numbers.set(name, value ? 1 : 0)
  }
  const keys = toMLflowNames(numbers.keys())
  const timestamp = Math.max(0, Math.round(timing.timestampMs))
  return [...numbers].map(([name, value]) => ({
    key: keys.get(name) ?? name,
    value: toMetricValue(value),
    timestamp,
    step: iteration,
  }))
}

/** A number as MLflow's interface takes it. */
export function toMetricValue(value: number): MetricEntry['value'] {
  if (Number.isFinite(value)) return value
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity'
}

/** The parameters of a config, nested ones as `a/b`. @param maxLength - where longer values are cut */
export function paramEntries(config: JsonObject, maxLength: number): TextEntry[] {
  const leaves = flatten(config)
  const keys = toMLflowNames(leaves.keys())
  return [...leaves].map(([path, value]) => ({ key: keys.get(path) ?? path, value: cut(toText(value), maxLength) }))
}

/** A tag whose value fits. */
export function tagEntry(key: string, value: string): TextEntry {
  return { key, value: cut(value, maxTagLength) }
}

function toText(value: JsonValue): string {
  return typeof value === 'string' ? value : encodePythonJson(value)
}

function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text
  // not in the middle of a surrogate pair
  return `${text.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}
