import type { Trial } from '../trial.js'
import { formatBytes, plural } from './text.js'

/** What a study's kept checkpoints take on the disk. */
export interface CheckpointUse {
  readonly checkpoints: number
  /** Bytes of all whose size is known. */
  readonly bytes: number
  /** How many have a size that is not known. */
  readonly unknown: number
}

/** Adds up the checkpoints that are kept. */
export function checkpointUse(trials: Iterable<Pick<Trial, 'checkpoints'>>): CheckpointUse {
  let [checkpoints, bytes, unknown] = [0, 0, 0]
  for (const trial of trials) {
    for (const checkpoint of trial.checkpoints) {
      checkpoints += 1
      bytes += checkpoint.bytes ?? 0
      if (checkpoint.bytes === undefined) unknown += 1
    }
  }
  return { checkpoints, bytes, unknown }
}

/** `12 checkpoints, 3.4 MB`; empty for none. */
export function describeCheckpointUse({ checkpoints, bytes, unknown }: CheckpointUse): string {
  if (checkpoints === 0) return ''
  const count = plural(checkpoints, 'checkpoint')
  if (unknown === checkpoints) return count
  return `${count}, ${unknown > 0 ? 'more than ' : ''}${formatBytes(bytes)}`
}
