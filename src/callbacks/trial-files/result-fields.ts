import { hostname, networkInterfaces } from 'node:os'
import type { JsonObject, JsonValue } from '../../json.js'
import { flatten } from '../../results/flatten.js'
import type { Trial, TrialReport } from '../../trial.js'

/** The machine and process that a study runs on, as it stands in each result. */
export interface Host {
  readonly pid: number
  readonly hostname: string
  readonly nodeIp: string
}

/** This machine and process. */
export function thisHost(): Host {
  const addresses = Object.values(networkInterfaces()).flatMap(each => each ?? [])
  const outside = addresses.find(({ family, internal }) => family === 'IPv4' && !internal)
  return { pid: process.pid, hostname: hostname(), nodeIp: outside?.address ?? '127.0.0.1' }
}

/**
 * A report as Ray Tune writes it, but for `config`: the metrics as they are nested, and the keys that it fills in itself. Those of the iteration and
 * its times give way to metrics of the same name; the others do not.
 *
 * `done` says that the trial was stopped at this report, or that the report itself said so; as in Ray Tune, the last report of a
 * trial that just returns does not tell.
 */
export function resultFields(trial: Trial, report: TrialReport, host: Host, tag: string): JsonObject {
  const { timing, iteration } = report
  const metrics = 'config' in report.metrics ? withoutConfig(report.metrics) : report.metrics
  const isStopped = trial.status === 'terminated' && trial.reason !== undefined && trial.iteration === iteration
  return {
    ...metrics,
    training_iteration: metrics.training_iteration ?? iteration,
    time_this_iter_s: metrics.time_this_iter_s ?? timing.timeThisIterS,
    time_total_s: metrics.time_total_s ?? timing.timeTotalS,
    timestamp: metrics.timestamp ?? Math.floor(timing.timestampMs / 1000),
    date: formatDate(timing.timestampMs),
    pid: host.pid,
    hostname: host.hostname,
    node_ip: host.nodeIp,
    trial_id: trial.id,
    done: metrics.done === true || isStopped,
    experiment_tag: tag,
  }
}

function withoutConfig({ config: _, ...metrics }: JsonObject): JsonObject {
  return metrics
}

/** The second that was formatted last: reports come close together, and calendars are slow. */
let lastDate = { second: Number.NaN, text: '' }

/** Local time as `2026-01-02_03-04-05`. */
export function formatDate(timestampMs: number): string {
  const second = Math.floor(timestampMs / 1000)
  if (second !== lastDate.second) lastDate = { second, text: formatCalendar(timestampMs) }
  return lastDate.text
}

function formatCalendar(timestampMs: number): string {
  const date = new Date(timestampMs)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day}_${two(date.getHours())}-${two(date.getMinutes())}-${two(date.getSeconds())}`
}

const maxTagLength = 130

/** Ray Tune's name for a trial by its parameters: `3_act=relu,lr=0.0100`. */
export function experimentTag(trial: Trial): string {
  const parts = [...flatten(trial.config)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, value]) => `${path.split('/').at(-1)}=${tagValue(value)}`)
  return `${trial.index}${parts.length > 0 ? '_' : ''}${parts.join(',')}`.slice(0, maxTagLength)
}

function tagValue(value: JsonValue): string {
  if (typeof value === 'number' && !Number.isInteger(value)) return value.toFixed(4)
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.replace(/[^a-zA-Z0-9_-]+/g, '_')
}
