import type { ErrorRecord } from '../errors.js'
import type { JsonObject } from '../json.js'
import type { PartDefinition } from '../part.js'
import type { CheckpointRecord, Mode, Objective, Repeat, ReportTiming } from '../trial.js'

/** In which order the study commits what trials send it. */
export type CommitOrder = 'logical' | 'arrival'

/** Everything that defines a study, as plain data: the journal's header, against which a resumed study is checked. */
export interface StudyDefinition {
  /** The study's name. */
  readonly name: string
  /** What all random streams are forked from; an integer from 0. */
  readonly seed: number
  /** The metric that is optimized, when there is just one. */
  readonly metric: string | null
  /** Whether it is to be small or large, when there is just one. */
  readonly mode: Mode | null
  /** All that is optimized: nothing, one metric, or several at once. */
  readonly objectives: readonly Objective[]
  /** In which order results are committed. */
  readonly order: CommitOrder
  /** How many trials are open at a time. */
  readonly maxConcurrentTrials: number
  /** null stands for no limit. */
  readonly numSamples: number | null
  /** How often a trial that failed is tried again; −1 for ever. */
  readonly maxFailures: number
  /** Whether the first failure ends the study. */
  readonly failFast: boolean
  /** The trainable's name. */
  readonly trainable: string
  /** The search space as plain data, as `Space.describe` gives it. */
  readonly space: JsonObject
  /** The searcher's name and options. */
  readonly searcher: PartDefinition
  /** The scheduler's name and options. */
  readonly scheduler: PartDefinition
  /** Each stopper's name and options. */
  readonly stoppers: readonly PartDefinition[]
}

/** What of a study may be changed when it is taken up again. */
export type DefinitionChanges = Partial<
  Pick<
    StudyDefinition,
    | 'numSamples'
    | 'stoppers'
    | 'maxFailures'
    | 'trainable'
    | 'space'
    | 'searcher'
    | 'scheduler'
    | 'metric'
    | 'mode'
    | 'objectives'
  >
>

/** Whether a change has the scheduler begin anew: what it learnt before was learnt by other rules. */
export function isFreshStart({ scheduler, space, objectives }: DefinitionChanges): boolean {
  return scheduler !== undefined || space !== undefined || objectives !== undefined
}

/** What a scheduler or stopper decided about a trial, as the journal keeps it; going on is not written down. */
export interface DecisionRecord {
  /** What becomes of the trial. */
  readonly type: 'pause' | 'stop' | 'exploit'
  /** Why, in words. */
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
  /** What the trial goes on from; it lies in the folder of `source`. */
  readonly checkpoint: CheckpointRecord
  /** The config from there on. */
  readonly config: JsonObject
}

/** One committed event: a line of the journal. Folding all of them gives the study's state. */
export type StudyEvent =
  | { readonly event: 'study'; readonly format: 1; readonly definition: StudyDefinition }
  /** A process opened the study and drives it from here. */
  | { readonly event: 'session' }
  /**
   * The study is to go further than it was made for, or otherwise: from here its definition has these values. A halt is lifted, an end is
   * none. With another scheduler, space or metric the scheduler begins anew with the trials that are open, and paused ones wait for a place.
   */
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
  /** What happened. */
  readonly event: StudyEvent
}
