import type { Callback } from '../callbacks/callback.js'
import type { Executor, ExecutorOptions } from '../executors/executor.js'
import type { Scheduler } from '../scheduler.js'
import type { Searcher } from '../searcher.js'
import type { StopInput } from '../stoppers/to-stopper.js'
import type { CommitOrder } from '../study/events.js'
import type { Trainable } from '../trainable/define.js'
import type { Mode, Trial } from '../trial.js'

/** What is searched for, and how: the part of a tuner that defines the study. @see Ray Tune's `TuneConfig` */
export interface TuneConfig {
  /** The metric to optimize, `a/b` for a nested one; an array to optimize several at once. */
  readonly metric?: string | readonly string[]
  /** Whether the metric is to be small or large, one mode for each metric of an array; needed with `metric`. */
  readonly mode?: Mode | readonly Mode[]
  /** Proposes configs. @defaultValue random search, which also runs through `gridSearch` leaves */
  readonly searchAlg?: Searcher
  /** Stops or pauses weak trials. @defaultValue `FIFOScheduler`, which stops none */
  readonly scheduler?: Scheduler
  /** How many samples to try; each is a whole grid where the space has one. -1 or Infinity for no limit. @defaultValue 1 */
  readonly numSamples?: number
  /**
   * How many trials are open at a time, a part of the study's definition; how many workers step them is `runConfig.workers`.
   *
   * @defaultValue 8 in logical order, the number of workers in arrival order
   */
  readonly maxConcurrentTrials?: number
  /** Seconds of running after which the study ends, over all its sessions; Infinity for no limit. @defaultValue no limit */
  readonly timeBudgetS?: number
  /** Use worker threads, and class trainables with `reset`, for more than one trial. @defaultValue true */
  readonly reuseActors?: boolean
  /** The study's seed, an integer from 0. @defaultValue one that is drawn and recorded */
  readonly seed?: number
  /**
   * In which order results are committed: `logical` makes the outcome depend on the seed and `maxConcurrentTrials` alone, `arrival`
   * never waits for a slow trial.
   *
   * @defaultValue `logical` when a seed is given, else `arrival`
   */
  readonly order?: CommitOrder
  /** Names a trial in tables. @defaultValue its id */
  readonly trialNameCreator?: (trial: Pick<Trial, 'index' | 'id' | 'config'>) => string
  /** Names a trial's folder; what a file system may not like is replaced, and the trial's number appended. @defaultValue `trial_00003` */
  readonly trialDirnameCreator?: (trial: Pick<Trial, 'index' | 'id' | 'config'>) => string
}

/** What happens when a trainable throws. @see Ray Tune's `FailureConfig` */
export interface FailureConfig {
  /** How often a trial is tried again, from its last checkpoint; -1 for ever. @defaultValue 0 */
  readonly maxFailures?: number
  /** End the study at the first failure; `'raise'` also has `fit` throw it. Needs `maxFailures` 0. @defaultValue false */
  readonly failFast?: boolean | 'raise'
  /**
   * Seconds that one iteration may take, the first with its set-up included. A trial that takes longer fails: its worker thread is ended by force
   * (other trials aboard go on elsewhere), a closure that waits is given up. How fast a machine is decides here, so it is no part of what a seed
   * reproduces.
   *
   * @defaultValue no limit
   */
  readonly stepTimeoutS?: number
  /** Seconds that all iterations of a trial may take together, like `stepTimeoutS`. @defaultValue no limit */
  readonly trialTimeoutS?: number
}

/** When checkpoints are written and which are kept. @see Ray Tune's `CheckpointConfig` */
export interface CheckpointConfig {
  /** How many to keep of each trial, beside the latest, which always is. @defaultValue all */
  readonly numToKeep?: number
  /** The metric that says which ones. @defaultValue the later ones are kept */
  readonly checkpointScoreAttribute?: string
  /** Whether high or low scores are kept. @defaultValue `max` */
  readonly checkpointScoreOrder?: Mode
  /** Write one every so many reports; 0 for only when one is needed (a pause, an interruption, the end). @defaultValue 0 */
  readonly checkpointFrequency?: number
  /**
   * Write one when a trial ends; class trainables only, as in Ray Tune. For a function, `checkpointFrequency: 1` with `numToKeep: 1`
   * keeps the state of its last report.
   *
   * @defaultValue true for class trainables
   */
  readonly checkpointAtEnd?: boolean
}

/** Makes an executor of one's own. */
export type ExecutorFactory = (
  options: ExecutorOptions & { readonly trainable: Trainable; readonly workers: number },
) => Executor

/** Where and how a study runs: nothing here changes its outcome. @see Ray Tune's `RunConfig` */
export interface RunConfig {
  /** The study's name, and that of its folder. @defaultValue the trainable's name and the time */
  readonly name?: string
  /**
   * The folder in which studies are kept; `false` keeps the study in memory, for as long as its results are held.
   *
   * @defaultValue `tunewright-results` in the working directory
   */
  readonly storagePath?: string | false
  /** What happens when a trainable throws or takes too long. @defaultValue the trial fails, others go on */
  readonly failureConfig?: FailureConfig
  /** When checkpoints are written, and which are kept. */
  readonly checkpointConfig?: CheckpointConfig
  /** When to stop a trial, or the study: bounds by metric, a function, stoppers, or an array of these. */
  readonly stop?: StopInput
  /** Told of committed events, beside progress and trial files. */
  readonly callbacks?: readonly Callback[]
  /** 0 silent, 1 progress, 2 every event. @defaultValue 1 */
  readonly verbose?: 0 | 1 | 2
  /** Write what a trial prints to `stdout` and `stderr` in its folder. @defaultValue true */
  readonly logToFile?: boolean
  /** Where trials run. @defaultValue `threads` for what `defineTrainable` made, `inline` for closures */
  readonly executor?: 'threads' | 'inline' | ExecutorFactory
  /** How many worker threads. @defaultValue the number of processors */
  readonly workers?: number
  /** Limits of each worker thread's heap, in MiB, as `node:worker_threads` takes them. */
  readonly resourceLimits?: { readonly maxOldGenerationSizeMb?: number; readonly maxYoungGenerationSizeMb?: number }
  /** Let Ctrl-C end the study cleanly while it runs. @defaultValue true */
  readonly handleSignals?: boolean
}
