import { plural, sanitize } from '../../results/text.js'
import { csvRows, jsonRows } from '../data-rows.js'
import { checkTarget, writeLinesTo } from '../output-file.js'
import { writeParquet } from '../parquet-file.js'
import { findReportRows } from '../report-rows.js'
import { findJournal } from '../studies.js'
import { type Terminal, writeLines } from '../terminal.js'

/** How `export` is called; `-` stands for the standard output, which Parquet has none of. */
export interface ExportOptions {
  readonly csv?: string
  readonly json?: string
  readonly parquet?: string
  /** Replace a file that is there. */
  readonly force?: boolean
}

/** Writes all of a study's reports as rows: in two passes over the journal, in a memory that does not grow with the reports. */
export async function exportReports(path: string, options: ExportOptions, terminal: Terminal): Promise<number> {
  const { csv, json, parquet, force = false } = options
  const file = findJournal(path)
  for (const target of [csv, json, parquet])
    if (target !== undefined && target !== '-') checkTarget(target, () => force)
  const { columns, types, count, rows } = findReportRows(file, terminal)
  const tell = (target: string) => terminal.complain(`${plural(count, 'report')} written to ${sanitize(target)}\n`)
  for (const [target, lines] of [
    [csv, () => csvRows(columns, rows())],
    [json, () => jsonRows(rows())],
  ] as const) {
    if (target === undefined) continue
    if (target === '-') await writeLines(terminal, lines())
    else {
      terminal.progress?.(`writing ${sanitize(target)} …`)
      await writeLinesTo(target, lines())
      tell(target)
    }
  }
  if (parquet !== undefined) {
    terminal.progress?.(`writing ${sanitize(parquet)} …`)
    await writeParquet(parquet, columns, types, rows())
    tell(parquet)
  }
  return 0
}
