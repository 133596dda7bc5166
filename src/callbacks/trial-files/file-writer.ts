import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { toErrorRecord } from '../../errors.js'
import { widenCsv } from './csv.js'
import type { FileFailure, FileOperation } from './file-sink.js'

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
      inFolder(path, () => writeFileSync(path, operation.text))
      return
    case 'append':
      inFolder(path, () => appendFileSync(path, operation.text))
      return
    case 'widen': {
      const text = readFileSync(path, 'utf8')
      // whoever reads the file meanwhile sees the old one or the new one
      writeFileSync(`${path}.tmp`, widenCsv(text, operation.header, operation.added))
      renameSync(`${path}.tmp`, path)
      return
    }
    default:
      operation satisfies never
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
