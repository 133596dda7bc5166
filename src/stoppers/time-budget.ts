import type { JsonObject } from '../json.js'
import { OptionChecks } from '../option-checks.js'
import type { Stopper } from '../stopper.js'

/**
 * Ends the study after so many seconds of running, summed over all its sessions.
 *
 * The stopper only carries the budget: whoever drives the study keeps the time. When it is over, the running trials' signal is aborted,
 * and those that don't listen end at their next report. Where a study ends in this way depends on the clock, so it is not reproducible from its seed.
 *
 * @see Ray Tune's `TimeoutStopper` and `TuneConfig(time_budget_s=...)`, which wait for each trial's next report
 */
export class TimeBudgetStopper implements Stopper {
  readonly name = 'time-budget'
  readonly options: JsonObject
  readonly budgetSeconds: number

  /**
   * @param options - `seconds`: the budget; positive and finite
   * @throws `TuneError` `INVALID_OPTION` for any other number
   */
  constructor({ seconds }: { readonly seconds: number }) {
    const holds = typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0
    new OptionChecks('TimeBudgetStopper').that(
      holds,
      'seconds',
      seconds,
      'a number above 0, or leave the stopper out for no limit',
    )
    this.budgetSeconds = seconds
    this.options = { seconds }
  }

  /** It has no say at reports. */
  grant(): number {
    return Number.POSITIVE_INFINITY
  }
}
