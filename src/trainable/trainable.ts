import type { Rng } from '../rng.js'
import type { Repeat } from '../trial.js'

/** A value that JSON can hold, and the three numbers that it can't: NaN, Infinity and −Infinity, which a diverged model reports. */
export type MetricValue =
  | number
  | string
  | boolean
  | null
  | readonly MetricValue[]
  | { readonly [key: string]: MetricValue }

/** What a trial reports: a plain object of JSON values. */
export type Metrics = { readonly [key: string]: MetricValue }

/**
 * Writes a trial's state into an empty directory. It is called only when a checkpoint is needed, before the trainable goes on,
 * and the directory becomes visible whole or not at all.
 */
export type SaveCheckpoint = (directory: string) => void | Promise<void>

/** What goes with a report. */
export interface ReportOptions {
  /** Saves the state that the report belongs to; without it the trial can go on only from memory or from its start. */
  readonly checkpoint?: SaveCheckpoint
}

/** Metrics together with the means to save the state that they belong to; made by {@link report}. */
export class Report<M extends Metrics = Metrics> {
  /** What was measured. */
  readonly metrics: M
  /** Saves the state that the report belongs to; undefined if it can't be saved. */
  readonly checkpoint: SaveCheckpoint | undefined

  constructor(metrics: M, options: ReportOptions = {}) {
    this.metrics = metrics
    this.checkpoint = options.checkpoint
  }
}

/** Makes a report that a generator can yield: `yield report({ loss }, { checkpoint: directory => save(directory) })`. */
export function report<const M extends Metrics>(metrics: M, options?: ReportOptions): Report<M> {
  return new Report(metrics, options)
}

/** A checkpoint on disk. */
export interface Checkpoint {
  /** The directory's absolute path; read-only by convention. */
  readonly directory: string
  /** How many reports the trial had made when it was written. */
  readonly iteration: number
}

/** What a trainable is told about its trial. */
export interface TrialContext {
  /** The trial's number in the study, from 0. */
  readonly trialIndex: number
  /** The trial's id, the same in each run of the same study. */
  readonly trialId: string
  /** Which repeat of its config this is, when the searcher tries each several times: the fold of a cross-validation. */
  readonly repeat: Repeat | undefined
  /** The trial's own folder, an absolute path; created when something is first written there. */
  readonly directory: string
  /** A 32-bit seed of the trial's own, for libraries that take one. */
  readonly seed: number
  /** The trial's own random stream; fork it by name for each purpose. */
  readonly rng: Rng
  /** Aborted when the trial is stopped from outside while it runs. */
  readonly signal: AbortSignal
  /** Where to go on from, if this is not the trial's beginning. */
  readonly checkpoint: Checkpoint | undefined
}

/** The context of a function trainable, which reports by calling. */
export interface ReportingContext<M extends Metrics = Metrics> extends TrialContext {
  /** Reports metrics; resolves once the trial may go on, and rejects (with an `AbortError`) when it was stopped: let that pass. */
  report(metrics: M, options?: ReportOptions): Promise<void>
}

/** An async (or plain) generator that yields a report, or bare metrics, for each iteration. */
export type GeneratorTrainable<C = never, M extends Metrics = Metrics> = (
  config: C,
  context: TrialContext,
) =>
  | AsyncGenerator<M | Report<M>, M | undefined | void, unknown>
  | Generator<M | Report<M>, M | undefined | void, unknown>

/** A function that calls `context.report`; what it returns, if anything, is its last report. */
export type FunctionTrainable<C = never, M extends Metrics = Metrics> = (
  config: C,
  context: ReportingContext<M>,
) => Promise<M | undefined | void> | M | undefined | void

/** One trial of a class trainable. */
export interface TrainableInstance<C = never, M extends Metrics = Metrics> {
  /** Called once before the first step, and before `load`. */
  setup?(config: C, context: TrialContext): void | Promise<void>
  /** One iteration. A metric `done: true` ends the trial. */
  step(): M | Promise<M>
  /** Writes the state into an empty directory. */
  save?(directory: string): void | Promise<void>
  /** Reads the state back. */
  load?(directory: string): void | Promise<void>
  /** Takes over another trial's config, so that the instance can be used again; `false` says that it can't. */
  reset?(config: C, context: TrialContext): boolean | Promise<boolean>
  /** Frees what `setup` took. */
  cleanup?(): void | Promise<void>
}

/** A class trainable: constructed without arguments, then `setup`. */
export type ClassTrainable<C = never, M extends Metrics = Metrics> = new () => TrainableInstance<C, M>

/** Everything that can be tuned. */
export type TrainableDefinition<C = never, M extends Metrics = Metrics> =
  | GeneratorTrainable<C, M>
  | FunctionTrainable<C, M>
  | ClassTrainable<C, M>
