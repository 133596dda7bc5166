import { existsSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Clock } from '../../clock.js'
import { TuneError } from '../../errors.js'
import { bestValue } from '../../results/leaderboard.js'
import type { Palette } from '../../results/palette.js'
import { formatTable, type TableColumn } from '../../results/table.js'
import { formatNumber, formatWholeSeconds, sanitize } from '../../results/text.js'
import { DEFAULT_STORAGE_PATH, journalPath } from '../../tuner/storage.js'
import { Chronicle } from '../chronicle.js'
import { formatTime } from '../format-time.js'
import { readStudy } from '../read-study.js'
import { safeJson } from '../safe-json.js'
import { listJournals, type StudyState, stateOf } from '../studies.js'
import { type Terminal, writeLines } from '../terminal.js'

/** A study in a list. */
interface ListedStudy {
  readonly study: string
  readonly path: string
  readonly state: StudyState | 'unreadable'
  readonly trials: number
  readonly ended: number
  readonly metric: string | null
  readonly best: number | null
  readonly elapsedS: number | null
  readonly startedAt: number | null
  /** Why it can't be read. */
  readonly error?: string
}

/** Lists the studies right inside a folder, the newest first. @throws `TuneError` `STUDY_NOT_FOUND` if there is no such folder */
export async function listStudies(
  folder: string | undefined,
  options: { readonly json?: boolean },
  terminal: Terminal,
  clock: Clock,
): Promise<number> {
  const place = folder ?? DEFAULT_STORAGE_PATH
  if (!existsSync(place))
    throw new TuneError(
      'STUDY_NOT_FOUND',
      `there is no folder ${sanitize(place)}: pass the one that studies are kept in (runConfig.storagePath)`,
    )
  const own = journalPath(place)
  const files = [...(existsSync(own) ? [own] : []), ...listJournals(place)]
  const studies = files.map(file => look(file, terminal, clock))
  studies.sort((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0) || (a.path < b.path ? -1 : 1))
  if (options.json === true) await writeLines(terminal, [safeJson(studies, 2)])
  else if (studies.length === 0) await writeLines(terminal, [`There are no studies in ${sanitize(place)}.`])
  else await writeLines(terminal, draw(studies, terminal))
  return 0
}

function look(file: string, terminal: Terminal, clock: Clock): ListedStudy {
  const path = dirname(file)
  const study = basename(path)
  try {
    const chronicle = new Chronicle()
    const recording = readStudy(file, terminal, entry => chronicle.add(entry))
    const { trials, counts, definition, best } = recording.view
    return {
      study,
      path,
      state: stateOf(recording.study, file, clock),
      trials: trials.length,
      ended: counts.terminated + counts.error,
      metric: definition.metric,
      best: (best && bestValue(best, definition)) ?? null,
      elapsedS: chronicle.elapsedMs / 1000,
      startedAt: chronicle.startedAt,
    }
  } catch (error) {
    if (!(error instanceof TuneError)) throw error
    const nothing = { trials: 0, ended: 0, metric: null, best: null, elapsedS: null, startedAt: null }
    return { study, path, state: 'unreadable', ...nothing, error: error.message }
  }
}

function draw(studies: readonly ListedStudy[], { width, palette }: Terminal): string[] {
  const faults = studies.flatMap(({ study, error }) =>
    error === undefined ? [] : `${palette.failure(sanitize(study))}: ${sanitize(error)}`,
  )
  return [
    ...formatTable(columns(palette), studies, width, { paintHeader: palette.dim }),
    ...(faults.length === 0 ? [] : ['', ...faults]),
  ]
}

function columns(palette: Palette): TableColumn<ListedStudy>[] {
  return [
    { header: 'study', cell: ({ study }) => sanitize(study), minWidth: 12, maxWidth: 60 },
    {
      header: 'state',
      cell: ({ state }) => state,
      paint: (text, { state }) =>
        state === 'unreadable' ? palette.failure(text) : state === 'running' ? palette.best(text) : text,
    },
    {
      header: 'trials',
      align: 'right',
      cell: ({ trials, ended, error }) =>
        error === undefined ? (ended === trials ? String(trials) : `${ended}/${trials}`) : '',
    },
    { header: 'metric', cell: ({ metric }) => sanitize(metric ?? ''), minWidth: 8, maxWidth: 24, dispensable: 2 },
    { header: 'best', align: 'decimal', cell: ({ best }) => (best === null ? '' : formatNumber(best)) },
    {
      header: 'time',
      align: 'right',
      dispensable: 3,
      cell: ({ elapsedS }) => (elapsedS === null ? '' : formatWholeSeconds(elapsedS)),
    },
    { header: 'started', dispensable: 4, cell: ({ startedAt }) => (startedAt === null ? '' : formatTime(startedAt)) },
  ]
}
