import type { JsonObject } from '../../src/json.js'
import type { Rng } from '../../src/rng.js'
import type { Trial } from '../../src/trial.js'

/** Where a trial stands at the start of an interval. */
export interface Standing {
  /** In units of `timeAttr`. */
  readonly time: number
  /** The metric with its sign turned so that larger is better; finite. */
  readonly score: number
}

/** What a trial made of an interval. */
export interface Gain {
  readonly config: JsonObject
  readonly from: Standing
  readonly to: Standing
}

/** A trial that is to take over from another. */
export interface ExploreRequest {
  readonly trial: Trial
  readonly donor: Trial
  /** Where the trial will stand with what it takes over. */
  readonly start: Standing
  /** The other trials of the population, with where their present intervals began. */
  readonly others: readonly { readonly config: JsonObject; readonly start: Standing }[]
  /** A stream for this decision alone. */
  readonly rng: Rng
}

/** What a trial is to go on with. */
export interface Exploration {
  readonly config: JsonObject
  /** What is new about it, in words; empty where nothing is. */
  readonly changes: string
}

/** Makes the config that a trial takes over out of the donor's. Its state is a fold of what it observed. */
export interface Explorer {
  /** Changes nothing. */
  explore(request: ExploreRequest): Exploration
  /** Told of each interval of each trial, in commit order. */
  observe?(gain: Gain): void
}
