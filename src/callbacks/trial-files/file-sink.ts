import type { FileFailure } from '../file-failures.js'
import { FileWriter } from './file-writer.js'

/** A change to one file; folders are made where they are missing. */
export type FileOperation =
  /** Makes the file anew. */
  | { readonly type: 'write'; readonly path: string; readonly text: string }
  | { readonly type: 'append'; readonly path: string; readonly text: string }
  /** Gives a CSV file a wider header, and its rows as many empty fields more. */
  | { readonly type: 'widen'; readonly path: string; readonly header: string; readonly added: number }

/** Carries out changes to files, in the order in which they are submitted. */
export interface FileSink {
  /** Takes changes over; never throws. After one that failed, others to its file are left out until it is made anew. */
  submit(operations: readonly FileOperation[]): void
  /** Resolves once all that was submitted is written, or reported as failed. */
  flush(): Promise<void>
  /** Frees what it holds; what was submitted and not flushed may be lost. */
  close(): Promise<void>
}

/** Makes a sink that reports each file that fails, once until it is made anew. */
export type CreateFileSink = (onFailure: (failure: FileFailure) => void) => FileSink

/** Writes at once, in this thread: for tests and where no worker thread can be had. */
export class InlineFileSink implements FileSink {
  readonly #writer = new FileWriter()
  readonly #onFailure: (failure: FileFailure) => void

  constructor(onFailure: (failure: FileFailure) => void) {
    this.#onFailure = onFailure
  }

  submit(operations: readonly FileOperation[]): void {
    for (const failure of this.#writer.apply(operations)) this.#onFailure(failure)
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {}
}
