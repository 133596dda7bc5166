import { open, readdir } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'
import { TuneError } from '../../errors.js'
import type { Trial } from '../../trial.js'
import type { StudyView } from '../callback.js'

const prefix = 'events.out.tfevents.'

/** Tells these files from those that a trainable may write itself. */
const suffix = '.tunewright'

/** The path of a new event file: `events.out.tfevents.<seconds>.<host>.tunewright`. */
export function eventFilePath(folder: string, timestampMs: number, host: string): string {
  const seconds = String(Math.max(0, Math.floor(timestampMs / 1000))).padStart(10, '0')
  return join(
    folder,
    `${prefix}${seconds}.${host.replaceAll(/[^a-zA-Z0-9.-]+/g, '_').slice(0, 100) || 'host'}${suffix}`,
  )
}

/** The event file that an earlier session made in a folder, perhaps on another machine. */
export async function findEventFile(folder: string): Promise<string | undefined> {
  let names: string[]
  try {
    names = await readdir(folder)
  } catch {
    return undefined
  }
  const [name] = names.filter(each => each.startsWith(prefix) && each.endsWith(suffix)).sort()
  return name === undefined ? undefined : join(folder, name)
}

/** Whether a file ends with these bytes. */
export async function endsWith(path: string, bytes: Uint8Array): Promise<boolean> {
  try {
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      if (size < bytes.length) return false
      const tail = Buffer.alloc(bytes.length)
      await file.read(tail, 0, tail.length, size - tail.length)
      return tail.equals(bytes)
    } finally {
      await file.close()
    }
  } catch {
    return false
  }
}

/** A trial's folder, after a check that it lies inside the study's: nothing is ever written anywhere else. */
export function trialFolder(trial: Trial, study: StudyView): string | undefined {
  const folder = study.trialPath(trial)
  if (folder === undefined || study.path === undefined) return undefined
  const inside = relative(study.path, folder)
  if (inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)) return folder
  throw new TuneError('INVALID_NAME', `the folder of trial ${trial.index} would lie outside the study's: ${folder}`)
}
