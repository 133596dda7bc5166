import { TuneError } from '../../src/errors.js'
import { encodeJson, type JsonObject, type JsonValue } from '../../src/json.js'
import { CONTINUE, type Decision, type Scheduler } from '../../src/scheduler.js'
import { TRAINING_ITERATION, type Trial, type TrialReport } from '../../src/trial.js'
import { type PopulationPolicy, toPolicy } from './policy.js'

const owner = 'PopulationBasedTrainingReplay'

/**
 * Trains once more by the schedule that population-based training has found: a trial begins with the policy's first config, and at each
 * recorded iteration goes on from its own checkpoint with the next one.
 *
 * Use it to train the model that won without its population, on more data or with other seeds; with `numSamples` above 1 each trial does
 * the same. It costs one training. The trainable has to save and load its state.
 *
 * ```ts
 * const replay = new PopulationBasedTrainingReplay(policyOf(grid.getBestResult(), grid))
 * await new Tuner(train, { paramSpace: replay.config, tuneConfig: { scheduler: replay } }).fit()
 * ```
 *
 * It counts in reports, as the policy does. Unlike Ray Tune's it takes any number of trials, and can't set a trial's first config:
 * that is the study's space.
 *
 * @see Ray Tune's `PopulationBasedTrainingReplay`
 */
export class PopulationBasedTrainingReplay implements Scheduler {
  readonly name = 'pbt-replay'
  readonly options: JsonObject
  readonly timeAttr = TRAINING_ITERATION
  readonly savesAtGrants = true
  /** The schedule that is followed. */
  readonly policy: PopulationPolicy
  /** The first config, to be the study's `paramSpace`. */
  readonly config: JsonObject

  /**
   * @param policy - what {@link policyOf} made, or the contents of a file that it was written to as JSON
   * @throws `TuneError` `INVALID_OPTION` for what is no policy
   */
  constructor(policy: PopulationPolicy | string) {
    this.policy = toPolicy(owner, policy)
    this.config = this.policy[0]?.config ?? {}
    this.options = { policy: this.policy.map(step => ({ ...step })) }
  }

  setUp(): void {
    // what it decides depends on the trial alone
  }

  /** @throws `TuneError` `INVALID_OPTION` if the trial's config is not the policy's first */
  onTrialAdd({ index, config }: Trial): void {
    const [is, shouldBe] = [encodeSorted(config), encodeSorted(this.config)]
    if (is === shouldBe) return
    throw new TuneError(
      'INVALID_OPTION',
      `${owner}: trial ${index} starts with ${is}, the policy with ${shouldBe}; make the study's paramSpace the replay's config`,
    )
  }

  onReport({ index }: Trial, { iteration }: TrialReport): Decision {
    const step = this.policy.find(each => each.iteration === iteration)
    if (step === undefined) return CONTINUE
    const place = `step ${this.policy.indexOf(step) + 1} of ${this.policy.length}`
    return { type: 'exploit', donor: index, config: step.config, reason: `${place} of the policy begins` }
  }

  /** The iteration of the policy's next step. */
  grant({ iteration }: Trial): number {
    return this.policy.find(step => step.iteration > iteration)?.iteration ?? Number.POSITIVE_INFINITY
  }

  describe(): string {
    const last = this.policy.at(-1)?.iteration ?? 0
    return `PBT replay: ${this.policy.length} configs, the last from iteration ${last}`
  }
}

/** Writes data with keys in order, so that what is equal is written alike. */
function encodeSorted(value: JsonValue): string {
  return encodeJson(sortKeys(value))
}

function sortKeys(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sortKeys)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, child]): [string, JsonValue] => [key, sortKeys(child)]))
}
