import type { JsonObject } from './json.js'
import type { Rng } from './rng.js'
import type { Space } from './space/space.js'
import type { Mode, Trial, TrialReport } from './trial.js'

/** What a trial takes over: another's latest checkpoint, and a config of its own. */
export interface Exploit {
  /** The index of the trial whose checkpoint it goes on from. */
  readonly donor: number
  /** What it goes on with. */
  readonly config: JsonObject
}

/** What becomes of a trial after a report; all but `continue` with a reason that stands in the journal. */
export type Decision =
  | { readonly type: 'continue' }
  | { readonly type: 'pause'; readonly reason: string }
  | { readonly type: 'stop'; readonly reason: string }
  /** It goes on at once, from another trial's checkpoint. */
  | ({ readonly type: 'exploit'; readonly reason: string } & Exploit)

/** What to do with a free place. */
export type NextAction =
  /** Start the searcher's next suggestion. */
  | { readonly type: 'new' }
  /** Let a paused trial go on, where it stands or from another trial's checkpoint. */
  | {
      readonly type: 'resume'
      readonly trialIndex: number
      readonly exploit?: Exploit & { readonly reason: string }
    }
  /** End a paused trial; the scheduler is then asked again. */
  | { readonly type: 'stop'; readonly trialIndex: number; readonly reason: string }
  /** Leave the place free until the next event. */
  | { readonly type: 'wait' }

/** What a scheduler learns of its study before the first trial. */
export interface SchedulerContext {
  /** The metric to optimize, when there is just one. */
  readonly metric: string | undefined
  /** Whether it is to be small or large, when there is just one. */
  readonly mode: Mode | undefined
  /** The search space; only a test may leave it out. */
  readonly space?: Space
  /** The scheduler's own stream; to be forked by name or trial index, so that no draw depends on the number of earlier ones. */
  readonly rng: Rng
}

/** What a scheduler may look at when a place is free. */
export interface NextRequest {
  /** Trials that are paused, by index, in the order in which they paused. */
  readonly paused: ReadonlyMap<number, Trial>
  /** Whether the searcher may have another config; a `new` that can't be met is answered by a second call with `false`. */
  readonly canStart: boolean
}

/**
 * Decides which trials go on. Its state is a fold of what it was told, in commit order.
 *
 * A study calls it so: `onTrialAdd` when a trial is made, `onReport` for each committed report, `onTrialEnd` once when the trial has
 * ended for whatever reason, `next` whenever a place is free, `onTrialResume` when what `next` said is done.
 */
export interface Scheduler {
  /** Its name in journals and reports, such as `asha`. */
  readonly name: string
  /** Its options as plain data, for the journal's header. */
  readonly options: JsonObject
  /** The metric that measures how far a trial has come; its growth moves the trial's logical clock. */
  readonly timeAttr: string
  /**
   * Whether a trial saves a checkpoint at the end of each grant: it is committed with the report there, so that a decision about any trial
   * finds it.
   *
   * @defaultValue false
   */
  readonly savesAtGrants?: boolean
  /**
   * Called once, before all else.
   *
   * @throws `TuneError` `INVALID_OPTION` if it lacks a metric or mode that it needs
   */
  setUp(context: SchedulerContext): void
  /** Told of a trial that was made and takes a place. */
  onTrialAdd?(trial: Trial): void
  /**
   * Decides about a running trial. `pause` and `exploit` only at a report that reaches the trial's grant.
   */
  onReport(trial: Trial, report: TrialReport): Decision
  /** A paused trial takes a place again. */
  onTrialResume?(trial: Trial): void
  /** Told once of a trial that has ended for whatever reason, by itself, stopped or failed. */
  onTrialEnd?(trial: Trial): void
  /**
   * A trial that had ended is to go on, because the study was extended or the trial's failure is forgiven; `onTrialResume` follows when it does.
   * A scheduler that is told of ends, and lacks this method, is told of the trial as of a new one, by `onTrialAdd`.
   */
  onTrialReopen?(trial: Trial): void
  /**
   * The value of `timeAttr` up to which the trial may run before this scheduler may next decide anything but `continue`: the worker
   * streams reports below it and waits for a decision at the first one that reaches it. Infinity means never; without the method
   * every report is waited for.
   */
  grant?(trial: Trial): number
  /**
   * What to do with a free place. It changes nothing: a trial counts as resumed when `onTrialResume` says so. Without the method new trials start first, then paused ones go on in the order of their index.
   */
  next?(request: NextRequest): NextAction
  /** A line on its state for people, such as the population of each rung. */
  describe?(): string
}

/** The decision to go on. */
export const CONTINUE: Decision = { type: 'continue' }
