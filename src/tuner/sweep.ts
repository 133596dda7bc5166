import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { TuneError } from '../errors.js'
import { sweepCheckpoints } from '../trainable/checkpoint.js'
import type { Trial } from '../trial.js'

/** What the folder of a trial may be called, whoever names it. */
const trialFolder = /_\d{5,}$/

/**
 * Removes what a killed process left behind in the folders of trials.
 *
 * @param path - the study's folder
 * @param trials - those that the process may have written for
 * @throws `TuneError` `STORAGE_UNAVAILABLE` if the folder of a trial is a symbolic link: what is written and deleted there would be elsewhere
 */
export function sweepTrials(path: string, trials: Iterable<Trial>): void {
  const present = new Set<string>()
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isSymbolicLink() && trialFolder.test(entry.name)) throw linked(join(path, entry.name))
    if (entry.isDirectory()) present.add(entry.name)
  }
  for (const { directory, checkpoints } of trials) {
    if (!present.has(directory)) continue
    sweepCheckpoints(
      join(path, directory),
      checkpoints.map(({ name }) => name),
    )
  }
}

function linked(path: string): TuneError {
  return new TuneError(
    'STORAGE_UNAVAILABLE',
    `${path} is a symbolic link, and leads out of the study's folder: put the trial's folder itself in its place`,
  )
}
