import type { ErrorRecord } from '../errors.js'
import type { JsonObject } from '../json.js'
import type { CarriedReport } from '../trainable/checkpoint.js'
import type { Checkpoint } from '../trainable/trainable.js'
import type { CheckpointRecord, Repeat, ReportTiming } from '../trial.js'
import type { StepLimits } from './step-watch.js'

/** How far a trial may run before it hears from the study again. */
export interface Grant {
  /** It waits at the first report whose `timeAttr` reaches this. */
  readonly until: number
  /** It waits at the report of this number: a bound on how far it may be ahead of its commits. */
  readonly iteration: number
}

/** All that is needed to run a trial, as plain data. */
export interface TrialRun {
  /** The trial's number in the study, from 0. */
  readonly trialIndex: number
  /** Its id, which the trainable's context tells. */
  readonly trialId: string
  /** What its trainable is given. */
  readonly config: JsonObject
  /** Which repeat of its suggestion it is, when the searcher repeats them. */
  readonly repeat: Repeat | undefined
  /** The study's seed, from which the trial's own streams are forked. */
  readonly seed: number
  /** The trial's folder, absolute. */
  readonly directory: string
  /** The trial's logical clock at this start: among trials on one worker, the one with the smallest is stepped first. */
  readonly clock: number
  /** Where to go on from. */
  readonly checkpoint: Checkpoint | undefined
  /** The trial's last report, if the checkpoint is another trial's: reports are counted on from it. */
  readonly adoptedAt: CarriedReport | undefined
  /** How far it may run. */
  readonly grant: Grant
  /** Whether this is a trial that was aboard a crashed worker: it gets one to itself. */
  readonly isolated: boolean
}

/** What an executor tells its driver. `attempt` counts a trial's starts, so that news of an earlier start is told apart. */
export type ExecutorMessage =
  | {
      readonly type: 'report'
      readonly trialIndex: number
      readonly attempt: number
      readonly iteration: number
      readonly metrics: JsonObject
      readonly timing: ReportTiming
      readonly checkpoint?: CheckpointRecord
    }
  /** The trainable returned. */
  | { readonly type: 'ended'; readonly trialIndex: number; readonly attempt: number }
  /** The trainable threw, or its worker died. */
  | {
      readonly type: 'failed'
      readonly trialIndex: number
      readonly attempt: number
      /**
       * Whose fault it was: `neighbour` if its worker was ended on account of another trial aboard, `checkpoint` if what it was to go on from is
       * not there any more, or not whole.
       */
      readonly fault: 'trainable' | 'worker' | 'neighbour' | 'checkpoint'
      readonly error: ErrorRecord
    }
  /** A checkpoint that `pause` or `suspend` asked for is on disk. */
  | {
      readonly type: 'checkpoint'
      readonly trialIndex: number
      readonly attempt: number
      readonly checkpoint: CheckpointRecord
    }
  /** After `stop` or `suspend`: the trainable's `finally` blocks have run. */
  | { readonly type: 'stopped'; readonly trialIndex: number; readonly attempt: number }
  | {
      readonly type: 'output'
      readonly trialIndex: number
      readonly stream: 'stdout' | 'stderr'
      readonly text: string
    }
  | { readonly type: 'notice'; readonly message: string }
  /** No trial can run here: the trainable's module can't be used. */
  | { readonly type: 'broken'; readonly error: ErrorRecord }

/** How an executor runs trials; the same for all trials of a study. */
export interface ExecutorOptions {
  /** The metric that grants are counted in. */
  readonly timeAttr: string
  /** Save a checkpoint at every so many reports; 0 for never. */
  readonly checkpointFrequency: number
  /** Save a checkpoint at the report that reaches `grant.until`. */
  readonly checkpointAtGrant: boolean
  /** Save a checkpoint when a trial ends by itself or is stopped; undefined: for class trainables only. */
  readonly checkpointAtEnd: boolean | undefined
  /** Write what a trial prints into its folder. */
  readonly logToFile: boolean
  /** Send what a trial prints as messages, too. */
  readonly forwardOutput: boolean
  /** When trials are ended by force. */
  readonly limits: StepLimits
  /** Use a worker for more than one trial. */
  readonly reuseActors: boolean
  /** Called with each batch of messages, in the order in which a trial sent them. */
  readonly onMessages: (messages: readonly ExecutorMessage[]) => void
}

/** How a trial is stopped or suspended. */
export interface StopOptions {
  /** The last report that counts: a checkpoint at the end of a trial is saved only if that has gone no further. */
  readonly committed: number
}

/**
 * Runs trials somewhere. Calls return at once; what comes of them arrives as messages. Every trial that was started ends with one of
 * `ended`, `failed` or (after `stop` or `suspend`) `stopped`, unless the executor is closed before.
 */
export interface Executor {
  /** Its name in messages, such as `threads`. */
  readonly name: string
  /** How many trials can make progress at the same time. */
  readonly parallelism: number
  /**
   * Starts a trial, or one that goes on from a checkpoint; `attempt` marks the messages that come of it, so that late ones of an earlier try are
   * known.
   */
  start(run: TrialRun, attempt: number): void
  /** Lets a trial that runs or is paused in memory go on up to a new grant; `resumed` is its new logical clock if it was paused. */
  extend(trialIndex: number, grant: Grant, resumed?: { readonly clock: number }): void
  /** Puts a trial that waits at its grant's end aside, in memory, and saves a checkpoint if it can. */
  pause(trialIndex: number): void
  /** Whether a paused trial is still in memory. */
  holds(trialIndex: number): boolean
  /** Ends a trial at its next report and runs its `finally` blocks. */
  stop(trialIndex: number, options?: StopOptions): void
  /**
   * Like `stop`, but saves a checkpoint first if it can, for a later session to go on from: unless one came with a report that is not committed, which
   * the trial has to make again, with its checkpoint.
   */
  suspend(trialIndex: number, options?: StopOptions): void
  /**
   * Calls back once, after so many milliseconds of the time that this executor goes by; @returns what calls that off.
   *
   * @defaultValue the system's timers
   */
  defer?(ms: number, action: () => void): () => void
  /** Told that the driver has acted on all that it was sent, and waits. */
  onIdle?(): void
  /** Ends everything, by force where a trial doesn't end within the given time. */
  close(options?: { readonly graceMs?: number }): Promise<void>
}
