import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Clock } from '../clock.js'
import { TuneError } from '../errors.js'
import { sanitize } from '../results/text.js'
import { readJournal } from '../study/file-journal.js'
import type { RecordedStudy } from '../study/recorded-study.js'
import { DEFAULT_STORAGE_PATH, JOURNAL_FILE, journalPath } from '../tuner/storage.js'
import { LOCK_FILE } from '../tuner/study-lock.js'

/** How a study stands. */
export type StudyState = 'running' | 'interrupted' | 'halted' | 'finished'

/** How long a process that can't be asked may show no sign of life: it gives one every ten seconds. */
const silentMs = 60_000

/**
 * Finds the journal that a user means: by the study's folder, by the file itself, or by the name of a study in the default folder.
 *
 * @param path - left out, the study that was begun last in the default folder
 * @throws `TuneError` `STUDY_NOT_FOUND` naming what there is instead
 */
export function findJournal(path: string | undefined): string {
  if (path === undefined) return findNewest(DEFAULT_STORAGE_PATH)
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return resolve(path)
  for (const candidate of [path, join(DEFAULT_STORAGE_PATH, path)]) {
    const file = journalPath(candidate)
    if (existsSync(file)) return file
  }
  const inside = listJournals(path)
  const hint =
    inside.length > 0
      ? `it holds ${inside.length === 1 ? 'a study' : `${inside.length} studies, one of them`} ${sanitize(dirname(inside[0] ?? ''))}: pass its folder`
      : 'pass the folder of a study; `tunewright ls FOLDER` lists those of a folder'
  throw new TuneError('STUDY_NOT_FOUND', `there is no study at ${sanitize(path)}: ${hint}`)
}

/** The journals of all studies right inside a folder, by name; links are not followed. */
export function listJournals(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => join(resolve(folder), entry.name, JOURNAL_FILE))
    .filter(file => existsSync(file))
    .sort()
}

/** The study that was begun last, of those right inside a folder. @throws `TuneError` `STUDY_NOT_FOUND` if there is none */
function findNewest(folder: string): string {
  const begun = listJournals(folder).flatMap(file => {
    const at = beginningOf(file)
    return at === undefined ? [] : { file, at }
  })
  const newest = begun.sort((a, b) => b.at - a.at)[0]
  if (newest !== undefined) return newest.file
  throw new TuneError('STUDY_NOT_FOUND', `there are no studies in ${folder}: pass the folder of a study`)
}

/** When a study was begun; undefined for a journal that can't be read. */
function beginningOf(file: string): number | undefined {
  try {
    const first = readJournal(file).next()
    return first.done === true ? undefined : first.value.at
  } catch {
    return undefined
  }
}

/** How a study stands by its journal and its lock. */
export function stateOf(study: RecordedStudy, file: string, clock: Clock): StudyState {
  if (isBeingWritten(dirname(file), clock)) return 'running'
  if (study.haltReason !== undefined) return 'halted'
  return study.isFinished ? 'finished' : 'interrupted'
}

/** Whether a process drives the study; only looked at, the lock is left as it is. */
function isBeingWritten(folder: string, clock: Clock): boolean {
  const lock = join(folder, LOCK_FILE)
  try {
    const { pid, host }: { pid?: unknown; host?: unknown } = JSON.parse(readFileSync(lock, 'utf8'))
    if (host !== hostname() || !Number.isSafeInteger(pid) || Number(pid) < 1)
      return clock.now() - statSync(lock).mtimeMs < silentMs
    return isAlive(Number(pid))
  } catch {
    return false
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // without the right to signal it, it is there all the same
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
