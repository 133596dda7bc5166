import { join } from 'node:path'
import type { ErrorRecord } from '../../errors.js'
import { flatten } from '../../results/flatten.js'
import type { Trial, TrialReport } from '../../trial.js'
import { csvField, quote } from './csv.js'
import type { FileOperation } from './file-sink.js'
import { encodePythonJson, encodeSortedPythonJson } from './python-json.js'
import { experimentTag, formatDate, type Host, resultFields } from './result-fields.js'

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
  readonly #host: Host
  readonly #tag: string
  readonly #config: string
  /** The CSV file's columns in their order. */
  readonly #columns = new Map<string, number>()
  /** How many columns the written header has; 0 before there is one. */
  #writtenColumns = 0
  #isMade = false
  #results = ''
  #rows: { readonly text: string; readonly columns: number }[] = []
  #errors = ''
  /** The failure that was last written, so that the end of a trial does not write it again. */
  #lastFailure: { readonly count: number; readonly error: ErrorRecord } | undefined

  constructor(trial: Trial, directory: string, host: Host) {
    this.trial = trial
    this.directory = directory
    this.#host = host
    this.#tag = experimentTag(trial)
    this.#config = encodePythonJson(trial.config)
  }

  /** Adds a report; returns about how many characters that will be. */
  addReport(report: TrialReport): number {
    const fields = resultFields(this.trial, report, this.#host, this.#tag)
    const line = `${encodePythonJson(fields).slice(0, -1)},"config":${this.#config}}\n`
    this.#results += line
    const cells: string[] = []
    for (const [name, value] of flatten(fields)) {
      let position = this.#columns.get(name)
      if (position === undefined) {
        position = this.#columns.size
        this.#columns.set(name, position)
      }
      cells[position] = csvField(value)
    }
    // join writes nothing for the holes
    this.#rows.push({ text: cells.join(','), columns: cells.length })
    return line.length
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
    if (!this.#isMade)
      operations.push({
        type: 'write',
        path: path(files.parameters),
        text: `${encodeSortedPythonJson(this.trial.config)}\n`,
      })
    this.#takeRows(path(files.progress), operations)
    if (this.#results !== '' || !this.#isMade)
      operations.push({ type: this.#isMade ? 'append' : 'write', path: path(files.results), text: this.#results })
    if (this.#errors !== '') operations.push({ type: 'append', path: path(files.errors), text: this.#errors })
    this.#isMade = true
    this.#results = ''
    this.#errors = ''
    return operations
  }

  #takeRows(path: string, operations: FileOperation[]): void {
    if (this.#rows.length === 0) return
    const columns = this.#columns.size
    const header = [...this.#columns.keys()].map(quote).join(',')
    const text = this.#rows.map(row => `${row.text}${','.repeat(columns - row.columns)}\n`).join('')
    if (this.#writtenColumns === 0) operations.push({ type: 'write', path, text: `${header}\n${text}` })
    else {
      const added = columns - this.#writtenColumns
      if (added > 0) operations.push({ type: 'widen', path, header, added })
      operations.push({ type: 'append', path, text })
    }
    this.#writtenColumns = columns
    this.#rows = []
  }

  #isKnown(failures: number, error: ErrorRecord): boolean {
    const last = this.#lastFailure
    return last !== undefined && last.count === failures && last.error.message === error.message
  }
}
