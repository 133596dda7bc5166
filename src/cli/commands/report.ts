import { closeSync, openSync, readSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ResultGrid } from '../../results/result-grid.js'
import { sanitize } from '../../results/text.js'
import type { Mode } from '../../trial.js'
import { checkTarget } from '../output-file.js'
import { readStudy } from '../read-study.js'
import type { Session } from '../session.js'
import { findJournal } from '../studies.js'

/** How `report` is called. */
export interface ReportOptions {
  /** @defaultValue `report.html` in the study's folder */
  readonly out?: string
  readonly title?: string
  /** @defaultValue the study's */
  readonly metric?: string
  readonly mode?: Mode
  /** Show it in the browser. */
  readonly open?: boolean
  /** Replace a file that is there, even if it is no report. */
  readonly force?: boolean
}

/** What a report has before its data. */
const mark = /<meta name="generator" content="tunewright[ "]|<script type="application\/json" id="data">/

/** How many bytes of a file are looked through for it. */
const headBytes = 1 << 17

/** Writes a study's report: one page that needs no network. Prints where it is. */
export async function report(path: string | undefined, options: ReportOptions, session: Session): Promise<number> {
  const { terminal, host } = session
  const { title, metric, mode } = options
  const file = findJournal(path)
  const target = resolve(options.out ?? join(dirname(file), 'report.html'))
  checkTarget(target, held => options.force === true || isReport(held))
  const { view } = readStudy(file, terminal)
  terminal.progress?.(`writing ${sanitize(target)} …`)
  const { writeReport } = await import('../../../analysis/report/index.js')
  const written = await writeReport(new ResultGrid(view), {
    path: target,
    ...(title !== undefined && { title }),
    ...(metric !== undefined && { metric }),
    ...(mode !== undefined && { mode }),
  })
  await terminal.write(`${sanitize(written)}\n`)
  if (options.open !== true) return 0
  if (!(await host.open(written)))
    terminal.complain(`no browser could be opened: the address is ${sanitize(pathToFileURL(written).href)}\n`)
  return 0
}

/** Whether a file is a report, by how it begins: then a newer one may take its place. */
function isReport(path: string): boolean {
  const beginning = Buffer.alloc(headBytes)
  const file = openSync(path, 'r')
  try {
    return mark.test(beginning.toString('utf8', 0, readSync(file, beginning, 0, beginning.length, 0)))
  } finally {
    closeSync(file)
  }
}
