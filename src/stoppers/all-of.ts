import { TuneError } from '../errors.js'
import type { JsonObject } from '../json.js'
import { KEEP_GOING, type Stopper, type StopperContext, type StopVerdict } from '../stopper.js'
import type { Trial, TrialReport } from '../trial.js'

/**
 * Stops when all of several stoppers do at the same report: `new AllOfStopper(new MaximumIterationStopper({ maxIterations: 20 }), new
 * TrialPlateauStopper())` stops a trial that stands still, but not before its 20th report.
 *
 * All of them see every report. The study ends only if each of them says so; where some would only end the trial, it is the trial that
 * ends.
 *
 * @see {@link CombinedStopper} for any of several; Ray Tune has none for all
 */
export class AllOfStopper implements Stopper {
  readonly name = 'all-of'
  readonly options: JsonObject
  readonly #stoppers: readonly Stopper[]

  /** @throws `TuneError` `INVALID_OPTION` for none, and for a time budget, over which the study ends whatever the others say */
  constructor(...stoppers: readonly Stopper[]) {
    if (stoppers.length === 0)
      throw new TuneError('INVALID_OPTION', 'AllOfStopper is given no stoppers; give it one or more')
    const timed = stoppers.find(({ budgetSeconds }) => budgetSeconds !== undefined)
    if (timed !== undefined) {
      throw new TuneError(
        'INVALID_OPTION',
        `AllOfStopper is given ${timed.name}, whose time budget is kept apart from reports and can't wait for the others; put it beside the AllOfStopper in an array`,
      )
    }
    this.#stoppers = stoppers
    this.options = { stoppers: stoppers.map(({ name, options }) => ({ name, options })) }
  }

  setUp(context: StopperContext): void {
    for (const stopper of this.#stoppers) stopper.setUp?.(context)
  }

  onReport(trial: Trial, report: TrialReport): StopVerdict {
    const verdicts = this.#stoppers.map(stopper => stopper.onReport?.(trial, report) ?? KEEP_GOING)
    const reasons: string[] = []
    for (const verdict of verdicts) {
      if (verdict.type === 'continue') return KEEP_GOING
      reasons.push(verdict.reason)
    }
    const type = verdicts.every(verdict => verdict.type === 'stop-study') ? 'stop-study' : 'stop-trial'
    return { type, reason: reasons.join('; ') }
  }

  /** The largest of the stoppers' grants: before that, one of them won't stop. */
  grant(trial: Trial): number {
    let most = trial.iteration + 1
    for (const stopper of this.#stoppers) {
      if (stopper.onReport === undefined) return Number.POSITIVE_INFINITY
      if (stopper.grant !== undefined) most = Math.max(most, stopper.grant(trial))
    }
    return most
  }
}
