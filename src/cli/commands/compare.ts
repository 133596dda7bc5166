import { basename } from 'node:path'
import type { Comparison } from '../../../analysis/compare/index.js'
import { TuneError } from '../../errors.js'
import type { Palette } from '../../results/palette.js'
import { formatTable, type TableColumn } from '../../results/table.js'
import { formatNumber, formatWholeSeconds, sanitize, wrapItems } from '../../results/text.js'
import type { Mode } from '../../trial.js'
import { JOURNAL_FILE } from '../../tuner/storage.js'
import { type ComparedStudy, compareStudies, type StudyComparison } from '../compare-studies.js'
import { csvRows, type DataRow } from '../data-rows.js'
import { safeJson } from '../safe-json.js'
import { findJournal, listJournals } from '../studies.js'
import { type Terminal, writeLines } from '../terminal.js'

/** How `compare` is called. */
export interface CompareOptions {
  /** @defaultValue the studies' */
  readonly metric?: string
  readonly mode?: Mode
  readonly json?: boolean
  readonly csv?: boolean
  /** Of a comparison of strategies alone. */
  readonly markdown?: boolean
}

/** Compares studies, or tells what a comparison of strategies came to. */
export async function compare(paths: readonly string[], options: CompareOptions, terminal: Terminal): Promise<number> {
  const [only] = paths
  const files = paths.flatMap(expand)
  if (paths.length === 1 && only !== undefined && files.length === 0) {
    await tellComparison(await openStrategies(only, options, terminal), options, terminal)
    return 0
  }
  const distinct = [...new Set(files)]
  if (distinct.length < 2)
    throw new TuneError(
      'INVALID_OPTION',
      `${sanitize(only ?? '')} is a single study: give two or more, a folder of studies, or the folder of a comparison`,
    )
  if (options.markdown === true)
    throw new TuneError('INVALID_OPTION', '--markdown is for a comparison of strategies: studies have --json and --csv')
  const compared = compareStudies(distinct, options, terminal)
  await tellStudies(compared, options, terminal)
  return 0
}

/** The journals that a path stands for: a study's own, or all of those in a folder; none for anything else. */
function expand(path: string, _: number, all: readonly string[]): readonly string[] {
  const inside = basename(path) === JOURNAL_FILE ? [] : listJournals(path)
  if (inside.length > 0) return inside
  try {
    return [findJournal(path)]
  } catch (error) {
    if (all.length > 1) throw error
    return []
  }
}

async function openStrategies(path: string, options: CompareOptions, terminal: Terminal): Promise<Comparison> {
  terminal.progress?.('reading the comparison …')
  const { openComparison } = await import('../../../analysis/compare/index.js')
  const { metric, mode } = options
  try {
    return openComparison(path, { ...(metric !== undefined && { metric }), ...(mode !== undefined && { mode }) })
  } catch (error) {
    // neither a study nor a comparison: what to pass is better said of both
    if (error instanceof TuneError && error.code === 'STUDY_NOT_FOUND')
      throw new TuneError(
        'STUDY_NOT_FOUND',
        `${sanitize(path)} holds no studies: give two or more studies, a folder of them, or the path that compareStrategies was given`,
        { cause: error },
      )
    throw error
  }
}

async function tellComparison(comparison: Comparison, options: CompareOptions, terminal: Terminal): Promise<void> {
  if (options.json === true) await writeLines(terminal, [safeJson(comparison.toJson(), 2)])
  else if (options.csv === true) await writeLines(terminal, csvOf(comparison.summaries.map(summaryRow)))
  else if (options.markdown === true) await terminal.write(comparison.toMarkdown())
  else await terminal.write(`${comparison.toTable()}\n`)
}

function summaryRow(summary: Comparison['summaries'][number]): DataRow {
  const { final, regret, meanRank, ...rest } = summary
  const { median, lowerQuartile, upperQuartile, lower, upper } = final
  return {
    ...rest,
    median,
    lowerQuartile,
    upperQuartile,
    lower95: lower,
    upper95: upper,
    regret: regret ?? null,
    meanRank: meanRank ?? null,
  }
}

async function tellStudies(compared: StudyComparison, options: CompareOptions, terminal: Terminal): Promise<void> {
  if (options.json === true) await writeLines(terminal, [safeJson(compared, 2)])
  else if (options.csv === true)
    await writeLines(terminal, csvOf(compared.studies.map(study => studyRow(study, compared))))
  else await writeLines(terminal, drawStudies(compared, terminal))
}

function studyRow(study: ComparedStudy, { metric, target }: StudyComparison): DataRow {
  const { total, toTarget, best, ...rest } = study
  return {
    ...rest,
    metric,
    best: best ?? null,
    trials: total.trials,
    reports: total.reports,
    seconds: total.seconds,
    target: target ?? null,
    trialsToTarget: toTarget?.trials ?? null,
    reportsToTarget: toTarget?.reports ?? null,
    secondsToTarget: toTarget?.seconds ?? null,
  }
}

function csvOf(rows: readonly DataRow[]): Iterable<string> {
  return csvRows(Object.keys(rows[0] ?? {}), rows)
}

function drawStudies(compared: StudyComparison, { width, palette }: Terminal): string[] {
  const { metric, mode, target, studies, remarks } = compared
  const caption = `Best ${sanitize(metric)} (${mode})${target === undefined ? '' : `; to ${formatNumber(target)}, the worst of the best, took`}:`
  return [
    caption,
    '',
    ...formatTable(columnsOf(compared, palette), studies, width, { paintHeader: palette.dim }),
    '',
    ...remarks.flatMap(remark => wrapItems(sanitize(remark).split(' '), ' ', width)),
  ]
}

function columnsOf({ studies, mode }: StudyComparison, palette: Palette): TableColumn<ComparedStudy>[] {
  const values = studies.flatMap(({ best }) => best ?? [])
  const winner = mode === 'max' ? Math.max(...values) : Math.min(...values)
  const count = (value: number | undefined) => (value === undefined ? '—' : String(value))
  return [
    { header: 'study', cell: ({ name }) => sanitize(name), maxWidth: 60 },
    { header: 'searcher', cell: ({ searcher }) => sanitize(searcher), maxWidth: 20 },
    { header: 'scheduler', cell: ({ scheduler }) => sanitize(scheduler), maxWidth: 20 },
    {
      header: 'best',
      align: 'decimal',
      cell: ({ best }) => (best === undefined ? '—' : formatNumber(best)),
      paint: (text, { best }) => (best === winner ? palette.best(text) : text),
    },
    { header: 'trials', align: 'right', cell: ({ total }) => String(total.trials) },
    { header: 'reports', align: 'right', cell: ({ total }) => String(total.reports) },
    { header: 'time', align: 'right', cell: ({ total }) => formatWholeSeconds(total.seconds), dispensable: 3 },
    { header: 'trials to', align: 'right', cell: ({ toTarget }) => count(toTarget?.trials), dispensable: 2 },
    { header: 'reports to', align: 'right', cell: ({ toTarget }) => count(toTarget?.reports) },
    {
      header: 'time to',
      align: 'right',
      cell: ({ toTarget }) => (toTarget === undefined ? '—' : formatWholeSeconds(toTarget.seconds)),
      dispensable: 3,
    },
    { header: 'seed', align: 'right', cell: ({ seed }) => String(seed), dispensable: 4 },
  ]
}
