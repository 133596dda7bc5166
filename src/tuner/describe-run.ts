import { join } from 'node:path'
import type { Grant, TrialRun } from '../executors/executor.js'
import type { Trial } from '../trial.js'

/** What a run needs beside its trial. */
export interface RunSetting {
  /** The study's seed. */
  readonly seed: number
  /** The study's folder. */
  readonly path: string
  readonly grant: Grant
  readonly isolated: boolean
}

/** Writes down all that an executor needs to run a trial, from its last checkpoint if it has one. */
export function describeRun(trial: Trial, { seed, path, grant, isolated }: RunSetting): TrialRun {
  const directory = join(path, trial.directory)
  const checkpoint = trial.checkpoints.at(-1)
  return {
    trialIndex: trial.index,
    trialId: trial.id,
    config: trial.config,
    repeat: trial.repeat,
    seed,
    directory,
    clock: trial.clock,
    checkpoint: checkpoint && { directory: join(directory, checkpoint.name), iteration: checkpoint.iteration },
    grant,
    isolated,
  }
}
