import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { TuneError } from '../../errors.js'
import { plural, sanitize } from '../../results/text.js'
import { listCounts } from '../../results/trial-columns.js'
import type { TrialStatus } from '../../trial.js'
import { readRecording, type StudyRecording } from '../../tuner/open-results.js'
import { safeJson } from '../safe-json.js'
import { findJournal, listJournals } from '../studies.js'
import { type Terminal, writeLines } from '../terminal.js'

/** How `verify` is called. */
export interface VerifyOptions {
  readonly json?: boolean
}

/** What is found out about one journal. */
export type Verdict = SoundJournal | UnsoundJournal

interface SoundJournal {
  readonly path: string
  readonly isSound: true
  readonly entries: number
  readonly reports: number
  readonly trials: Readonly<Record<TrialStatus, number>>
  readonly isFinished: boolean
  /** Bytes of a torn last line, which nothing was done because of. */
  readonly tornBytes: number
  /** Folders of checkpoints that are to be kept and are not there. */
  readonly missingCheckpoints: readonly string[]
}

interface UnsoundJournal {
  readonly path: string
  readonly isSound: false
  readonly code: string
  /** Which line it is, and what to do. */
  readonly message: string
}

/** The most missing checkpoints that are named. */
const listLength = 5

/**
 * Checks journals: each line's checksum, number and shape, and whether it can follow those before it.
 *
 * @param paths - studies, journals, or folders of studies
 * @returns the exit code, 1 if one of them is not sound
 */
export async function verify(paths: readonly string[], options: VerifyOptions, terminal: Terminal): Promise<number> {
  const verdicts: Verdict[] = []
  for (const path of paths.flatMap(expand)) {
    const verdict = judge(path)
    verdicts.push(verdict)
    if (options.json !== true) await writeLines(terminal, drawVerdict(verdict, terminal))
  }
  if (options.json === true) await writeLines(terminal, [safeJson(verdicts, 2)])
  return verdicts.every(({ isSound }) => isSound) ? 0 : 1
}

/** A folder of studies stands for all of them. */
function expand(path: string): readonly string[] {
  const inside = listJournals(path)
  try {
    findJournal(path)
    return [path]
  } catch {
    return inside.length === 0 ? [path] : inside
  }
}

/** Reads a journal from end to end. */
export function judge(path: string): Verdict {
  try {
    const file = findJournal(path)
    let reports = 0
    const recording = readRecording(file, ({ event }) => {
      if (event.event === 'report') reports++
    })
    const { study, tail } = recording
    return {
      path: file,
      isSound: true,
      entries: tail.entries,
      reports,
      trials: study.counts,
      isFinished: study.isFinished,
      tornBytes: tail.tornBytes,
      missingCheckpoints: findMissing(recording),
    }
  } catch (error) {
    if (error instanceof TuneError) return { path, isSound: false, code: error.code, message: error.message }
    throw error
  }
}

function findMissing({ view }: StudyRecording): string[] {
  return view.trials.flatMap(trial =>
    trial.checkpoints.flatMap(({ name }) => {
      const folder = join(view.trialPath(trial) ?? '', name)
      return existsSync(folder) ? [] : folder
    }),
  )
}

function drawVerdict(verdict: Verdict, { palette }: Terminal): string[] {
  const path = sanitize(verdict.path)
  if (!verdict.isSound) {
    const what = verdict.code === 'JOURNAL_DAMAGED' ? 'damaged' : 'unread '
    return [`${palette.failure(what)}  ${path}`, `  ${sanitize(verdict.message)}`]
  }
  const { entries, reports, trials, tornBytes, missingCheckpoints } = verdict
  const count = Object.values(trials).reduce((sum, each) => sum + each, 0)
  const ends = listCounts(trials).join(', ')
  const facts = [
    plural(entries, 'line'),
    plural(count, 'trial') + (ends === '' ? '' : ` (${ends})`),
    plural(reports, 'report'),
    verdict.isFinished ? 'finished' : 'not finished',
  ]
  const lines = [`${palette.title('sound')}    ${path}`, `  ${facts.join(' · ')}`]
  if (tornBytes > 0)
    lines.push(
      `  ${palette.warning(`its last line is torn (${plural(tornBytes, 'byte')})`)}: nothing was done because of it, and taking the study up again cuts it off`,
    )
  if (missingCheckpoints.length > 0) {
    const named = missingCheckpoints.slice(0, listLength).map(folder => `    ${sanitize(folder)}`)
    const more = missingCheckpoints.length - named.length
    lines.push(
      `  ${palette.warning(`${plural(missingCheckpoints.length, 'checkpoint')} not there`)}: the trials go on from earlier ones, or their beginning`,
      ...named,
      ...(more > 0 ? [`    … ${more} more`] : []),
    )
  }
  return lines
}
