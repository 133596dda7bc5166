import { basename, dirname } from 'node:path'
import { sanitize } from '../results/text.js'
import type { JournalEntry } from '../study/events.js'
import { readRecording, type StudyRecording } from '../tuner/open-results.js'
import type { Terminal } from './terminal.js'

/** After how many entries it is said how far the reading has come. */
const stride = 50_000

/**
 * Reads a study from its journal; of a long one it is said how far that has come.
 *
 * @param onEntry - told of each entry once the study has taken it in
 * @throws `TuneError` as `readRecording`
 */
export function readStudy(
  file: string,
  terminal: Pick<Terminal, 'progress'>,
  onEntry: (entry: JournalEntry) => void = () => undefined,
): StudyRecording {
  const name = sanitize(basename(dirname(file)))
  return readRecording(file, entry => {
    onEntry(entry)
    if ((entry.n + 1) % stride === 0) terminal.progress?.(`reading ${name}: ${entry.n + 1} entries …`)
  })
}
