import { join } from 'node:path'
import type { Grant, TrialRun } from '../executors/executor.js'
import { standingCheckpoint, type Trial } from '../trial.js'

/** What a run needs beside its trial. */
export interface RunSetting {
  /** The study's seed. */
  readonly seed: number
  /** The study's folder. */
  readonly path: string
  /** The folder of a trial inside it. */
  readonly directoryOf: (trialIndex: number) => string
  readonly grant: Grant
  readonly isolated: boolean
}

/** Writes down all that an executor needs to run a trial, from its last checkpoint if it has one. */
export function describeRun(trial: Trial, { seed, path, directoryOf, grant, isolated }: RunSetting): TrialRun {
  const directory = join(path, trial.directory)
  const standing = standingCheckpoint(trial)
  const isAdopted = standing !== undefined && standing === trial.origin
  return {
    trialIndex: trial.index,
    trialId: trial.id,
    config: trial.config,
    repeat: trial.repeat,
    seed,
    directory,
    clock: trial.clock,
    checkpoint: standing && {
      directory: join(path, directoryOf(standing.trialIndex), standing.checkpoint.name),
      iteration: isAdopted ? (trial.origin?.iteration ?? 0) : standing.checkpoint.iteration,
    },
    adoptedAt: isAdopted ? trial.lastReport : undefined,
    grant,
    isolated,
  }
}
