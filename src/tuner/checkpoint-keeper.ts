import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Study } from '../study/study.js'
import { type CheckpointRecord, readMetric, type TrialReport } from '../trial.js'
import { checkpointsToDrop, type RetentionRule } from './retention.js'

/** Which checkpoints are kept, and by which metric. */
export interface CheckpointRetention extends RetentionRule {
  readonly scoreAttribute: string | undefined
}

/** Commits checkpoints that are on disk, and lets go of those that need not be kept. */
export class CheckpointKeeper {
  readonly #study: Study
  readonly #path: string
  readonly #retention: CheckpointRetention

  /** @param path - the study's folder */
  constructor(study: Study, path: string, retention: CheckpointRetention) {
    this.#study = study
    this.#path = path
    this.#retention = retention
  }

  /** Commits a checkpoint that came by itself. @returns what {@link CheckpointKeeper.prune} does */
  add(trialIndex: number, checkpoint: CheckpointRecord): (() => void) | undefined {
    const trial = this.#study.trials[trialIndex]
    if (trial === undefined) return undefined
    const report = trial.lastReport?.iteration === checkpoint.iteration ? trial.lastReport : undefined
    this.#study.addCheckpoint(trialIndex, report ? this.scored(checkpoint, report) : checkpoint)
    return this.prune(trialIndex)
  }

  /** A checkpoint with the score that its report gives it. */
  scored(checkpoint: CheckpointRecord, report: TrialReport): CheckpointRecord {
    const { scoreAttribute } = this.#retention
    const score = scoreAttribute === undefined ? undefined : readMetric(report, scoreAttribute)
    return score === undefined ? checkpoint : { ...checkpoint, score }
  }

  /**
   * Lets go of the checkpoints of a trial that need not be kept; those that another trial stands at are.
   *
   * @returns what deletes the ones that went, to be called once that is on disk
   */
  prune(trialIndex: number): (() => void) | undefined {
    const trial = this.#study.trials[trialIndex]
    if (trial === undefined) return undefined
    const surplus = checkpointsToDrop(trial.checkpoints, this.#retention)
    if (surplus.length === 0) return undefined
    const inUse = this.#study.checkpointsInUse(trialIndex)
    const dropped = surplus.filter(name => !inUse.has(name))
    if (dropped.length === 0) return undefined
    this.#study.pruneCheckpoints(trialIndex, dropped)
    const directory = join(this.#path, trial.directory)
    return () => {
      // what can't be deleted now is swept when the study is resumed
      for (const name of dropped) rm(join(directory, name), { recursive: true, force: true }).catch(() => undefined)
    }
  }
}
