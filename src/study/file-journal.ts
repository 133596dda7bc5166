import { closeSync, fdatasync, fsyncSync, ftruncateSync, lstatSync, openSync, readSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import type { Clock } from '../clock.js'
import { TuneError } from '../errors.js'
import type { JsonObject } from '../json.js'
import { isFreshStart, type JournalEntry, type StudyDefinition, type StudyEvent } from './events.js'
import type { Journal } from './journal.js'
import { decodeLine, encodeLine } from './journal-line.js'

const syncData = promisify(fdatasync)
const chunkBytes = 1 << 20
const newline = 0x0a

/** What reading a journal found at its end. */
export interface JournalTail {
  /** How many bytes hold whole entries. */
  readonly bytes: number
  /** How many entries they hold. */
  readonly entries: number
  /** How many bytes of a torn last line follow. */
  readonly tornBytes: number
}

/** A journal in a file of JSON lines: written at once, synced in groups. */
export class FileJournal implements Journal {
  /** The file that is written. */
  readonly path: string
  readonly #clock: Clock
  readonly #file: number
  #count: number
  #lines: string[] = []
  #bytes: number
  #isClosed = false

  private constructor(path: string, clock: Clock, file: number, tail: JournalTail) {
    this.path = path
    this.#clock = clock
    this.#file = file
    this.#count = tail.entries
    this.#bytes = tail.bytes
  }

  /**
   * Begins a journal; its folder must exist. One without a whole line, whose process was killed before it began, is begun anew.
   *
   * @throws `TuneError` `STUDY_EXISTS` if there is one already, `STORAGE_UNAVAILABLE` if it can't be written
   */
  static create(path: string, clock: Clock): FileJournal {
    const file = attempt(path, () => openSync(path, isBlank(path) ? 'w+' : 'wx+'))
    attempt(path, () => syncFolder(dirname(path)))
    return new FileJournal(path, clock, file, { bytes: 0, entries: 0, tornBytes: 0 })
  }

  /**
   * Opens a journal to go on writing behind its last whole line; a torn one is cut off.
   *
   * @param tail - what {@link readJournal} found
   */
  static append(path: string, clock: Clock, tail: JournalTail): FileJournal {
    const file = attempt(path, () => openSync(path, 'r+'))
    if (tail.tornBytes > 0) attempt(path, () => ftruncateSync(file, tail.bytes))
    return new FileJournal(path, clock, file, tail)
  }

  append(event: StudyEvent): void {
    this.#lines.push(encodeLine({ n: this.#count, at: this.#clock.now(), event }))
    this.#count += 1
  }

  async flush(): Promise<void> {
    if (this.#lines.length === 0 || this.#isClosed) return
    const lines = this.#lines
    const data = Buffer.from(lines.join(''))
    this.#lines = []
    try {
      let written = 0
      while (written < data.length) {
        written += writeSync(this.#file, data, written, data.length - written, this.#bytes + written)
      }
      await syncData(this.#file)
      this.#bytes += data.length
    } catch (error) {
      // what could not be written stays first in line
      this.#lines = [...lines, ...this.#lines]
      throw unavailable(this.path, error)
    }
  }

  entries(ofTrials?: (trialIndex: number) => boolean): Iterable<JournalEntry> {
    return readJournal(this.path, ofTrials)
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    try {
      await this.flush()
    } finally {
      this.#isClosed = true
      closeSync(this.#file)
    }
  }
}

/**
 * Reads a journal from its beginning. A torn last line is left out; what a process was writing when it was killed was never acted on.
 *
 * @param ofTrials - lines of other trials are passed over, unread and unchecked; not where those may be the first to be read
 * @returns the entries one by one and, at the end, where the journal goes on
 * @throws `TuneError` `JOURNAL_DAMAGED` naming the line, `JOURNAL_NEWER`, `STUDY_NOT_FOUND`
 */
export function* readJournal(
  path: string,
  ofTrials?: (trialIndex: number) => boolean,
): Generator<JournalEntry, JournalTail, void> {
  const file = attempt(path, () => openSync(path, 'r'))
  try {
    const chunk = Buffer.allocUnsafe(chunkBytes)
    let rest: Buffer = Buffer.alloc(0)
    let bytes = 0
    let entries = 0
    let fault: string | undefined
    let faultBytes = 0
    for (;;) {
      const length = attempt(path, () => readSync(file, chunk, 0, chunkBytes, null))
      if (length === 0) break
      const data: Buffer = Buffer.concat([rest, chunk.subarray(0, length)])
      let start = 0
      for (let end = data.indexOf(newline); end !== -1; end = data.indexOf(newline, start)) {
        // a bad line is forgiven only if nothing follows it
        if (fault !== undefined) throw damaged(path, entries + 1, fault)
        const line = data.subarray(start, end)
        const lineBytes = end + 1 - start
        start = end + 1
        if (ofTrials !== undefined && !mayBeOf(line, ofTrials)) {
          entries += 1
          bytes += lineBytes
          continue
        }
        const entry = decodeLine(line)
        if (typeof entry === 'string') {
          if (holdsMore(line)) throw damaged(path, entries + 1, entry)
          fault = entry
          faultBytes = lineBytes
          continue
        }
        if (entry.n !== entries) throw damaged(path, entries + 1, `it has the number ${entry.n}, not ${entries}`)
        if (entry.event.event === 'study' && entry.event.format !== 1) throw newer(path, entry.event.format)
        entries += 1
        bytes += lineBytes
        yield entry
      }
      rest = Buffer.from(data.subarray(start))
    }
    if (fault !== undefined && rest.length > 0) throw damaged(path, entries + 1, fault)
    if (holdsMore(rest)) throw damaged(path, entries + 1, 'its end is lost')
    return { bytes, entries, tornBytes: faultBytes + rest.length }
  } finally {
    closeSync(file)
  }
}

/** What a study is made with, and how often that was changed in a way that has its scheduler begin anew. */
export interface RecordedDefinition {
  readonly definition: StudyDefinition
  readonly freshStarts: number
  /** The configs of its first trials: a header lists parameters by name, a config as the user ordered them. */
  readonly configs: readonly JsonObject[]
}

/** How many entries are looked through for configs. */
const entriesWithConfigs = 1000

/**
 * Reads what a study is made with by now: its header, with what later entries changed.
 *
 * @returns undefined if the journal has no header
 * @throws as {@link readJournal} does
 */
export function readDefinition(path: string): RecordedDefinition | undefined {
  let definition: StudyDefinition | undefined
  const configs: JsonObject[] = []
  for (const { n, event } of readJournal(path)) {
    if (event.event === 'study') definition = event.definition
    else if (event.event === 'trial') configs.push(event.config)
    if (definition === undefined || n >= entriesWithConfigs) break
  }
  if (definition === undefined) return undefined
  let freshStarts = 0
  // most studies were never changed, and to see that is much faster than to read their lines
  if (!mentions(path, '"event":"extend"')) return { definition, freshStarts, configs }
  for (const { event } of readJournal(path, () => false)) {
    if (event.event !== 'extend') continue
    definition = { ...definition, ...event.changes }
    if (isFreshStart(event.changes)) freshStarts += 1
  }
  return { definition, freshStarts, configs }
}

/** Whether a text of ASCII characters stands anywhere in a file. */
function mentions(path: string, text: string): boolean {
  const file = attempt(path, () => openSync(path, 'r'))
  try {
    const overlap = text.length - 1
    const chunk = Buffer.alloc(overlap + chunkBytes)
    for (;;) {
      const length = attempt(path, () => readSync(file, chunk, overlap, chunkBytes, null))
      if (length === 0) return false
      if (chunk.subarray(0, overlap + length).includes(text)) return true
      chunk.copy(chunk, 0, length, length + overlap)
    }
  } finally {
    closeSync(file)
  }
}

/** Whether a file is a journal that nothing was ever committed to. */
function isBlank(path: string): boolean {
  try {
    // a link would lead to what is none of the study's
    return lstatSync(path).isFile() && readJournal(path).next().done === true
  } catch {
    return false
  }
}

/** Whether a line, going by how it begins, may be of one of these trials, or of no trial. */
function mayBeOf(line: Buffer, ofTrials: (trialIndex: number) => boolean): boolean {
  const trial = /^\{"n":\d+,"at":[\d.]+,"event":"[a-z]+","trial":(\d+)[,}]/.exec(line.toString('latin1', 0, 120))?.[1]
  return trial === undefined || ofTrials(Number(trial))
}

/** Whether a line goes on behind its checksum: two lines that have lost what parted them, and no torn one. */
function holdsMore(line: Buffer): boolean {
  return /,"crc":"[0-9a-f]{8}"\}./s.test(line.toString('latin1'))
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    throw unavailable(path, error)
  }
}

function unavailable(path: string, cause: unknown): TuneError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'EEXIST') {
    return new TuneError(
      'STUDY_EXISTS',
      `there is a study already: ${path}. Go on with it by Tuner.restore('${dirname(path)}', trainable, options), or give the new one another name`,
      { cause },
    )
  }
  if (code === 'ENOENT') {
    return new TuneError('STUDY_NOT_FOUND', `there is no journal at ${path}: pass the folder of a study`, { cause })
  }
  const message = cause instanceof Error ? cause.message : String(cause)
  return new TuneError('STORAGE_UNAVAILABLE', `the journal ${path} can't be read or written: ${message}`, { cause })
}

function damaged(path: string, line: number, fault: string): TuneError {
  return new TuneError(
    'JOURNAL_DAMAGED',
    `line ${line} of ${path} is damaged: ${fault}. Restore the file from a copy; what stands before that line is sound`,
  )
}

function newer(path: string, format: unknown): TuneError {
  return new TuneError(
    'JOURNAL_NEWER',
    `${path} has journal format ${format}, and this version reads format 1: update tunewright`,
  )
}

function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
