import { join } from 'node:path'
import type { Grant, TrialRun } from '../executors/executor.js'
import type { Trial } from '../trial.js'
import type { LocatedCheckpoint } from './checkpoint-keeper.js'

/** What a run needs beside its trial. */
export interface RunSetting {
  /** The study's seed. */
  readonly seed: number
  /** The study's folder. */
  readonly path: string
  /** The folder of a trial inside it. */
  readonly directoryOf: (trialIndex: number) => string
  /** Where the trial goes on from; its beginning if that is undefined. */
  readonly from: LocatedCheckpoint | undefined
  readonly grant: Grant
  readonly isolated: boolean
}

/** Writes down all that an executor needs to run a trial. */
export function describeRun(trial: Trial, { seed, path, directoryOf, from, grant, isolated }: RunSetting): TrialRun {
  const isAdopted = from !== undefined && isOthers(from, trial)
  return {
    trialIndex: trial.index,
    trialId: trial.id,
    config: trial.config,
    repeat: trial.repeat,
    seed,
    directory: join(path, trial.directory),
    clock: trial.clock,
    checkpoint: from && {
      directory: join(path, directoryOf(from.trialIndex), from.checkpoint.name),
      iteration: isAdopted ? (trial.origin?.iteration ?? 0) : from.checkpoint.iteration,
    },
    adoptedAt: isAdopted ? trial.lastReport : undefined,
    grant,
    isolated,
  }
}

/** Whether a checkpoint came to a trial by a take-over, be it one that it had once made itself. */
function isOthers({ trialIndex, checkpoint }: LocatedCheckpoint, { index, origin }: Trial): boolean {
  return origin !== undefined && (trialIndex !== index || checkpoint.iteration <= origin.iteration)
}
