import { isPlainObject } from '../json.js'
import type { TrialStatus } from '../trial.js'
import type { ExploitRecord, StudyEvent } from './events.js'
import type { TrialTable } from './trial-table.js'

/** Names of folders inside a study's own: nothing that a journal says leads anywhere else. */
const safeName = /^(?!\.{1,2}$)[^/\\\0]{1,255}$/

type Check = (value: unknown) => boolean

const isIndex: Check = value => Number.isSafeInteger(value) && Number(value) >= 0
const isNumber: Check = value => typeof value === 'number'
const isText: Check = value => typeof value === 'string'
const isName: Check = value => typeof value === 'string' && safeName.test(value)
const isFlag: Check = value => typeof value === 'boolean'
const listOf =
  (check: Check): Check =>
  value =>
    Array.isArray(value) && value.every(check)
const oneOf =
  (...values: readonly unknown[]): Check =>
  value =>
    values.includes(value)
const optional =
  (check: Check): Check =>
  value =>
    value === undefined || check(value)
const objectOf =
  (checks: Readonly<Record<string, Check>>): Check =>
  value =>
    isPlainObject(value) && findFault(value, checks) === undefined

const isPart = objectOf({ name: isText, options: isPlainObject })
const isCheckpoint = objectOf({ name: isName, iteration: isIndex, score: optional(isNumber), bytes: optional(isIndex) })
const exploit = { donor: isIndex, source: isIndex, checkpoint: isCheckpoint, config: isPlainObject }
const isDecision = objectOf({
  type: oneOf('pause', 'stop', 'exploit'),
  reason: isText,
  by: isText,
  exploit: optional(objectOf(exploit)),
})
const isRepeat = objectOf({ group: isIndex, index: isIndex, of: isIndex })
const isObjective = objectOf({ metric: isText, mode: oneOf('min', 'max') })
const isError = objectOf({ name: isText, message: isText, code: optional(isText), stack: optional(isText) })
const isTiming = objectOf({ timestampMs: isNumber, timeThisIterS: isNumber, timeTotalS: isNumber })

const isMetric: Check = value => value === null || isText(value)
const isMode = oneOf('min', 'max', null)

const isDefinition = objectOf({
  name: isName,
  seed: isIndex,
  metric: optional(isMetric),
  mode: isMode,
  objectives: listOf(isObjective),
  order: oneOf('logical', 'arrival'),
  maxConcurrentTrials: isIndex,
  numSamples: value => value === null || isIndex(value),
  maxFailures: Number.isSafeInteger,
  failFast: isFlag,
  trainable: isText,
  space: isPlainObject,
  searcher: isPart,
  scheduler: isPart,
  stoppers: listOf(isPart),
})

const isChanges = objectOf({
  numSamples: optional(value => value === null || isIndex(value)),
  stoppers: optional(listOf(isPart)),
  maxFailures: optional(Number.isSafeInteger),
  trainable: optional(isText),
  space: optional(isPlainObject),
  searcher: optional(isPart),
  scheduler: optional(isPart),
  metric: optional(isMetric),
  mode: optional(isMode),
  objectives: optional(listOf(isObjective)),
})

/** What each event has, beside its name. */
const events: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  // a header of another format is told of as such
  study: { format: isNumber },
  session: {},
  extend: { changes: isChanges, reopened: listOf(isIndex) },
  reopen: { trial: isIndex },
  trial: {
    trial: isIndex,
    id: isText,
    name: isText,
    directory: isName,
    config: isPlainObject,
    repeat: optional(isRepeat),
    clock: isNumber,
  },
  resume: { trial: isIndex, clock: isNumber, exploit: optional(objectOf({ ...exploit, reason: isText })) },
  report: {
    trial: isIndex,
    iteration: isIndex,
    metrics: isPlainObject,
    timing: isTiming,
    clock: isNumber,
    checkpoint: optional(isCheckpoint),
    decision: optional(isDecision),
  },
  checkpoint: { trial: isIndex, checkpoint: isCheckpoint },
  prune: { trial: isIndex, checkpoints: listOf(isName) },
  end: { trial: isIndex, decision: optional(isDecision) },
  failure: { trial: isIndex, error: isError, retry: isFlag },
  halt: { reason: isText, by: isText, trials: listOf(isIndex) },
  finish: {},
}

/**
 * What is wrong with an event that was read back, if something is: a journal may come from anywhere, and what it says is data and
 * never trusted.
 */
export function eventFault(event: Readonly<Record<string, unknown>>): string | undefined {
  const name = String(event.event)
  const checks = Object.hasOwn(events, name) ? events[name] : undefined
  if (checks === undefined) return `it has the unknown event '${name.slice(0, 40)}'`
  const key = findFault(event, checks)
  if (key !== undefined) return `the ${key} of its ${name} event is not what it should be`
  if (name === 'study' && event.format === 1 && !isDefinition(event.definition))
    return 'its definition of the study is not whole'
  return undefined
}

function findFault(
  value: Readonly<Record<string, unknown>>,
  checks: Readonly<Record<string, Check>>,
): string | undefined {
  for (const key in checks) if (checks[key]?.(value[key]) !== true) return key
  return undefined
}

/** The statuses in which a trial can have an event; in any, where none are named. */
const statusesFor: Partial<Record<StudyEvent['event'], readonly TrialStatus[]>> = {
  report: ['running'],
  failure: ['running'],
  resume: ['paused'],
  end: ['running', 'paused'],
  reopen: ['terminated', 'error'],
}

/** Why an event can't come where it stands, if it can't. */
export function placeFault(event: StudyEvent, trials: TrialTable): string | undefined {
  return ownFault(event, trials) ?? groupFault(event, trials)
}

/** Why the trial that an event is about can't be that, if it can't. */
function ownFault(event: StudyEvent, trials: TrialTable): string | undefined {
  if (!('trial' in event)) return undefined
  if (event.event === 'trial') {
    return event.trial === trials.all.length
      ? undefined
      : `it makes trial ${event.trial} after ${trials.all.length} others`
  }
  const trial = trials.all[event.trial]
  if (trial === undefined)
    return `it has a ${event.event} of trial ${event.trial}, and there are ${trials.all.length} trials`
  const allowed = statusesFor[event.event]
  if (allowed && !allowed.includes(trial.status))
    return `it has a ${event.event} of trial ${event.trial}, which is ${trial.status}`
  if (event.event === 'report' && event.iteration !== trial.iteration + 1) {
    return `it has report ${event.iteration} of trial ${event.trial}, which has made ${trial.iteration}`
  }
  return undefined
}

/** Why the trials that an event names beside its own can't be those, if they can't. */
function groupFault(event: StudyEvent, { all }: TrialTable): string | undefined {
  const { trials, areOpen } = namedTrials(event)
  const missing = trials.find(index => all[index] === undefined)
  if (missing !== undefined) return `it names trial ${missing}, and there are ${all.length} trials`
  if (areOpen === undefined) return undefined
  if (new Set(trials).size < trials.length) return 'it names a trial twice'
  const odd = trials.find(index => all[index]?.hasEnded === areOpen)
  return odd === undefined ? undefined : `it names trial ${odd}, which is ${all[odd]?.status}`
}

/** The trials that an event names beside its own, and whether they have to be open, or ended. */
function namedTrials(event: StudyEvent): { readonly trials: readonly number[]; readonly areOpen?: boolean } {
  switch (event.event) {
    case 'halt':
      return { trials: event.trials, areOpen: true }
    case 'extend':
      return { trials: event.reopened, areOpen: false }
    case 'report':
      return { trials: exploited(event.decision?.exploit) }
    case 'resume':
      return { trials: exploited(event.exploit) }
    default:
      return { trials: [] }
  }
}

function exploited(exploit: ExploitRecord | undefined): readonly number[] {
  return exploit === undefined ? [] : [exploit.donor, exploit.source]
}
