import { closeSync, constants, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { OutputStream } from './output.js'

const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW = 0 } = constants
/** Like `'a'`, but through no link, which may lead out of the study's folder. */
const appending = O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW

/** The files `stdout` and `stderr` in a trial's folder, made when something is first printed. */
export class TrialLog {
  readonly #directory: string
  readonly #files = new Map<OutputStream, number>()
  #isBroken = false

  constructor(directory: string) {
    this.#directory = directory
  }

  /** Appends; a disk that fails costs the output, never the trial. */
  write(stream: OutputStream, text: string): void {
    if (this.#isBroken) return
    try {
      writeSync(this.#file(stream), text)
    } catch {
      this.#isBroken = true
    }
  }

  close(): void {
    for (const file of this.#files.values()) closeSync(file)
    this.#files.clear()
  }

  #file(stream: OutputStream): number {
    const open = this.#files.get(stream)
    if (open !== undefined) return open
    mkdirSync(this.#directory, { recursive: true })
    const file = openSync(join(this.#directory, stream), appending)
    this.#files.set(stream, file)
    return file
  }
}
