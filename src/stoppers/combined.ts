import type { JsonObject } from '../json.js'
import { KEEP_GOING, type Stopper, type StopperContext, type StopVerdict } from '../stopper.js'
import type { Trial, TrialReport } from '../trial.js'

/**
 * Stops as soon as any of several stoppers does; with none it never stops.
 *
 * All of them see every report. Ending the study goes before ending a trial; otherwise the first that says stop gives the reason.
 *
 * @see Ray Tune's `CombinedStopper`
 */
export class CombinedStopper implements Stopper {
  readonly name = 'any-of'
  readonly options: JsonObject
  /** The smallest of the stoppers' budgets, in seconds. */
  readonly budgetSeconds?: number
  readonly #stoppers: readonly Stopper[]

  constructor(...stoppers: readonly Stopper[]) {
    this.#stoppers = stoppers
    this.options = { stoppers: stoppers.map(({ name, options }) => ({ name, options })) }
    const budgets = stoppers.flatMap(({ budgetSeconds }) => (budgetSeconds === undefined ? [] : [budgetSeconds]))
    if (budgets.length > 0) this.budgetSeconds = Math.min(...budgets)
  }

  setUp(context: StopperContext): void {
    for (const stopper of this.#stoppers) stopper.setUp?.(context)
  }

  onReport(trial: Trial, report: TrialReport): StopVerdict {
    let result: StopVerdict = KEEP_GOING
    for (const stopper of this.#stoppers) {
      const verdict = stopper.onReport?.(trial, report) ?? KEEP_GOING
      if (verdict.type === 'continue' || result.type === 'stop-study') continue
      if (result.type === 'continue' || verdict.type === 'stop-study') result = verdict
    }
    return result
  }

  /** The smallest of the stoppers' grants: the next report if one of them may stop at any. */
  grant(trial: Trial): number {
    let least = Number.POSITIVE_INFINITY
    for (const stopper of this.#stoppers) {
      if (stopper.grant !== undefined) least = Math.min(least, stopper.grant(trial))
      else if (stopper.onReport !== undefined) least = Math.min(least, trial.iteration + 1)
    }
    return least
  }
}
