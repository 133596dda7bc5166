/** What a bracket decides about a result: data, to which the scheduler gives words. */
export type Judgement =
  | { readonly type: 'continue' }
  /** The trial has reached `maxT`. */
  | { readonly type: 'finished' }
  /** Its score is strictly worse than the cut-off of the rung. */
  | { readonly type: 'below-cutoff'; readonly level: number; readonly cutoff: number; readonly recorded: number }
  /** Its metric is not finite, while the rung holds finite ones. */
  | { readonly type: 'not-finite'; readonly level: number; readonly finite: number; readonly recorded: number }
  /** It waits at the rung to be promoted; `recorded` counts it. */
  | { readonly type: 'pause'; readonly level: number; readonly recorded: number }

/** The state of one rung, for people and views. */
export interface RungSummary {
  /** The time at which trials are judged here. */
  readonly level: number
  /** How many trials have a result here. */
  readonly recorded: number
  /** The least score that goes on from here; undefined while none is known, −Infinity when any finite one does. */
  readonly cutoff: number | undefined
}

/** The rungs of one bracket and the trials on them; knows trials by index and results as scores (larger is better). */
export interface Bracket {
  /** Takes in a trial that has come to a time elsewhere, or earlier: the rungs up to there are behind it. */
  enter(trialIndex: number, time: number): void
  /** Takes in a result and decides; O(log n) in the number of trials. */
  judge(trialIndex: number, time: number, score: number): Judgement
  /** Forgets a trial that has ended; its recorded results stay. `last` is its last result, unless it failed. */
  end(trialIndex: number, last: { readonly time: number; readonly score: number } | undefined): void
  /** The time at which anything but `continue` may next be decided about a trial that is at `time`. */
  nextDecision(trialIndex: number, time: number): number
  /** The rungs, highest first. */
  summarize(): RungSummary[]
}

/** What the rules of a bracket depend on. */
export interface BracketOptions {
  /** When trials are judged, ascending. */
  readonly levels: readonly number[]
  readonly reductionFactor: number
  readonly maxT: number
  readonly stopLastTrials: boolean
}

/** The judgement to go on. */
export const GO_ON: Judgement = { type: 'continue' }

/** The score of a metric: its sign turned so that larger is better, and the worst of all where it is not finite. */
export function toScore(value: number, sign: 1 | -1): number {
  return Number.isFinite(value) ? sign * value : Number.NEGATIVE_INFINITY
}
