import { constants } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { toErrorRecord } from '../../errors.js'
import type { FileFailure } from '../file-failures.js'

const { O_APPEND, O_CREAT, O_NOFOLLOW = 0, O_TRUNC, O_WRONLY } = constants
// through no link, which may lead out of the study's folder; a file that has vanished is not begun in its middle
const appending = O_WRONLY | O_APPEND | O_NOFOLLOW
const writing = O_CREAT | O_WRONLY | O_TRUNC | O_NOFOLLOW

/** Where a file is made before it takes its name; TensorBoard reads every file whose name has `tfevents` in it. */
const draft = 'tensorboard.tmp'

/** A change to an event file. */
export interface EventFileChange {
  readonly path: string
  readonly records: readonly Buffer[]
  /** Whether the file is made anew. */
  readonly isNew: boolean
}

/** Writes event files behind the study's back, in the order in which changes come in; a file that failed is left alone until it is made anew. */
export class EventFileWriter {
  readonly #onFailure: (failure: FileFailure) => void
  readonly #broken = new Set<string>()
  #queue: EventFileChange[] = []
  #writing: Promise<void> | undefined

  constructor(onFailure: (failure: FileFailure) => void) {
    this.#onFailure = onFailure
  }

  submit(changes: readonly EventFileChange[]): void {
    if (changes.length === 0) return
    this.#queue.push(...changes)
    this.#writing ??= this.#writeAll()
  }

  /** Resolves once all that was submitted is written, or reported as failed. */
  async flush(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing
  }

  async #writeAll(): Promise<void> {
    while (this.#queue.length > 0) {
      const changes = this.#queue
      this.#queue = []
      for (const change of changes) await this.#write(change)
    }
    this.#writing = undefined
  }

  async #write(change: EventFileChange): Promise<void> {
    const { path, records, isNew } = change
    if (!isNew && this.#broken.has(path)) return
    try {
      const data = Buffer.concat(records)
      if (isNew) await writeAnew(path, data)
      else await writeTo(path, appending, data)
      this.#broken.delete(path)
    } catch (error) {
      this.#broken.add(path)
      this.#onFailure({ path, error: toErrorRecord(error) })
    }
  }
}

/** Whoever reads the file meanwhile sees the old one or the new one. */
async function writeAnew(path: string, data: Buffer): Promise<void> {
  const folder = dirname(path)
  const temporary = join(folder, draft)
  try {
    await mkdir(folder, { recursive: true })
    await writeTo(temporary, writing, data)
    await rename(temporary, path)
  } catch (error) {
    // on a full disk it takes room that others need
    await rm(temporary, { force: true }).catch(() => undefined)
    throw error
  }
}

async function writeTo(path: string, flags: number, data: Buffer): Promise<void> {
  const file = await open(path, flags)
  try {
    await file.writeFile(data)
  } finally {
    await file.close()
  }
}
