import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { Trial } from '../../trial.js'
import { files } from './trial-buffer.js'

/** Longer last lines are not looked at: the file is then made anew, which is right, too. */
const tailSize = 16_384

/** Whether the files of a trial that ended hold all of its reports: whether the last line of its results is that of its last report. */
export function isComplete(trial: Trial, directory: string): boolean {
  if (trial.status === 'error' && !existsSync(join(directory, files.errors))) return false
  const tail = readTail(join(directory, files.results))
  if (tail === undefined) return false
  if (trial.iteration === 0) return tail === ''
  const lines = tail.split('\n')
  if (lines.pop() !== '') return false
  const iterations = [...(lines.at(-1) ?? '').matchAll(/"training_iteration":\s*(\d+)/g)]
  return iterations.some(match => Number(match[1]) === trial.iteration)
}

function readTail(path: string): string | undefined {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return undefined
  }
  try {
    const { size } = fstatSync(file)
    const tail = Buffer.alloc(Math.min(size, tailSize))
    readSync(file, tail, 0, tail.length, size - tail.length)
    return tail.toString('utf8')
  } catch {
    return undefined
  } finally {
    closeSync(file)
  }
}
