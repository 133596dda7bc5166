import { show, TuneError } from '../errors.js'
import { encodeJson, type JsonValue } from '../json.js'
import type { DefinitionChanges, StudyDefinition } from '../study/events.js'
import type { Study } from '../study/study.js'

/** What becomes of a trial when its study is taken up again. */
export type ResumeType = 'resume' | 'restart' | 'skip'

/** How a study is taken up again. @see Ray Tune's `ResumeConfig` */
export interface ResumeConfig {
  /**
   * Trials that were under way: they `resume` from their last checkpoints, `restart` from their beginnings, or are given up (`skip`).
   *
   * @defaultValue `resume`
   */
  readonly unfinished?: ResumeType
  /**
   * Trials that failed, likewise; their failures are forgotten. What they reported stands: a trial that starts again is not committed twice.
   *
   * @defaultValue `skip`
   */
  readonly errored?: ResumeType
  /**
   * Let the study go further than it was made for: `numSamples`, `timeBudgetS`, `stop` and `maxFailures` may differ from what they were. Trials that
   * the old stop condition or time budget ended, and the new one would not have, go on.
   *
   * @defaultValue false
   */
  readonly extend?: boolean
  /**
   * Parts that may be others than they were: a `trainable` of another name, another `searcher`, `scheduler` or `space` (or one with other options),
   * another `metric` (with its mode, or several). What was committed stands. A searcher learns from what there is, as far as it is of the space; with
   * another scheduler, space or metric the scheduler begins anew, with the trials that are open.
   *
   * @defaultValue none
   */
  readonly allowChanged?: readonly ChangeablePart[]
}

const changeableParts = ['trainable', 'searcher', 'scheduler', 'space', 'metric'] as const

/** What of a study may be another than it was, if `resumeConfig.allowChanged` names it. */
export type ChangeablePart = (typeof changeableParts)[number]

const keys = ['unfinished', 'errored', 'extend', 'allowChanged'] satisfies readonly (keyof ResumeConfig)[]
const types: readonly unknown[] = ['resume', 'restart', 'skip']
const extendable = ['numSamples', 'stoppers', 'maxFailures'] as const

/** @throws `TuneError` `INVALID_OPTION` */
export function checkResumeConfig(config: ResumeConfig): void {
  for (const key of Object.keys(config)) {
    if ((keys as readonly string[]).includes(key)) continue
    throw new TuneError('INVALID_OPTION', `resumeConfig has no option '${key}': it has ${keys.join(', ')}`)
  }
  for (const key of ['unfinished', 'errored'] as const) {
    const value: unknown = config[key]
    if (value !== undefined && !types.includes(value)) {
      throw new TuneError('INVALID_OPTION', `resumeConfig.${key} is ${show(value)}: give 'resume', 'restart' or 'skip'`)
    }
  }
  const { extend, allowChanged } = config
  if (extend !== undefined && typeof extend !== 'boolean') {
    throw new TuneError('INVALID_OPTION', `resumeConfig.extend is ${show(extend)}: give true or false`)
  }
  const isList =
    Array.isArray(allowChanged) && allowChanged.every(part => (changeableParts as readonly unknown[]).includes(part))
  if (allowChanged !== undefined && !isList) {
    throw new TuneError(
      'INVALID_OPTION',
      `resumeConfig.allowChanged is ${show(allowChanged)}: give an array of '${changeableParts.join("', '")}'; nothing else may change`,
    )
  }
}

/**
 * What of a study is to be changed.
 *
 * @param recorded - its definition with all earlier changes
 * @throws `TuneError` `STUDY_MISMATCH` naming the first thing that differs and may not, or if it is to have fewer samples than before
 */
export function findChanges(
  recorded: StudyDefinition,
  given: StudyDefinition,
  { extend = false, allowChanged = [] }: ResumeConfig,
): DefinitionChanges | undefined {
  const changed = (Object.keys(given) as (keyof StudyDefinition)[]).filter(key => differs(recorded, given, key))
  for (const key of changed) {
    const part = partOf(key)
    const mayDiffer = part === undefined ? extend && isExtendable(key) : allowChanged.includes(part)
    if (!mayDiffer) throw mismatch(recorded, given, key)
  }
  const samples = (definition: StudyDefinition) => definition.numSamples ?? Number.POSITIVE_INFINITY
  if (samples(given) < samples(recorded)) throw mismatch(recorded, given, 'numSamples')
  return changed.length === 0 ? undefined : Object.fromEntries(changed.map(key => [key, given[key]]))
}

function isExtendable(key: keyof StudyDefinition): boolean {
  return (extendable as readonly string[]).includes(key)
}

/** The part that a field of a definition belongs to, if that may be changed. */
function partOf(key: keyof StudyDefinition): ChangeablePart | undefined {
  if (key === 'mode' || key === 'objectives') return 'metric'
  return changeableParts.find(part => part === key)
}

/**
 * Commits what is to become of the trials of a study that was folded.
 *
 * @returns what the user should know
 */
export function takeUpTrials(
  study: Study,
  changes: DefinitionChanges | undefined,
  { unfinished = 'resume', errored = 'skip' }: ResumeConfig,
): string[] {
  const warnings: string[] = []
  const underWay = [...study.running.keys(), ...study.paused.keys()].sort((a, b) => a - b)
  const failed = errored === 'skip' ? [] : study.trials.filter(({ status }) => status === 'error')
  for (const { index } of failed) {
    if (errored === 'restart') forgetCheckpoints(study, index)
    study.reopen(index)
  }
  if (changes) {
    study.extend(changes, study.released)
    const strangers = study.misfits.length
    if (changes.space && strangers > 0)
      warnings.push(
        `${strangers} trials have configs that the new space does not hold: the searcher learns nothing from them`,
      )
  }
  if (unfinished === 'resume') return warnings
  for (const index of underWay) {
    if (unfinished === 'skip') study.abandon(index, 'given up when the study was taken up again')
    else forgetCheckpoints(study, index)
  }
  return warnings
}

/** Gives up the checkpoints of a trial, but for those that others stand at. */
function forgetCheckpoints(study: Study, trialIndex: number): void {
  const inUse = study.checkpointsInUse(trialIndex)
  const names = study.trials[trialIndex]?.checkpoints.map(({ name }) => name).filter(name => !inUse.has(name)) ?? []
  if (names.length > 0) study.pruneCheckpoints(trialIndex, names)
}

function differs(recorded: StudyDefinition, given: StudyDefinition, key: keyof StudyDefinition): boolean {
  return write(recorded[key]) !== write(given[key])
}

function mismatch(recorded: StudyDefinition, given: StudyDefinition, key: keyof StudyDefinition): TuneError {
  const part = partOf(key)
  const remedy = isExtendable(key)
    ? 'To have it go further, set resumeConfig.extend; it can’t have fewer samples than it had'
    : part === undefined
      ? 'Leave it out to have it as it was, or start a new study'
      : `Leave it out to have it as it was; if another one is meant, name '${part}' in resumeConfig.allowChanged`
  return new TuneError(
    'STUDY_MISMATCH',
    `the study '${recorded.name}' was made with another ${key}: ${shorten(write(recorded[key]))}, and is now given ${shorten(write(given[key]))}. ${remedy}`,
  )
}

function write(value: unknown): string {
  return encodeJson(value as JsonValue)
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 197)}…` : text
}
