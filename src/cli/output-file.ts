import { closeSync, existsSync, openSync, realpathSync, renameSync, rmSync, writeSync } from 'node:fs'
import { basename } from 'node:path'
import { TuneError } from '../errors.js'
import { sanitize } from '../results/text.js'
import { JOURNAL_FILE } from '../tuner/storage.js'
import { LOCK_FILE } from '../tuner/study-lock.js'
import { writeLines } from './terminal.js'

/**
 * Checks that a file may be written.
 *
 * @param mayReplace - whether one that is there may be replaced; one that belongs to a study never may
 * @throws `TuneError` `STORAGE_UNAVAILABLE`
 */
export function checkTarget(target: string, mayReplace: (path: string) => boolean): void {
  if (!existsSync(target)) return
  const path = realpathSync(target)
  const name = basename(path)
  if (name === JOURNAL_FILE || name === LOCK_FILE)
    throw new TuneError('STORAGE_UNAVAILABLE', `${sanitize(target)} belongs to a study: name another file`)
  if (!mayReplace(path))
    throw new TuneError(
      'STORAGE_UNAVAILABLE',
      `${sanitize(target)} is there already: add --force to replace it, or name another file`,
    )
}

/**
 * Writes a file whole or not at all.
 *
 * @param write - fills the draft at that path, which is not there yet
 * @throws `TuneError` `STORAGE_UNAVAILABLE`
 */
export async function writeWhole(target: string, write: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${target}.${process.pid}.part`
  try {
    await write(draft)
    renameSync(draft, target)
  } catch (error) {
    rmSync(draft, { force: true })
    if (error instanceof TuneError) throw error
    const message = error instanceof Error ? error.message : String(error)
    throw new TuneError('STORAGE_UNAVAILABLE', `${sanitize(target)} can't be written: ${message}`, { cause: error })
  }
}

/** Writes lines to a file, whole or not at all. @throws `TuneError` `STORAGE_UNAVAILABLE` */
export async function writeLinesTo(target: string, lines: Iterable<string>): Promise<void> {
  await writeWhole(target, async draft => {
    const descriptor = openSync(draft, 'wx')
    try {
      await writeLines({ write: async text => writeAll(descriptor, Buffer.from(text)) }, lines)
    } finally {
      closeSync(descriptor)
    }
  })
}

/** Writes all bytes, however many go at a time. */
export function writeAll(descriptor: number, data: Uint8Array): void {
  for (let written = 0; written < data.length; ) written += writeSync(descriptor, data, written)
}
