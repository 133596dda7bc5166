import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

const prefix = 'events.out.tfevents.'

/** Tells these files from those that a trainable may write itself. */
const suffix = '.tunewright'

/** The path of a new event file: `events.out.tfevents.<seconds>.<host>.tunewright`. */
export function eventFilePath(folder: string, timestampMs: number, host: string): string {
  const seconds = String(Math.max(0, Math.floor(timestampMs / 1000))).padStart(10, '0')
  return join(
    folder,
    `${prefix}${seconds}.${host.replaceAll(/[^a-zA-Z0-9.-]+/g, '-').slice(0, 100) || 'host'}${suffix}`,
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
