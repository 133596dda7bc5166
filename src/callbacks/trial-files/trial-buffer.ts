import { join } from 'node:path'
import type { ErrorRecord } from '../../errors.js'
import { flatten } from '../../results/flatten.js'
import type { Trial, TrialReport } from '../../trial.js'
import { csvField, quote } from './csv.js'
import type { FileOperation } from './file-sink.js'
import { encodePythonJson, encodeSortedPythonJson } from './python-json.js'
import { fieldNames, formatDate, type Host, ResultFormat } from './result-fields.js'

/** Names of a trial's files. */
export const files = {
  parameters: 'params.json',
  results: 'result.json',
  progress: 'progress.csv',
  errors: 'error.txt',
} as const

/** What of one trial's files is not written yet; it starts with nothing written, and its first changes make the files anew. */
export class TrialBuffer {
  readonly trial: Trial
  readonly directory: string
  readonly #format: ResultFormat
  /** The cell of a row that each metric has; the fields that every result has stand in one cell together, under null. */
  readonly #cells = new Map<string | null, number>()
  readonly #headers: string[] = []
  /** How many cells the written header has; 0 before there is one. */
  #writtenCells = 0
  #isMade = false
  /** The config that was last written: a scheduler may give a trial another. */
  #config: Trial['config'] | undefined
  #results: string[] = []
  #rows: { readonly text: string; readonly cells: number }[] = []
  #errors = ''
  /** The failure that was last written, so that the end of a trial does not write it again. */
  #lastFailure: { readonly count: number; readonly error: ErrorRecord } | undefined

  constructor(trial: Trial, directory: string, host: Host) {
    this.trial = trial
    this.directory = directory
    this.#format = new ResultFormat(trial, host)
  }

  /** Gives the trial another config, from its next report on. */
  setConfig(config: Trial['config']): void {
    this.#format.setConfig(config)
  }

  /** Adds a report; returns about how many characters that will be. */
  addReport(report: TrialReport): number {
    const { metrics, json, csv } = this.#format.format(report)
    const own = encodePythonJson(metrics)
    const line = `${own.slice(0, -1)}${own === '{}' ? '' : ','}${json}}\n`
    this.#results.push(line)
    const cells: string[] = []
    for (const [name, value] of flatten(metrics)) cells[this.#cellOf(name)] = csvField(value)
    cells[this.#cellOf(null)] = csv
    // join writes nothing for the holes
    this.#rows.push({ text: cells.join(','), cells: cells.length })
    return line.length
  }

  #cellOf(name: string | null): number {
    let cell = this.#cells.get(name)
    if (cell === undefined) {
      cell = this.#cells.size
      this.#cells.set(name, cell)
      this.#headers.push(name === null ? fieldNames.join(',') : quote(name))
    }
    return cell
  }

  /** Adds the trial's failure, unless it is the one that was added last. */
  addFailure(atMs: number | undefined): void {
    const { failures, error } = this.trial
    if (error === undefined || this.#isKnown(failures, error)) return
    this.skipFailure()
    const when = atMs === undefined ? 'occurred in an earlier session' : `occurred at ${formatDate(atMs)}`
    this.#errors += `Failure # ${Math.max(1, failures)} (${when})\n${error.stack ?? `${error.name}: ${error.message}`}\n\n`
  }

  /** Takes the trial's present failure for written. */
  skipFailure(): void {
    const { failures, error } = this.trial
    this.#lastFailure = error && { count: failures, error }
  }

  /** Hands over the changes that bring the files up to date. */
  take(): FileOperation[] {
    const operations: FileOperation[] = []
    const path = (name: string) => join(this.directory, name)
    if (this.#config !== this.trial.config)
      operations.push({
        type: 'write',
        path: path(files.parameters),
        text: `${encodeSortedPythonJson(this.trial.config)}\n`,
      })
    this.#takeRows(path(files.progress), operations)
    if (this.#results.length > 0 || !this.#isMade) {
      const text = this.#results.join('')
      operations.push({ type: this.#isMade ? 'append' : 'write', path: path(files.results), text })
    }
    if (this.#errors !== '') operations.push({ type: 'append', path: path(files.errors), text: this.#errors })
    this.#isMade = true
    this.#config = this.trial.config
    this.#results = []
    this.#errors = ''
    return operations
  }

  #takeRows(path: string, operations: FileOperation[]): void {
    if (this.#rows.length === 0) return
    const cells = this.#headers.length
    const header = this.#headers.join(',')
    const text = this.#rows.map(row => `${row.text}${','.repeat(cells - row.cells)}\n`).join('')
    if (this.#writtenCells === 0) operations.push({ type: 'write', path, text: `${header}\n${text}` })
    else {
      const added = cells - this.#writtenCells
      if (added > 0) operations.push({ type: 'widen', path, header, added })
      operations.push({ type: 'append', path, text })
    }
    this.#writtenCells = cells
    this.#rows = []
  }

  #isKnown(failures: number, error: ErrorRecord): boolean {
    const last = this.#lastFailure
    return last !== undefined && last.count === failures && last.error.message === error.message
  }
}
