import { closeSync, constants, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { toErrorRecord } from '../../errors.js'
import type { FileFailure } from '../file-failures.js'
import { widenCsv } from './csv.js'
import type { FileOperation } from './file-sink.js'

const { O_APPEND, O_CREAT, O_NOFOLLOW = 0, O_TRUNC, O_WRONLY } = constants
// like 'w' and 'a', but through no link, which may lead out of the study's folder
const writing = O_CREAT | O_WRONLY | O_TRUNC | O_NOFOLLOW
const appending = O_CREAT | O_WRONLY | O_APPEND | O_NOFOLLOW

/** Applies changes to files, and leaves a file alone after one that failed, so that none is missing from its middle. */
export class FileWriter {
  readonly #broken = new Set<string>()

  /** @returns the files that failed now */
  apply(operations: readonly FileOperation[]): FileFailure[] {
    const failures: FileFailure[] = []
    for (const operation of operations) {
      const { path } = operation
      if (operation.type !== 'write' && this.#broken.has(path)) continue
      try {
        perform(operation)
        this.#broken.delete(path)
      } catch (error) {
        this.#broken.add(path)
        failures.push({ path, error: toErrorRecord(error) })
      }
    }
    return failures
  }
}

function perform(operation: FileOperation): void {
  const { path } = operation
  switch (operation.type) {
    case 'write':
      inFolder(path, () => write(path, writing, operation.text))
      return
    case 'append':
      inFolder(path, () => write(path, appending, operation.text))
      return
    case 'widen': {
      const text = readFileSync(path, 'utf8')
      // whoever reads the file meanwhile sees the old one or the new one
      write(`${path}.tmp`, writing, widenCsv(text, operation.header, operation.added))
      renameSync(`${path}.tmp`, path)
      return
    }
    default:
      operation satisfies never
  }
}

function write(path: string, flags: number, text: string): void {
  const file = openSync(path, flags)
  try {
    writeFileSync(file, text)
  } finally {
    closeSync(file)
  }
}

/** Tries without making the folder first: it is nearly always there. */
function inFolder(path: string, write: () => void): void {
  try {
    write()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    mkdirSync(dirname(path), { recursive: true })
    write()
  }
}
