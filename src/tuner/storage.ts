import { existsSync, mkdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { show, TuneError } from '../errors.js'

/** The journal's name in a study's folder. */
export const JOURNAL_FILE = 'journal.jsonl'

/** The folder that studies are kept in unless the user names one. */
export const DEFAULT_STORAGE_PATH = 'tunewright-results'

const maxNameLength = 120
// devices on Windows, whatever their extension
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/**
 * Checks that a study's name is the name of one folder, on any system.
 *
 * @throws `TuneError` `INVALID_NAME`
 */
export function checkStudyName(name: string): string {
  const fault = nameFault(name)
  if (fault === undefined) return name
  throw new TuneError(
    'INVALID_NAME',
    `the study's name ${show(name)} ${fault}: use letters, digits, '.', '_', '-' and spaces; the folder it lies in is runConfig.storagePath`,
  )
}

function nameFault(name: unknown): string | undefined {
  if (typeof name !== 'string' || name === '') return 'is empty or no string'
  if (Buffer.byteLength(name) > maxNameLength) return `is longer than ${maxNameLength} bytes`
  if (name === JOURNAL_FILE) return 'is that of the journal'
  if (/[/\\]/.test(name)) return 'would lead to another folder'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\x00-\x1f\x7f<>:"|?*]/.test(name)) return 'has characters that file systems refuse'
  if (/^\.|[. ]$|^ /.test(name)) return 'begins or ends with a dot or a space'
  if (reserved.test(name)) return 'is a device on Windows'
  return undefined
}

/** Makes whatever a user wants to call a trial's folder the name of one folder, on any system. */
export function toDirectoryName(wish: string, trialIndex: number): string {
  const safe = wish
    .replaceAll(/[^a-zA-Z0-9_=,.+-]+/g, '_')
    .replace(/^\.+/, '')
    .slice(0, 100)
  return `${avoidDevices(safe) || 'trial'}_${String(trialIndex).padStart(5, '0')}`
}

function avoidDevices(name: string): string {
  return reserved.test(name) ? `_${name}` : name
}

/**
 * Makes a study's folder.
 *
 * @returns its absolute path
 * @throws `TuneError` `INVALID_NAME`, `STORAGE_UNAVAILABLE`
 */
export function createStudyFolder(storagePath: string, name: string): string {
  const path = join(resolve(storagePath), checkStudyName(name))
  try {
    mkdirSync(path, { recursive: true })
  } catch (error) {
    throw new TuneError(
      'STORAGE_UNAVAILABLE',
      `the study's folder ${path} can't be made: ${error instanceof Error ? error.message : String(error)}. Name one that can be written in runConfig.storagePath`,
      { cause: error },
    )
  }
  return path
}

/** Where a study's journal lies. @param path - the study's folder, or the journal itself */
export function journalPath(path: string): string {
  return basename(path) === JOURNAL_FILE ? resolve(path) : join(resolve(path), JOURNAL_FILE)
}

/** A name for a study that was given none: what it tunes, and when, to the second and in local time. */
export function defaultStudyName(trainable: string, now: number): string {
  const time = new Date(now)
  const two = (value: number): string => String(value).padStart(2, '0')
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
  const safe = trainable
    .replaceAll(/[^a-zA-Z0-9_.-]+/g, '_')
    .replace(/^[._]+/, '')
    .slice(0, 60)
  return `${avoidDevices(safe) || 'study'}_${date}_${two(time.getHours())}-${two(time.getMinutes())}-${two(time.getSeconds())}`
}

/** {@link defaultStudyName}, numbered where a study of that second is there already. */
export function unusedStudyName(storagePath: string, trainable: string, now: number): string {
  const name = defaultStudyName(trainable, now)
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}_${number}`
    if (!existsSync(join(resolve(storagePath), candidate))) return candidate
  }
}
