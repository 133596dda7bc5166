import { hostname, networkInterfaces } from 'node:os'
import type { JsonObject, JsonValue } from '../../json.js'
import { flatten } from '../../results/flatten.js'
import type { Trial, TrialReport } from '../../trial.js'
import { csvField } from './csv.js'
import { encodePythonJson } from './python-json.js'

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

/** The columns of the fields that every result has, beside the metrics and, in `result.json`, the config. */
export const fieldNames = [
  'training_iteration',
  'time_this_iter_s',
  'time_total_s',
  'timestamp',
  'date',
  'done',
  'pid',
  'hostname',
  'node_ip',
  'trial_id',
  'experiment_tag',
] as const

const reserved = new Set<string>([...fieldNames, 'config'])

/** A report, ready to be written. */
export interface ResultText {
  /** The metrics that have none of the reserved names. */
  readonly metrics: JsonObject
  /** The other members of the JSON object, config included, without braces. */
  readonly json: string
  /** The fields of {@link fieldNames} as CSV. */
  readonly csv: string
}

/**
 * Writes a trial's reports with the fields that Ray Tune fills in itself. Those of the iteration and its times give way to metrics of
 * the same name; the others do not.
 *
 * `done` says that the trial was stopped at this report, or that the report itself said so; as in Ray Tune, the last report of a
 * trial that just returns does not tell.
 */
export class ResultFormat {
  readonly #trial: Trial
  readonly #fields: JsonObject
  readonly #csv: string
  #json = ''

  constructor(trial: Trial, host: Host) {
    this.#trial = trial
    this.#fields = {
      pid: host.pid,
      hostname: host.hostname,
      node_ip: host.nodeIp,
      trial_id: trial.id,
      experiment_tag: experimentTag(trial),
    }
    this.#csv = Object.values(this.#fields).map(csvField).join(',')
    this.setConfig(trial.config)
  }

  /** Gives the trial another config, from its next report on. */
  setConfig(config: JsonObject): void {
    this.#json = encodePythonJson({ ...this.#fields, config }).slice(1, -1)
  }

  format({ metrics, timing, iteration }: TrialReport): ResultText {
    const trial = this.#trial
    const isStopped = trial.status === 'terminated' && trial.reason !== undefined && trial.iteration === iteration
    const isReserved = hasReserved(metrics)
    const given = isReserved ? metrics : {}
    const times = [
      given.training_iteration ?? iteration,
      given.time_this_iter_s ?? timing.timeThisIterS,
      given.time_total_s ?? timing.timeTotalS,
      given.timestamp ?? Math.floor(timing.timestampMs / 1000),
    ] as const
    const date = formatDate(timing.timestampMs)
    const done = isStopped || given.done === true
    const [first, second, third, fourth] = times.map(encodePythonJson)
    return {
      metrics: isReserved ? withoutReserved(metrics) : metrics,
      json:
        `"training_iteration":${first},"time_this_iter_s":${second},"time_total_s":${third},"timestamp":${fourth},` +
        `"date":"${date}","done":${done},${this.#json}`,
      csv: `${times.map(csvField).join(',')},${date},${csvField(done)},${this.#csv}`,
    }
  }
}

function hasReserved(metrics: JsonObject): boolean {
  for (const name in metrics) if (reserved.has(name)) return true
  return false
}

function withoutReserved(metrics: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(metrics).filter(([name]) => !reserved.has(name)))
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
