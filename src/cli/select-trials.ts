import type { StudyView } from '../callbacks/callback.js'
import { show, TuneError } from '../errors.js'
import type { JsonValue } from '../json.js'
import { flatten } from '../results/flatten.js'
import { bestValue } from '../results/leaderboard.js'
import { ParetoFront } from '../results/pareto-front.js'
import { similarName } from '../results/similar-names.js'
import { isBetter, readMetric, readPath, type Trial, type TrialStatus } from '../trial.js'

const operators = ['<=', '>=', '!=', '==', '=', '<', '>'] as const

/** `loss<0.1`: trials whose value of a column stands so to another value. */
export interface Condition {
  readonly key: string
  readonly operator: (typeof operators)[number]
  readonly value: string
}

/** Which trials to list, and in which order. */
export interface Selection {
  readonly status?: readonly TrialStatus[]
  /** All of them have to hold; a trial that lacks a value meets no condition on it. */
  readonly where?: readonly Condition[]
  /** Only those that no other is better than in all of the study's metrics. */
  readonly pareto?: boolean
  /** A column to sort by, smallest first; trials that lack it go last. @defaultValue by index */
  readonly sort?: string
  /** Largest first. */
  readonly desc?: boolean
}

type Read = (trial: Trial) => JsonValue | undefined

/** Reads a condition. @returns undefined if the text is none */
export function parseCondition(text: string): Condition | undefined {
  const match = /^\s*([^<>=!]+?)\s*(<=|>=|!=|==|=|<|>)\s*([^<>=!]*?)\s*$/.exec(text)
  const [, key, operator, value] = match ?? []
  const known = operators.find(each => each === operator)
  return key === undefined || known === undefined || value === undefined ? undefined : { key, operator: known, value }
}

/**
 * Picks trials and puts them in order.
 *
 * @throws `TuneError` `INVALID_OPTION` for a column that no trial has, or a bound that is no number
 */
export function selectTrials(view: StudyView, selection: Selection): readonly Trial[] {
  const { status, where = [], sort, desc = false } = selection
  const tests = where.map(condition => testOf(condition, readerOf(condition.key, view)))
  const front = selection.pareto === true ? frontOf(view) : undefined
  const chosen = view.trials.filter(
    trial =>
      (status === undefined || status.includes(trial.status)) &&
      (front === undefined || front.has(trial.index)) &&
      tests.every(test => test(trial)),
  )
  return sort === undefined ? (desc ? chosen.reverse() : chosen) : sortTrials(chosen, sort, desc, view)
}

function frontOf({ definition: { objectives }, trials }: StudyView): ReadonlySet<number> {
  if (objectives.length === 0)
    throw new TuneError('INVALID_OPTION', 'the study has no metric to have a Pareto front by')
  const front = new ParetoFront(objectives)
  for (const trial of trials) front.add(trial)
  return new Set(front.members.map(({ trial }) => trial.index))
}

function testOf({ key, operator, value }: Condition, read: Read): (trial: Trial) => boolean {
  const bound = toNumber(value)
  switch (operator) {
    case '=':
    case '==':
      return trial => isSame(read(trial), value, bound)
    case '!=':
      return trial => {
        const held = read(trial)
        return held !== undefined && !isSame(held, value, bound)
      }
    default:
  }
  if (bound === undefined)
    throw new TuneError(
      'INVALID_OPTION',
      `--where ${key}${operator}${value}: ${show(value)} is no number; texts can be compared by = and !=`,
    )
  const compare = { '<': isLess, '>': isMore, '<=': isAtMost, '>=': isAtLeast }[operator]
  return trial => {
    const held = read(trial)
    return typeof held === 'number' && compare(held, bound)
  }
}

const isLess = (a: number, b: number) => a < b
const isMore = (a: number, b: number) => a > b
const isAtMost = (a: number, b: number) => a <= b
const isAtLeast = (a: number, b: number) => a >= b

function isSame(held: JsonValue | undefined, text: string, value: number | undefined): boolean {
  if (typeof held === 'number') return Object.is(held, value) || held === value
  if (typeof held === 'object' && held !== null) return JSON.stringify(held) === text.replaceAll(/\s/g, '')
  return held !== undefined && String(held) === text
}

function toNumber(text: string): number | undefined {
  if (/^-?inf(inity)?$/i.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (/^nan$/i.test(text)) return Number.NaN
  const value = Number(text)
  return text === '' || Number.isNaN(value) ? undefined : value
}

function sortTrials(trials: readonly Trial[], key: string, desc: boolean, view: StudyView): readonly Trial[] {
  const { mode } = view.definition
  if (key === 'best' && mode !== null) {
    const ranked = trials.toSorted((a, b) => {
      const [x, y] = [bestValue(a, view.definition), bestValue(b, view.definition)]
      return isBetter(x, y, mode) ? -1 : isBetter(y, x, mode) ? 1 : a.index - b.index
    })
    return desc ? ranked.reverse() : ranked
  }
  const read = readerOf(key, view)
  const keyed = trials.map(trial => ({ trial, value: read(trial) }))
  const sign = desc ? -1 : 1
  keyed.sort((a, b) => rank(a.value) - rank(b.value) || sign * compareValues(a.value, b.value))
  return keyed.map(({ trial }) => trial)
}

/** Numbers go first, then texts, then what is missing or NaN. */
function rank(value: JsonValue | undefined): number {
  if (typeof value === 'number') return Number.isNaN(value) ? 2 : 0
  return value === undefined || value === null ? 2 : 1
}

function compareValues(a: JsonValue | undefined, b: JsonValue | undefined): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0
  const [x, y] = [String(a), String(b)]
  return x < y ? -1 : x > y ? 1 : 0
}

/** Columns that every trial has, by the names that rows and tables give them. */
const fixed: Readonly<Record<string, Read>> = {
  trialIndex: ({ index }) => index,
  trialId: ({ id }) => id,
  status: ({ status }) => status,
  stopReason: ({ reason }) => reason,
  error: ({ error }) => error?.message,
}

const shorthands: Readonly<Record<string, Read>> = {
  trial: ({ index }) => index,
  name: ({ name }) => name,
  iter: ({ iteration }) => iteration,
  time: ({ lastReport }) => lastReport?.timing.timeTotalS,
}

/** How a column is read: a metric of the last report, a parameter, or what every trial has; the first of these that any trial has. */
function readerOf(key: string, view: StudyView): Read {
  const { trials, definition } = view
  const always = Object.hasOwn(fixed, key) ? fixed[key] : undefined
  if (always !== undefined) return always
  const metric: Read = ({ lastReport }) =>
    lastReport && (readMetric(lastReport, key) ?? readPath(lastReport.metrics, key))
  const inConfig = key.startsWith('config/') ? key.slice('config/'.length) : key
  const parameter: Read = ({ config }) => readPath(config, inConfig)
  for (const read of [metric, parameter]) if (trials.some(trial => read(trial) !== undefined)) return read
  const paths = parameterPaths(trials)
  const ending = paths.filter(path => path.endsWith(`/${inConfig}`))
  const [only] = ending
  if (only !== undefined && ending.length === 1) return ({ config }) => readPath(config, only)
  if (key === 'best') return trial => bestValue(trial, definition)
  const short = Object.hasOwn(shorthands, key) ? shorthands[key] : undefined
  if (short !== undefined) return short
  throw unknownColumn(key, paths, view)
}

function parameterPaths(trials: readonly Trial[]): string[] {
  const paths = new Set<string>()
  for (const { config } of trials) for (const path of flatten(config).keys()) paths.add(path)
  return [...paths]
}

function unknownColumn(key: string, paths: readonly string[], { trials }: StudyView): TuneError {
  const metrics = new Set<string>()
  for (const { lastReport } of trials)
    if (lastReport !== undefined) for (const name of flatten(lastReport.metrics).keys()) metrics.add(name)
  const known = [
    ...metrics,
    ...paths,
    ...Object.keys(fixed),
    ...Object.keys(shorthands),
    'best',
    'trainingIteration',
    'timeTotalS',
  ]
  const meant = similarName(key, known)
  const hint =
    meant === undefined ? `columns are ${known.slice(0, 12).map(show).join(', ')}` : `did you mean ${show(meant)}?`
  return new TuneError('INVALID_OPTION', `no trial has a metric or parameter ${show(key)}: ${hint}`)
}
