import type { JsonObject } from '../json.js'
import type { ExploitRecord, StudyDefinition } from '../study/events.js'
import type { CheckpointRecord, Trial, TrialReport, TrialStatus } from '../trial.js'

/** A config that a trial went on with. */
export interface LineageStep {
  /** How many reports it had made by then. */
  readonly iteration: number
  /** What it went on with. */
  readonly config: JsonObject
  /** What it took over with it, if it was not its first. */
  readonly exploit: ExploitRecord | undefined
}

/** What views may look at: the study's committed state, read-only. */
export interface StudyView {
  /** What the study was made with, changes included. */
  readonly definition: StudyDefinition
  /** The study's folder, absolute; undefined for one that is kept in memory. */
  readonly path: string | undefined
  /** All trials by index, those that ended included. */
  readonly trials: readonly Trial[]
  /** How many trials there will be in all; Infinity when the searcher knows no end. */
  readonly totalTrials: number
  /** How many trials are in each status. */
  readonly counts: Readonly<Record<TrialStatus, number>>
  /** The best trial so far by the study's metric and mode, by its best report. */
  readonly best: Trial | undefined
  /** A line on the scheduler's state, if it has one to tell. */
  readonly schedulerState: string | undefined
  /** Why the study was halted before its end, if it was. */
  readonly haltReason: string | undefined
  /** The folder of a trial, absolute; undefined for a study that is kept in memory. */
  trialPath(trial: Trial): string | undefined
  /**
   * All committed reports in commit order, read back from the journal in one pass.
   *
   * @param ofTrials - whose; of all trials by default
   */
  reports(
    ofTrials?: (trialIndex: number) => boolean,
  ): Iterable<{ readonly trialIndex: number; readonly report: TrialReport }>
  /** The configs that a trial has had, oldest first: just one, unless a scheduler had it take over from others. Read back from the journal. */
  lineageOf(trialIndex: number): readonly LineageStep[]
  /** The committed reports of one trial, read back from the journal. */
  reportsOf(trialIndex: number): readonly TrialReport[]
}

/**
 * Told of committed events, in commit order, after they are on disk. It can't change the study; what it throws is reported once as a
 * warning and never fatal. `trial` shows the present state, which may already be ahead of the event.
 */
export interface Callback {
  /** Its name in warnings. */
  readonly name?: string
  /** Before the first trial, and again when a study is resumed. A promise is awaited. */
  onStudyStart?(study: StudyView): void | Promise<void>
  /** The trial was made and takes a place. */
  onTrialStart?(trial: Trial, study: StudyView): void
  /** The trial reported, and what was decided about it is committed too. */
  onTrialReport?(trial: Trial, report: TrialReport, study: StudyView): void
  /** A checkpoint of the trial is on disk, whole. */
  onTrialCheckpoint?(trial: Trial, checkpoint: CheckpointRecord, study: StudyView): void
  /** The trial gave up its place for now; `trial.reason` says why. */
  onTrialPause?(trial: Trial, study: StudyView): void
  /** A paused trial has a place again. */
  onTrialResume?(trial: Trial, study: StudyView): void
  /** The trial goes on from another's checkpoint, with another config. */
  onTrialExploit?(trial: Trial, exploit: ExploitRecord, study: StudyView): void
  /** The trainable threw; the trial goes on if its status is still `running`. */
  onTrialFailure?(trial: Trial, study: StudyView): void
  /** The trial ended: `terminated` or `error`. */
  onTrialEnd?(trial: Trial, study: StudyView): void
  /** Something to tell the user that is no event: a retry after a crash, say. */
  onNotice?(notice: Notice, study: StudyView): void
  /** What a trial printed, when logs are shown. */
  onTrialOutput?(trial: Trial, stream: 'stdout' | 'stderr', text: string, study: StudyView): void
  /** After each group of events: the place to write out what was gathered. A promise is awaited at the study's end only. */
  onFlush?(study: StudyView): void
  /** After the last event, whether the study finished, was interrupted or failed. A promise is awaited. */
  onStudyEnd?(study: StudyView, outcome: StudyOutcome): void | Promise<void>
}

/** How a session of a study ended. */
export type StudyOutcome =
  | { readonly type: 'finished' }
  | { readonly type: 'interrupted' }
  | { readonly type: 'failed'; readonly error: Error }

/** A message for the user. */
export interface Notice {
  /** A `warning` is about something that may be wrong; an `info` is good to know. */
  readonly level: 'info' | 'warning'
  /** What to tell, in plain sentences. */
  readonly message: string
}
