import type { ErrorRecord } from '../errors.js'
import type { JsonObject } from '../json.js'
import type { CheckpointRecord, Mode, Objective, Repeat, ReportTiming } from '../trial.js'

/** In which order the study commits what trials send it. */
export type CommitOrder = 'logical' | 'arrival'

/** Everything that defines a study, as plain data: the journal's header, against which a resumed study is checked. */
export interface StudyDefinition {
  readonly name: string
  readonly seed: number
  /** The metric that is optimized, when there is just one. */
  readonly metric: string | null
  readonly mode: Mode | null
  /** All that is optimized: nothing, one metric, or several at once. */
  readonly objectives: readonly Objective[]
  readonly order: CommitOrder
  readonly maxConcurrentTrials: number
  /** null stands for no limit. */
  readonly numSamples: number | null
  readonly maxFailures: number
  readonly failFast: boolean
  readonly trainable: string
  readonly space: JsonObject
  readonly searcher: PartDefinition
  readonly scheduler: PartDefinition
  readonly stoppers: readonly PartDefinition[]
}

/** What of a study may be changed when it is extended. */
export type DefinitionChanges = Partial<Pick<StudyDefinition, 'numSamples' | 'stoppers' | 'maxFailures'>>

/** A searcher, scheduler or stopper as the header names it. */
export interface PartDefinition {
  readonly name: string
  readonly options: JsonObject
}

/** What a scheduler or stopper decided about a trial, as the journal keeps it; going on is not written down. */
export interface DecisionRecord {
  readonly type: 'pause' | 'stop' | 'exploit'
  readonly reason: string
  /** The scheduler or stopper that decided. */
  readonly by: string
  /** What the trial takes over, if it is to `exploit`. */
  readonly exploit?: ExploitRecord
}

/** What a trial took over from another. */
export interface ExploitRecord {
  /** The trial that was found better. */
  readonly donor: number
  /** The trial in whose folder its checkpoint is: the donor, unless that had itself just taken it over. */
  readonly source: number
  readonly checkpoint: CheckpointRecord
  /** The config from there on. */
  readonly config: JsonObject
}

/** One committed event: a line of the journal. Folding all of them gives the study's state. */
export type StudyEvent =
  | { readonly event: 'study'; readonly format: 1; readonly definition: StudyDefinition }
  /** A process opened the study and drives it from here. */
  | { readonly event: 'session' }
  /** The study is to go further than it was made for: from here its definition has these values. A halt is lifted, an end is none. */
  | {
      readonly event: 'extend'
      readonly changes: DefinitionChanges
      /** Trials that had ended and go on. */
      readonly reopened: readonly number[]
    }
  /** A trial that had ended is to go on from its last checkpoint, or its beginning: it waits for a place. */
  | { readonly event: 'reopen'; readonly trial: number }
  /** A trial was made from a suggestion and takes a place. */
  | {
      readonly event: 'trial'
      readonly trial: number
      readonly id: string
      readonly name: string
      /** The name of its folder inside the study's. */
      readonly directory: string
      readonly config: JsonObject
      /** Which repeat of its suggestion it is, when the searcher repeats them. */
      readonly repeat?: Repeat
      readonly clock: number
    }
  /** A paused trial takes a place again. */
  | {
      readonly event: 'resume'
      readonly trial: number
      readonly clock: number
      readonly exploit?: ExploitRecord & { readonly reason: string }
    }
  | {
      readonly event: 'report'
      readonly trial: number
      readonly iteration: number
      readonly metrics: JsonObject
      readonly timing: ReportTiming
      /** The trial's logical clock after the report. */
      readonly clock: number
      /** The checkpoint that was saved with it. */
      readonly checkpoint?: CheckpointRecord
      readonly decision?: DecisionRecord
    }
  /** A checkpoint is on disk, whole, that came by itself. */
  | { readonly event: 'checkpoint'; readonly trial: number; readonly checkpoint: CheckpointRecord }
  /** Checkpoints that retention no longer keeps; they are deleted after this is written. */
  | { readonly event: 'prune'; readonly trial: number; readonly checkpoints: readonly string[] }
  /** A trial ended by itself, or a paused one was ended (then with a decision). */
  | { readonly event: 'end'; readonly trial: number; readonly decision?: DecisionRecord }
  /** A trainable failed; with `retry` the trial starts again from its last checkpoint. */
  | { readonly event: 'failure'; readonly trial: number; readonly error: ErrorRecord; readonly retry: boolean }
  /** The study takes no more: the trials that have not ended are ended with this reason. */
  | { readonly event: 'halt'; readonly reason: string; readonly by: string; readonly trials: readonly number[] }
  /** Nothing is left to do. */
  | { readonly event: 'finish' }

/** An event with its place in the journal. */
export interface JournalEntry {
  /** Its number, from 0. */
  readonly n: number
  /** When it was committed: wall-clock milliseconds since 1970-01-01 UTC. */
  readonly at: number
  readonly event: StudyEvent
}
