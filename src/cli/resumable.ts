import { dirname } from 'node:path'
import type { Clock } from '../clock.js'
import { TuneError } from '../errors.js'
import { sanitize } from '../results/text.js'
import type { StudyRecording } from '../tuner/open-results.js'
import { StudyLock } from '../tuner/study-lock.js'
import { Chronicle } from './chronicle.js'
import { readStudy } from './read-study.js'
import type { Session } from './session.js'
import { findJournal, listJournals, type StudyState, stateOf } from './studies.js'
import type { Terminal } from './terminal.js'

/** A study that can be taken up where it was left. */
export interface Resumable {
  /** Its folder. */
  readonly path: string
  readonly recording: StudyRecording
  readonly chronicle: Chronicle
}

/**
 * Finds the study that a user wants to go on with.
 *
 * @param path - a study, or a folder of studies: then the one of those not finished that was left last
 * @throws `TuneError` `STUDY_NOT_FOUND` if none is to go on, saying how those that there are stand; `STUDY_LOCKED`, `JOURNAL_DAMAGED`
 */
export function findResumable(path: string, { terminal, clock }: Pick<Session, 'terminal' | 'clock'>): Resumable {
  const files = listJournals(path)
  if (files.length === 0) {
    const found = look(findJournal(path), terminal, clock)
    if (found.state === 'running' || found.state === 'interrupted') return checkFree(found)
    throw new TuneError('STUDY_NOT_FOUND', `${sanitize(found.path)} ${describeEnd(found)}`)
  }
  const found = files.flatMap(file => {
    try {
      return look(file, terminal, clock)
    } catch (error) {
      // a damaged one is none to go on with, and keeps nobody from the others
      if (error instanceof TuneError) return []
      throw error
    }
  })
  const open = found.filter(({ state }) => state === 'interrupted')
  const latest = open.sort((a, b) => b.chronicle.lastAt - a.chronicle.lastAt)[0]
  if (latest !== undefined) return checkFree(latest)
  const counts = (['finished', 'halted', 'running'] as const).flatMap(state => {
    const count = found.filter(each => each.state === state).length
    return count > 0 ? `${count} ${state}` : []
  })
  const unread = files.length - found.length
  if (unread > 0) counts.push(`${unread} that can't be read`)
  throw new TuneError('STUDY_NOT_FOUND', `no study in ${sanitize(path)} was left unfinished: ${counts.join(', ')}`)
}

interface Found extends Resumable {
  readonly state: StudyState
}

function look(file: string, terminal: Terminal, clock: Clock): Found {
  const chronicle = new Chronicle()
  const recording = readStudy(file, terminal, entry => chronicle.add(entry))
  return { path: dirname(file), recording, chronicle, state: stateOf(recording.study, file, clock) }
}

/** @throws `TuneError` `STUDY_LOCKED` naming the process that has the study */
function checkFree({ path, recording, chronicle }: Found): Resumable {
  StudyLock.acquire(path).release()
  return { path, recording, chronicle }
}

/** Why there is nothing to go on with, and what can be done. */
function describeEnd({ state, recording }: Found): string {
  const further =
    'To have it go further, restore it in code with resumeConfig.extend and more samples, another stop condition or time budget'
  return state === 'halted'
    ? `was halted: ${sanitize(recording.view.haltReason ?? '')}. ${further}`
    : `is finished: nothing is left to do. ${further}`
}
