import type { JsonObject } from '../../src/json.js'
import type { Space } from '../../src/space/space.js'
import { type Objective, readObjectives, type Trial, type TrialReport } from '../../src/trial.js'

/** What became of a config. */
export interface Observation {
  /** The trial's index; undefined for a config that was evaluated elsewhere. */
  readonly trialIndex: number | undefined
  readonly config: JsonObject
  /** [d], its place in the unit cube; NaN for the parameters that it doesn't have. */
  readonly units: Float64Array
  /**
   * One value for each objective, **with its sign turned so that smaller is better**, from the trial's last report that has all of them; undefined if
   * the trial failed, or if one is missing, NaN or infinite.
   */
  readonly values: Float64Array | undefined
  /** `stopped` if a scheduler ended it, or the study did before its time, so that its values are those of a shorter run; `failed` if it has no values. */
  readonly state: 'completed' | 'stopped' | 'failed'
  /** How many reports it made. */
  readonly iteration: number
}

/** What a trial that ended came to. */
export function observeTrial(trial: Trial, space: Space, objectives: readonly Objective[]): Observation {
  const { config, iteration } = trial
  // the last report may lack the metric, when it is not measured each time: the best one has it
  const values =
    trial.status === 'error'
      ? undefined
      : (readObjectives(trial.lastReport, objectives) ?? readObjectives(trial.bestReport, objectives))
  const wasCut = trial.endedBy === 'scheduler' || trial.endedBy === 'study'
  const state = values === undefined ? 'failed' : wasCut ? 'stopped' : 'completed'
  return { trialIndex: trial.index, config, units: space.encode(config), values, state, iteration }
}

/** What a config that was evaluated elsewhere came to. */
export function observeEvaluated(
  config: JsonObject,
  metrics: JsonObject,
  space: Space,
  objectives: readonly Objective[],
): Observation {
  const report: TrialReport = { iteration: 1, metrics, timing: { timestampMs: 0, timeThisIterS: 0, timeTotalS: 0 } }
  const values = readObjectives(report, objectives)
  const state = values === undefined ? 'failed' : 'completed'
  return { trialIndex: undefined, config, units: space.encode(config), values, state, iteration: 1 }
}
