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
   * Parts that may be others than they were: a `trainable` of another name, a `searcher` of another kind or with other options. What was committed stands.
   *
   * @defaultValue none
   */
  readonly allowChanged?: readonly ('trainable' | 'searcher')[]
}

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
  const isList = Array.isArray(allowChanged) && allowChanged.every(part => part === 'trainable' || part === 'searcher')
  if (allowChanged !== undefined && !isList) {
    throw new TuneError(
      'INVALID_OPTION',
      `resumeConfig.allowChanged is ${show(allowChanged)}: give an array of 'trainable' and 'searcher'; nothing else may change`,
    )
  }
}

/**
 * Checks that a study is taken up with what it was made with, but for what may change.
 *
 * @throws `TuneError` `STUDY_MISMATCH` naming the first thing that differs
 */
export function assertSameDefinition(
  recorded: StudyDefinition,
  given: StudyDefinition,
  { allowChanged = [] }: ResumeConfig = {},
): void {
  const free: readonly string[] = [...extendable, ...allowChanged]
  for (const key of Object.keys(given) as (keyof StudyDefinition)[]) {
    if (!free.includes(key) && differs(recorded, given, key)) throw mismatch(recorded, given, key)
  }
}

/**
 * What a study is to be extended by.
 *
 * @param recorded - its definition with all earlier extensions
 * @throws `TuneError` `STUDY_MISMATCH` if something differs and is not to be extended, or is to have fewer samples than before
 */
export function findChanges(
  recorded: StudyDefinition,
  given: StudyDefinition,
  { extend = false }: ResumeConfig,
): DefinitionChanges | undefined {
  const changed = extendable.filter(key => differs(recorded, given, key))
  const [first] = changed
  if (first === undefined) return undefined
  if (!extend) throw mismatch(recorded, given, first)
  const samples = (definition: StudyDefinition) => definition.numSamples ?? Number.POSITIVE_INFINITY
  if (samples(given) < samples(recorded)) throw mismatch(recorded, given, 'numSamples')
  return Object.fromEntries(changed.map(key => [key, given[key]]))
}

/**
 * Commits what is to become of the trials of a study that was folded.
 *
 * @returns what the user should know
 * @throws `TuneError` `INVALID_OPTION` if trials that failed are to go on and the scheduler can't follow; nothing is committed then
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
    const { released } = study
    study.extend(changes, study.canReopen ? released : [])
    if (released.length > 0 && !study.canReopen) {
      warnings.push(
        `${released.length} trials that the former stop condition or time budget ended stay ended: the ${study.definition.scheduler.name} scheduler takes no trial up again`,
      )
    }
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
  const remedy = (extendable as readonly string[]).includes(key)
    ? 'To have it go further, set resumeConfig.extend; it can’t have fewer samples than it had'
    : key === 'trainable' || key === 'searcher'
      ? `If that is meant, name it in resumeConfig.allowChanged`
      : 'Restore it with what it was made with, or start a new study'
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
