import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Study } from '../study/study.js'
import { type CheckpointRecord, readMetric } from '../trial.js'
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

  /** @returns what deletes the ones that went, to be called once that is on disk */
  add(trialIndex: number, checkpoint: CheckpointRecord): (() => void) | undefined {
    const trial = this.#study.trials[trialIndex]
    if (trial === undefined) return undefined
    const { scoreAttribute } = this.#retention
    const report = trial.lastReport?.iteration === checkpoint.iteration ? trial.lastReport : undefined
    const score = report && scoreAttribute !== undefined ? readMetric(report, scoreAttribute) : undefined
    this.#study.addCheckpoint(trialIndex, { ...checkpoint, ...(score !== undefined && { score }) })
    const dropped = checkpointsToDrop(trial.checkpoints, this.#retention)
    if (dropped.length === 0) return undefined
    this.#study.pruneCheckpoints(trialIndex, dropped)
    const directory = join(this.#path, trial.directory)
    return () => {
      // what can't be deleted now is swept when the study is resumed
      for (const name of dropped) rm(join(directory, name), { recursive: true, force: true }).catch(() => undefined)
    }
  }
}
