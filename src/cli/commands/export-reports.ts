import { closeSync, existsSync, openSync, realpathSync, renameSync, rmSync, writeSync } from 'node:fs'
import { basename } from 'node:path'
import { TuneError } from '../../errors.js'
import type { JsonObject } from '../../json.js'
import { flatten } from '../../results/flatten.js'
import { reportColumns } from '../../results/rows.js'
import { plural, sanitize } from '../../results/text.js'
import type { StudyEvent } from '../../study/events.js'
import { readJournal } from '../../study/file-journal.js'
import { readRecording } from '../../tuner/open-results.js'
import { JOURNAL_FILE } from '../../tuner/storage.js'
import { LOCK_FILE } from '../../tuner/study-lock.js'
import { ColumnNames, csvRows, type DataRow, jsonRows } from '../data-rows.js'
import { findJournal } from '../studies.js'
import { type Terminal, writeLines } from '../terminal.js'

/** How `export` is called; `-` stands for the standard output. */
export interface ExportOptions {
  readonly csv?: string
  readonly json?: string
  /** Replace a file that is there. */
  readonly force?: boolean
}

/** Writes all of a study's reports as rows: in two passes over the journal, in a memory that does not grow with the reports. */
export async function exportReports(path: string, options: ExportOptions, terminal: Terminal): Promise<number> {
  const file = findJournal(path)
  for (const target of [options.csv, options.json])
    if (target !== undefined) checkTarget(target, options.force === true)
  const names = new ColumnNames()
  for (const name of ['trialId', 'trialIndex']) names.add(name)
  let reports = 0
  const { tail } = readRecording(file, ({ event }) => {
    for (const config of configsOf(event)) for (const name of flatten(config).keys()) names.add(`config/${name}`)
    if (event.event !== 'report') return
    reports++
    for (const name of reportColumns(event).keys()) names.add(name)
  })
  const rows = () => reportRows(file, tail.entries)
  for (const [target, lines] of [
    [options.csv, () => csvRows(names.all(), rows())],
    [options.json, () => jsonRows(rows())],
  ] as const) {
    if (target === undefined) continue
    if (target === '-') await writeLines(terminal, lines())
    else {
      await writeFile(target, lines())
      terminal.complain(`${plural(reports, 'report')} written to ${sanitize(target)}\n`)
    }
  }
  return 0
}

/** A row for each report, with the config that the trial had then. @param entries - how many entries of the journal are read */
function* reportRows(file: string, entries: number): Generator<DataRow> {
  const trials: { readonly id: string; config: readonly (readonly [string, DataRow[string]])[] }[] = []
  for (const { n, event } of readJournal(file)) {
    // a study that runs meanwhile may have gone on
    if (n >= entries) return
    if (event.event === 'trial') trials[event.trial] = { id: event.id, config: parametersOf(event.config) }
    const trial = 'trial' in event ? trials[event.trial] : undefined
    if (trial === undefined) continue
    if (event.event === 'report') {
      yield Object.fromEntries([
        ['trialId', trial.id],
        ['trialIndex', event.trial],
        ...reportColumns(event),
        ...trial.config,
      ])
    }
    if (event.event === 'trial') continue
    for (const config of configsOf(event)) trial.config = parametersOf(config)
  }
}

function parametersOf(config: JsonObject): (readonly [string, DataRow[string]])[] {
  return [...flatten(config)].map(([name, value]) => [`config/${name}`, value] as const)
}

/** The configs that an event gives its trial. */
function configsOf(event: StudyEvent): readonly JsonObject[] {
  if (event.event === 'trial') return [event.config]
  const exploit =
    event.event === 'report' ? event.decision?.exploit : event.event === 'resume' ? event.exploit : undefined
  return exploit === undefined ? [] : [exploit.config]
}

/** @throws `TuneError` `STORAGE_UNAVAILABLE` for a file that must not be written over */
function checkTarget(target: string, mayReplace: boolean): void {
  if (target === '-' || !existsSync(target)) return
  const name = basename(realpathSync(target))
  if (name === JOURNAL_FILE || name === LOCK_FILE)
    throw new TuneError('STORAGE_UNAVAILABLE', `${sanitize(target)} belongs to a study: name another file`)
  if (!mayReplace)
    throw new TuneError(
      'STORAGE_UNAVAILABLE',
      `${sanitize(target)} is there already: add --force to replace it, or name another file`,
    )
}

/** Writes a file whole or not at all. */
async function writeFile(target: string, lines: Iterable<string>): Promise<void> {
  const draft = `${target}.${process.pid}.part`
  try {
    const descriptor = openSync(draft, 'wx')
    try {
      await writeLines({ write: async text => void writeAll(descriptor, Buffer.from(text)) }, lines)
    } finally {
      closeSync(descriptor)
    }
    renameSync(draft, target)
  } catch (error) {
    rmSync(draft, { force: true })
    if (error instanceof TuneError) throw error
    const message = error instanceof Error ? error.message : String(error)
    throw new TuneError('STORAGE_UNAVAILABLE', `${sanitize(target)} can't be written: ${message}`, { cause: error })
  }
}

function writeAll(descriptor: number, data: Buffer): void {
  for (let written = 0; written < data.length; ) written += writeSync(descriptor, data, written)
}
