import { dirname } from 'node:path'
import type { StudyView } from '../callbacks/callback.js'
import { TuneError } from '../errors.js'
import type { JsonObject } from '../json.js'
import { ResultGrid } from '../results/result-grid.js'
import type { JournalEntry } from '../study/events.js'
import { type JournalTail, readDefinition, readJournal } from '../study/file-journal.js'
import { RecordedStudy } from '../study/recorded-study.js'
import type { Metrics } from '../trainable/trainable.js'
import { createView } from './journal-view.js'
import { journalPath } from './storage.js'

/** A study that was read from its journal. */
export interface StudyRecording {
  readonly study: RecordedStudy
  readonly view: StudyView
  readonly tail: JournalTail
}

/**
 * Reads a study from its journal alone, in one pass; it may be running meanwhile.
 *
 * @param file - the journal
 * @param onEntry - told of each entry once the study has taken it in
 * @throws `TuneError` `STUDY_NOT_FOUND`, `STORAGE_UNAVAILABLE`, `JOURNAL_DAMAGED` naming the line, `JOURNAL_NEWER`
 */
export function readRecording(
  file: string,
  onEntry: (entry: JournalEntry, study: RecordedStudy) => void = () => undefined,
): StudyRecording {
  const recorded = readDefinition(file)
  const study = recorded && new RecordedStudy(recorded.definition)
  const entries = readJournal(file)
  for (;;) {
    const next = entries.next()
    if (next.done) {
      if (study === undefined) throw withoutHeader(file)
      const path = dirname(file)
      return { study, view: createView(study, { entries: () => readJournal(file) }, path), tail: next.value }
    }
    const entry = next.value
    const fault = study === undefined ? 'it is no header, which a journal begins with' : study.replay(entry)
    if (study === undefined || fault !== undefined) throw damaged(file, entry.n + 1, fault ?? '')
    onEntry(entry, study)
  }
}

/**
 * Opens a study's results from its folder, without the code that it was made with: no trainable, searcher or scheduler is needed. A study that
 * is still running, or was interrupted, shows what it had committed.
 *
 * @param path - the study's folder, or its journal
 * @typeParam C - the config's type; it is not checked against the journal
 * @typeParam M - the metrics' type; nor is it
 * @throws `TuneError` `STUDY_NOT_FOUND`, `STORAGE_UNAVAILABLE`, `JOURNAL_DAMAGED` naming the line, `JOURNAL_NEWER`
 * @see Ray Tune's `Tuner.restore(…).get_results()` and `ExperimentAnalysis`
 */
export function openResults<C = JsonObject, M extends Metrics = Metrics>(path: string): ResultGrid<C, M> {
  return new ResultGrid<C, M>(readRecording(journalPath(path)).view)
}

function damaged(file: string, line: number, fault: string): TuneError {
  return new TuneError(
    'JOURNAL_DAMAGED',
    `line ${line} of ${file} is damaged: ${fault}. Restore the file from a copy; what stands before that line is sound`,
  )
}

function withoutHeader(file: string): TuneError {
  return new TuneError(
    'JOURNAL_DAMAGED',
    `${file} has no header: the study was killed before it began. Delete its folder and start again`,
  )
}
