import type { JsonObject } from './json.js'
import type { Objective, Trial, TrialReport } from './trial.js'

/** What a stopper says after a report; a stop with the reason that stands in the journal. */
export type StopVerdict =
  | { readonly type: 'continue' }
  | { readonly type: 'stop-trial'; readonly reason: string }
  | { readonly type: 'stop-study'; readonly reason: string }

/** What a stopper learns of its study before the first report. */
export interface StopperContext {
  /** What the study optimizes: nothing, one metric, or several at once. */
  readonly objectives: readonly Objective[]
}

/** Ends trials or the whole study. Its state is a fold of the reports it saw, in commit order. */
export interface Stopper {
  /** Its name in journals and reports, such as `maximum-iteration`. */
  readonly name: string
  /** Its options as plain data, for the journal's header. */
  readonly options: JsonObject
  /** Called once, before all else. @throws `TuneError` `INVALID_OPTION` if it lacks what it needs */
  setUp?(context: StopperContext): void
  /** Says after each committed report whether its trial, or the study, goes on. */
  onReport?(trial: Trial, report: TrialReport): StopVerdict
  /** Wall-clock seconds of running, summed over all sessions of the study, after which the study ends. */
  readonly budgetSeconds?: number
  /** The iteration up to which the trial may run before this stopper may stop it; without the method it may at any report. */
  grant?(trial: Trial): number
}

/** The verdict to go on. */
export const KEEP_GOING: StopVerdict = { type: 'continue' }
