import { existsSync } from 'node:fs'
import { type Objective, readJournal, type StudyDefinition, TuneError } from '../../src/index.js'
import { journalPath } from '../../src/tuner/storage.js'
import type { StudyKey } from './problem.js'
import { type StudyTrace, TraceRecorder } from './trace.js'

/** What a study in a folder was made with; undefined where none was begun. @throws `TuneError` `JOURNAL_DAMAGED`, `JOURNAL_NEWER` */
export function readHeader(path: string): StudyDefinition | undefined {
  const file = journalPath(path)
  if (!existsSync(file)) return undefined
  const first = readJournal(file).next()
  if (first.done) return undefined
  const { event } = first.value
  if (event.event === 'study') return event.definition
  throw new TuneError(
    'JOURNAL_DAMAGED',
    `${file} begins with no header: delete the folder ${path} to run the study again`,
  )
}

/** Reads a study back from its journal; undefined if it has not ended. @throws `TuneError` `JOURNAL_DAMAGED`, `JOURNAL_NEWER` */
export function readTrace(path: string, key: StudyKey, { metric, mode }: Objective): StudyTrace | undefined {
  const recorder = new TraceRecorder(metric, mode)
  let createdMs: number | undefined
  let startMs = 0
  let lastMs = 0
  let hasEnded = false
  for (const { at, event } of readJournal(journalPath(path))) {
    // what lies between two sessions is no time of the study
    if (createdMs === undefined) createdMs = startMs = at
    else if (event.event === 'session') startMs += at - lastMs
    lastMs = at
    // virtual time begins at 0, long before any study was made
    if (event.event === 'report') recorder.add(event.trial, event, event.timing.timestampMs < createdMs ? 0 : startMs)
    if (event.event === 'finish') hasEnded = true
    else if (event.event === 'extend' || event.event === 'reopen') hasEnded = false
  }
  return hasEnded ? recorder.finish(key, Math.max(0, lastMs - startMs) / 1000) : undefined
}
