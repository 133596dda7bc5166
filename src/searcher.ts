import type { JsonObject } from './json.js'
import type { Rng } from './rng.js'
import type { Space } from './space/space.js'
import type { Mode, Objective, Repeat, Trial, TrialReport } from './trial.js'

/** What a searcher learns of its study before the first suggestion. */
export interface SearcherContext {
  /** What may be proposed: to sample, and to encode to and from the unit cube. */
  readonly space: Space
  /** What to optimize: none, one metric, or several at once. */
  readonly objectives: readonly Objective[]
  /** The metric to optimize, when there is just one. */
  readonly metric: string | undefined
  /** Whether it is to be small or large, when there is just one. */
  readonly mode: Mode | undefined
  /** How many samples the user asked for; Infinity for no limit. */
  readonly numSamples: number
  /** How many trials are open at a time. */
  readonly maxConcurrentTrials: number
  /** The searcher's own stream, for what it draws once for the whole study. */
  readonly rng: Rng
  /** Tells the user of something odd that is no error, such as a point to evaluate outside its domain. */
  readonly onWarning: (message: string) => void
  /** Tells the user what is good to know, such as what was chosen for them; without it, nobody listens. */
  readonly onInfo?: (message: string) => void
}

/** What one suggestion may depend on: this, and what was observed. */
export interface SuggestRequest {
  /** The index that the suggested trial will have. */
  readonly trialIndex: number
  /** The suggestion's own stream, named by the trial's index. */
  readonly rng: Rng
  /** Trials that were suggested and have not ended, by index. */
  readonly pending: ReadonlyMap<number, Trial>
}

/** A config to try, a wish to be asked again after the next event, or the end of the search. */
export type Suggestion =
  | { readonly type: 'config'; readonly config: JsonObject; readonly repeat?: Repeat }
  | { readonly type: 'wait' }
  | { readonly type: 'finished' }

/** A config that was evaluated elsewhere, to learn from before the first suggestion. */
export interface EvaluatedConfig {
  /** What was tried; one of the study's space, else it is left out with a warning. */
  readonly config: JsonObject
  /** What it came to: the study's metrics by name; nested ones as in a report. */
  readonly metrics: JsonObject
}

/**
 * Proposes configs. Its state is a fold of what it observed, in commit order: `suggest` changes nothing that a later suggestion
 * depends on, so a study that is folded from its journal need not suggest again.
 */
export interface Searcher {
  /** Its name in journals and reports, such as `random`. */
  readonly name: string
  /** Its options as plain data, for the journal's header; a study resumed with other options is refused. */
  readonly options: JsonObject
  /**
   * Called once, before all else.
   *
   * @throws `TuneError` `INVALID_OPTION` or `INVALID_SPACE` if it can't search that space
   */
  setUp(context: SearcherContext): void
  /**
   * How many trials it will propose in all, Infinity if it knows no end; it answers `finished` from that index on. Without the method
   * the study stops at `numSamples`.
   */
  total?(): number
  /**
   * Proposes the config of a trial. It changes nothing, may be asked more than once for the same trial, and draws from the request's stream alone.
   */
  suggest(request: SuggestRequest): Suggestion
  /**
   * Hands it configs that were evaluated elsewhere, such as `earlierResults.evaluated()`; called before `setUp`. They become part of its
   * `options`, in full.
   *
   * @throws `TuneError` `INVALID_OPTION` after `setUp`, `INVALID_CONFIG` (from `setUp`) for configs with keys that the space lacks
   */
  addEvaluated?(evaluated: readonly EvaluatedConfig[]): void
  /** Told of each report, if it wants them, in commit order. */
  onReport?(trial: Trial, report: TrialReport): void
  /** Told of each trial that ended (`terminated` or `error`), in commit order; again if it was taken up again, and ended again. */
  observe?(trial: Trial): void
}
