import { show, TuneError } from './errors.js'
import { assertJson, encodeJson, isPlainObject, type JsonObject, type JsonValue } from './json.js'

/** A searcher, scheduler or stopper as the header names it. */
export interface PartDefinition {
  /** The part's name, such as `asha`. */
  readonly name: string
  /** What it was made with, as plain data. */
  readonly options: JsonObject
}

/** Which strategy of a study is made again. */
export interface Role {
  readonly what: 'searcher' | 'scheduler' | 'stopper'
  /** The option by which a user gives it instead. */
  readonly option: string
}

/** Makes a strategy of the options that were recorded; those that were left open are missing. */
export type Make<T> = (options: JsonObject) => T

/** Makes strategies of a class whose only argument is an options object. */
export function by<T>(Strategy: new (options: never) => T): (options: object) => T {
  // constructors check what they are given
  return options => new Strategy(options as never)
}

/**
 * Makes a strategy again from what the journal's header says of it.
 *
 * @param make - what it throws is the header's fault; what a user has to do is to be thrown before
 * @returns a strategy that describes itself by the same text
 * @throws `TuneError` `JOURNAL_DAMAGED` if the strategy doesn't take such options, `STUDY_MISMATCH` if it understands them differently, as
 * another version may
 */
export function remake<T extends PartDefinition>(role: Role, recorded: PartDefinition, make: Make<T>): T {
  const made = attempt(role, recorded, make)
  if (encodeJson(made.options) === encodeJson(recorded.options)) return made
  throw new TuneError(
    'STUDY_MISMATCH',
    `this version of tunewright reads the options of the study's ${role.what} '${recorded.name}' in another way (${describeChange(recorded.options, made.options)}): give the ${role.option} that the study was made with`,
  )
}

function attempt<T>(role: Role, { name, options }: PartDefinition, make: Make<T>): T {
  const given = Object.entries(options).filter(([, value]) => value !== null)
  try {
    return make(Object.fromEntries(given))
  } catch (error) {
    const reason = error instanceof Error ? error.message : show(error)
    throw damaged(role, `'${name}' doesn't take its options: ${reason}`, error)
  }
}

/** Names the first option that differs, with both values. */
function describeChange(was: JsonObject, is: JsonObject): string {
  const write = (value: JsonValue | undefined) => (value === undefined ? 'nothing' : encodeJson(value))
  const key = Object.keys({ ...was, ...is }).find(each => write(was[each]) !== write(is[each]))
  return key === undefined ? 'their order' : `${key}: ${show(was[key])}, now ${show(is[key])}`
}

/** Checks that something names a strategy and its options, at a depth that can be walked. @throws `TuneError` `JOURNAL_DAMAGED` */
export function readPart(role: Role, value: unknown): PartDefinition {
  assertJson(value, 'JOURNAL_DAMAGED', `the ${role.what} in the journal's header`)
  if (isPlainObject(value)) {
    const { name, options } = value
    // plain data all the way down, as checked above
    if (typeof name === 'string' && isPlainObject(options)) return { name, options: options as JsonObject }
  }
  throw damaged(role, `it is ${show(value)}, not a name and options`)
}

/** Makes again what another strategy wraps. @throws `TuneError` as `revive` does, and `INVALID_OPTION` for one of the user's own */
export function reviveInner<T>(role: Role, value: unknown, revive: (part: PartDefinition) => T | undefined): T {
  const part = readPart(role, value)
  const inner = revive(part)
  if (inner === undefined)
    throw mustBeGiven(role, `the study's ${role.what} wraps ${show(part.name)}, which is not one of tunewright's own`)
  return inner
}

/** What is thrown where the journal has not all that a strategy is made of. @param why - a sentence without its end */
export function mustBeGiven({ option }: Role, why: string): TuneError {
  return new TuneError('INVALID_OPTION', `${why}: give the ${option} that the study was made with`)
}

/** What is thrown for a strategy that holds a user's function. @param where - the option that holds it */
export function holdsCode(role: Role, { name }: PartDefinition, where: string): TuneError {
  return mustBeGiven(
    role,
    `the study's ${role.what} '${name}' has a function as ${where}, and code is never read from a journal`,
  )
}

function damaged({ what, option }: Role, fault: string, cause?: unknown): TuneError {
  return new TuneError(
    'JOURNAL_DAMAGED',
    `the journal's header names a ${what} that can't be made: ${fault}. Restore the journal from a copy, or give the ${option} that the study was made with`,
    { cause },
  )
}
