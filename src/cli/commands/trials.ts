import type { StudyView } from '../../callbacks/callback.js'
import { errorText } from '../../callbacks/progress/lines.js'
import { ParetoFront } from '../../results/pareto-front.js'
import { rowOf } from '../../results/rows.js'
import { formatTable, luxury, type TableColumn } from '../../results/table.js'
import { sanitize } from '../../results/text.js'
import { furtherMetrics, trialColumns } from '../../results/trial-columns.js'
import { VaryingParameters } from '../../results/varying-parameters.js'
import type { Trial } from '../../trial.js'
import { ColumnNames, csvRows, type DataRow, jsonRows } from '../data-rows.js'
import { readStudy } from '../read-study.js'
import { type Selection, selectTrials } from '../select-trials.js'
import { findJournal } from '../studies.js'
import { type Terminal, writeLines } from '../terminal.js'

/** How `trials` is called. */
export interface TrialsOptions extends Selection {
  /** The most trials to list. @defaultValue 1000 in a table, else all */
  readonly limit?: number
  readonly json?: boolean
  readonly csv?: boolean
}

/** How many trials a table has unless the user asks for more. */
const defaultRows = 1000

/** How many rows are set at a time; those that follow are a table of their own. */
const tableRows = 20_000

/** Lists a study's trials as a table, as JSON, or as CSV. */
export async function trials(path: string | undefined, options: TrialsOptions, terminal: Terminal): Promise<number> {
  const { view } = readStudy(findJournal(path), terminal)
  const isData = options.json === true || options.csv === true
  const { limit = isData ? Number.POSITIVE_INFINITY : defaultRows } = options
  const chosen = selectTrials(view, options)
  const shown = chosen.slice(0, limit)
  if (options.json === true) await writeLines(terminal, jsonRows(rowsOf(shown, view)))
  else if (options.csv === true) {
    // held, since the header names the columns of all of them
    const rows = [...rowsOf(shown, view)]
    await writeLines(terminal, csvRows(columnsOf(rows), rows))
  } else {
    for (const lines of drawTrials(shown, view, terminal)) await writeLines(terminal, lines)
    if (shown.length < chosen.length)
      await terminal.write(
        `${terminal.palette.dim(`… ${chosen.length - shown.length} more: --limit ${chosen.length} lists all`)}\n`,
      )
  }
  return 0
}

function* rowsOf(shown: readonly Trial[], view: StudyView): Generator<DataRow> {
  for (const trial of shown) yield rowOf(trial, trial.lastReport, view)
}

function columnsOf(rows: readonly DataRow[]): string[] {
  const names = new ColumnNames()
  for (const row of rows) for (const name of Object.keys(row)) names.add(name)
  return names.all()
}

function* drawTrials(shown: readonly Trial[], view: StudyView, { width, palette }: Terminal): Generator<string[]> {
  if (shown.length === 0)
    yield [view.trials.length === 0 ? 'The study has no trials yet.' : 'No trial meets the conditions.']
  const varying = new VaryingParameters()
  for (const { config } of view.trials) varying.add(config)
  const best = bestOf(view)
  for (let start = 0; start < shown.length; start += tableRows) {
    const rows = shown.slice(start, start + tableRows)
    const columns = trialColumns({
      trials: rows,
      ranking: view.definition,
      parameters: varying.names(),
      metrics: furtherMetrics(rows, view.definition, 3),
      palette,
      isBest: ({ index }) => best.has(index),
    })
    yield formatTable([...columns, whyColumn], rows, width, { paintHeader: palette.dim })
  }
}

/** Why a trial ended or paused, where there is room for it. */
const whyColumn: TableColumn<Trial> = {
  header: 'why',
  minWidth: 12,
  maxWidth: 60,
  dispensable: luxury - 1,
  cell: trial => (trial.status === 'error' ? errorText(trial) : sanitize(trial.reason ?? '')),
}

/** The trials that are marked: the best, or those on the Pareto front. */
function bestOf({ definition: { objectives }, trials: all, best }: StudyView): ReadonlySet<number> {
  if (objectives.length < 2) return new Set(best === undefined ? [] : [best.index])
  const front = new ParetoFront(objectives)
  for (const trial of all) front.add(trial)
  return new Set(front.members.map(({ trial }) => trial.index))
}
