import type { JsonObject } from '../json.js'
import { flatten } from '../results/flatten.js'
import { reportColumns } from '../results/rows.js'
import type { StudyEvent } from '../study/events.js'
import { readJournal } from '../study/file-journal.js'
import { ColumnNames, type DataRow } from './data-rows.js'
import { ColumnTypes } from './parquet-types.js'
import { readStudy } from './read-study.js'
import type { Terminal } from './terminal.js'

/** All reports of a study as rows, and what one has to know before the first one is written. */
export interface ReportRows {
  /** Who reported, metrics, times, then parameters. */
  readonly columns: readonly string[]
  readonly types: ColumnTypes
  /** How many rows there are. */
  readonly count: number
  /** Reads the journal again, so that no rows are held. */
  rows(): Iterable<DataRow>
}

/** Looks through a journal for what its reports hold. @throws `TuneError` as `readRecording` */
export function findReportRows(file: string, terminal: Pick<Terminal, 'progress'>): ReportRows {
  const names = new ColumnNames()
  const types = new ColumnTypes()
  const see = (name: string, value: DataRow[string]) => {
    names.add(name)
    types.see(name, value)
  }
  see('trialId', '')
  see('trialIndex', 0)
  // seconds are no integers, even where they happen to be whole
  for (const name of ['timeThisIterS', 'timeTotalS']) types.see(name, 0.5)
  let count = 0
  const { tail } = readStudy(file, terminal, ({ event }) => {
    for (const config of configsOf(event)) for (const [name, value] of parametersOf(config)) see(name, value)
    if (event.event !== 'report') return
    count++
    for (const [name, value] of reportColumns(event)) see(name, value)
  })
  return { columns: names.all(), types, count, rows: () => reportRows(file, tail.entries) }
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
