import { dirname } from 'node:path'
import { type ErrorRecord, TuneError } from '../errors.js'

/** A file that could not be written. */
export interface FileFailure {
  readonly path: string
  readonly error: ErrorRecord
}

/** Files that a callback could not write: it tells of them once, and makes them anew at the study's end. */
export class FileFailures {
  #first: FileFailure | undefined
  #isTold = false
  readonly #folders = new Set<string>()

  /** The folders in which a file could not be written. */
  get folders(): ReadonlySet<string> {
    return this.#folders
  }

  add(failure: FileFailure): void {
    this.#first ??= failure
    this.#folders.add(dirname(failure.path))
  }

  /**
   * Tells of the first one, if nobody was told: the driver makes a warning of what a callback throws.
   *
   * @param remedy - when what is made anew, as a clause
   * @throws `TuneError` `STORAGE_UNAVAILABLE`
   */
  tellOnce(remedy: string): void {
    if (this.#first === undefined || this.#isTold) return
    this.#isTold = true
    const { path, error } = this.#first
    throw new TuneError(
      'STORAGE_UNAVAILABLE',
      `${path} can't be written (${error.message}). Nothing is lost, the journal has it all: ${remedy}`,
    )
  }

  /** Forgets them, so that those that fail again are told of again. @returns the folders that there were */
  take(): ReadonlySet<string> {
    const folders = new Set(this.#folders)
    this.#folders.clear()
    this.#first = undefined
    if (folders.size > 0) this.#isTold = false
    return folders
  }
}
