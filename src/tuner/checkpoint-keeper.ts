import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Study } from '../study/study.js'
import { discardCheckpoints } from '../trainable/checkpoint.js'
import {
  type CheckpointRecord,
  readMetric,
  standingCheckpoint,
  type Trial,
  type TrialOrigin,
  type TrialReport,
} from '../trial.js'
import { checkpointsToDrop, type RetentionRule } from './retention.js'

/** Which checkpoints are kept, and by which metric. */
export interface CheckpointRetention extends RetentionRule {
  readonly scoreAttribute: string | undefined
}

/** A checkpoint, and the trial in whose folder it is. */
export type LocatedCheckpoint = Pick<TrialOrigin, 'trialIndex' | 'checkpoint'>

/** Commits checkpoints that are on disk, lets go of those that need not be kept, and knows those that can't be read any more. */
export class CheckpointKeeper {
  readonly #study: Study
  readonly #path: string
  readonly #retention: CheckpointRetention
  readonly #damaged = new Set<string>()
  readonly #deletions = new Set<Promise<void>>()

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
    this.#damaged.delete(keyOf(trialIndex, checkpoint.name))
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
   * Lets go of the checkpoints of a trial that need not be kept; those that another trial stands at, or would be
   * given, are.
   *
   * @returns what deletes the ones that went, to be called once that is on disk
   */
  prune(trialIndex: number): (() => void) | undefined {
    const trial = this.#study.trials[trialIndex]
    if (trial === undefined) return undefined
    const surplus = checkpointsToDrop(trial.checkpoints, this.#retention)
    if (surplus.length === 0) return undefined
    const inUse = this.#study.checkpointsInUse(trialIndex)
    const offered = this.#study.offeredCheckpoint(trialIndex)
    const dropped = surplus.filter(name => !inUse.has(name) && name !== offered?.name)
    if (dropped.length === 0) return undefined
    this.#study.pruneCheckpoints(trialIndex, dropped)
    const directory = join(this.#path, trial.directory)
    return () => {
      for (const name of dropped) this.#delete(rm(join(directory, name), { recursive: true, force: true }))
    }
  }

  /** The checkpoint that a trial is to go on from: the latest that can be read; undefined for its beginning. */
  standing(trial: Trial): LocatedCheckpoint | undefined {
    return this.#damaged.size === 0 ? standingCheckpoint(trial) : this.#candidates(trial).find(this.#canBeRead)
  }

  /** Notes that a checkpoint can't be read; a trial that stood there goes on from the one before it. */
  markDamaged({ trialIndex, checkpoint }: LocatedCheckpoint): void {
    this.#damaged.add(keyOf(trialIndex, checkpoint.name))
  }

  /** Notes that a trial that was started again has written a checkpoint which may be committed already. */
  markWritten(trialIndex: number, { name }: CheckpointRecord): void {
    this.#damaged.delete(keyOf(trialIndex, name))
  }

  /** Deletes what a trial that has ended wrote ahead of its commits. */
  discardUncommitted(trial: Trial): void {
    const kept = trial.checkpoints.map(({ name }) => name)
    this.#delete(discardCheckpoints(join(this.#path, trial.directory), kept))
  }

  /** Resolves once all that was to be deleted is. */
  async settle(): Promise<void> {
    await Promise.all(this.#deletions)
  }

  readonly #canBeRead = ({ trialIndex, checkpoint }: LocatedCheckpoint): boolean =>
    !this.#damaged.has(keyOf(trialIndex, checkpoint.name))

  /** What a trial can go on from, the best first: its own since it last took over another's, what it took over, and the donor's before that. */
  #candidates(trial: Trial): LocatedCheckpoint[] {
    const { origin } = trial
    const own = trial.checkpoints
      .map(checkpoint => ({ trialIndex: trial.index, checkpoint }))
      .filter(({ checkpoint }) => origin === undefined || checkpoint.iteration > origin.iteration)
    const donor = origin && this.#study.trials[origin.trialIndex]
    const before = (donor?.checkpoints ?? [])
      .filter(checkpoint => origin !== undefined && checkpoint.iteration < origin.checkpoint.iteration)
      .map(checkpoint => ({ trialIndex: origin?.trialIndex ?? 0, checkpoint }))
    return [...before, ...(origin ? [origin] : []), ...own].reverse()
  }

  #delete(deletion: Promise<void>): void {
    // what can't be deleted now is swept when the study is resumed
    const settled = deletion.catch(() => undefined).finally(() => this.#deletions.delete(settled))
    this.#deletions.add(settled)
  }
}

function keyOf(trialIndex: number, name: string): string {
  return `${trialIndex}/${name}`
}
