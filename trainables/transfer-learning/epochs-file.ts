import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { show, TuneError } from '../../src/errors.js'
import type { JudgedEpoch, Phase } from './patience.js'

const epochsFile = 'epochs.json'

/** Writes the epochs of a run into its checkpoint; JSON has no NaN, so that a loss that is none becomes null. */
export async function writeEpochs(epochs: readonly JudgedEpoch[], directory: string): Promise<void> {
  await writeFile(join(directory, epochsFile), JSON.stringify({ version: 1, epochs }))
}

/**
 * Reads what {@link writeEpochs} wrote.
 *
 * @throws TuneError `CHECKPOINT_FAILED` when the file is missing or damaged
 */
export async function readEpochs(directory: string): Promise<JudgedEpoch[]> {
  const failed = (what: string, cause?: unknown) =>
    new TuneError('CHECKPOINT_FAILED', `the checkpoint ${directory} can't be used: ${what}`, { cause })
  let file: {
    readonly version?: unknown
    readonly epochs?: readonly { readonly phase: Phase; readonly valLoss: number | null }[]
  }
  try {
    file = JSON.parse(await readFile(join(directory, epochsFile), 'utf8'))
  } catch (cause) {
    throw failed(cause instanceof Error ? cause.message : String(cause), cause)
  }
  if (file.version !== 1 || file.epochs === undefined)
    throw failed(`the version of its ${epochsFile} is ${show(file.version)}, this release reads 1`)
  return file.epochs.map(({ phase, valLoss }) => ({ phase, valLoss: valLoss ?? Number.NaN }))
}
