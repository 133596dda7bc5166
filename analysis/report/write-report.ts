import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { StudyView } from '../../src/callbacks/callback.js'
import { show, TuneError } from '../../src/errors.js'
import { resolveObjective } from '../../src/results/objective.js'
import { type Mode, type Objective, soleObjective } from '../../src/trial.js'
import { JOURNAL_FILE } from '../../src/tuner/storage.js'
import { buildData } from './data/build-data.js'
import { writeDocument } from './html/document.js'

/** What a report is written of: a study's outcome, a `ResultGrid`, or what a callback sees of it while it runs, a `StudyView`. */
export type ReportSource = { readonly study: StudyView } | StudyView

/** How a report is written. */
export interface ReportOptions {
  /** The file; missing folders are made, and a file that is there is replaced. @defaultValue `report.html` in the study's folder */
  readonly path?: string
  /** The page's heading. @defaultValue the study's name */
  readonly title?: string
  /** The metric that charts and the table of trials go by, nested ones as `a/b`. @defaultValue the study's metric, or the first of several */
  readonly metric?: string
  /** Whether smaller or larger is better. @defaultValue the study's mode, for the study's metric */
  readonly mode?: Mode
}

/**
 * Writes a report of a study as one HTML file that needs no network and no other file: the best config, charts to hover and zoom, all trials in a table
 * to sort and filter, a page of each trial, who decided what and why, and how to reproduce it. Opened while a study runs, it shows what was committed.
 *
 * @returns the file's absolute path; it is written whole or not at all
 * @throws `TuneError` `INVALID_OPTION`; `DEPENDENCY_MISSING` without the package echarts; `STORAGE_UNAVAILABLE` if the file can't be written
 */
export async function writeReport(source: ReportSource, options: ReportOptions = {}): Promise<string> {
  const view = 'study' in source ? source.study : source
  const path = pathOf(view, options)
  const { title = view.definition.name } = options
  if (typeof title !== 'string' || title.trim() === '')
    throw new TuneError('INVALID_OPTION', `writeReport: title is ${show(title)}: pass a text`)
  const page = writeDocument(
    buildData(view, { title, objective: objectiveFor(view, options), isChosen: options.metric !== undefined, path }),
  )
  await writeWhole(path, page)
  return path
}

function pathOf(view: StudyView, { path }: ReportOptions): string {
  if (path === undefined && view.path !== undefined) return join(resolve(view.path), 'report.html')
  if (typeof path === 'string' && path.trim() !== '') {
    if (basename(path) !== JOURNAL_FILE) return resolve(path)
    throw new TuneError(
      'INVALID_OPTION',
      `writeReport: path is ${show(path)}, the name of a study's journal: pass one such as 'report.html'`,
    )
  }
  const why = path === undefined ? 'the study is kept in memory and has no folder' : `path is ${show(path)}`
  throw new TuneError('INVALID_OPTION', `writeReport: ${why}: pass { path: 'report.html' }`)
}

/** The metric that the report goes by; none for a study without one. */
function objectiveFor(view: StudyView, { metric, mode }: ReportOptions): Objective | undefined {
  const { objectives } = view.definition
  if (metric === undefined && mode === undefined) return soleObjective(objectives) ?? objectives[0]
  return resolveObjective(view, { metric: metric ?? objectives[0]?.metric, mode }, 'writeReport')
}

/** Writes beside the file first, so that a reader never finds half of it. */
async function writeWhole(path: string, content: string): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    if ((await stat(path).catch(() => undefined))?.isDirectory()) throw new Error('it is a folder')
    await writeFile(draft, content)
    await rename(draft, path)
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined)
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new TuneError(
      'STORAGE_UNAVAILABLE',
      `the report ${show(path)} can't be written: ${message}. Pass another path, or make room`,
      { cause },
    )
  }
}
