import { show, TuneError } from '../errors.js'
import type { JsonObject } from '../json.js'
import { KEEP_GOING, type Stopper, type StopVerdict } from '../stopper.js'
import type { Trial, TrialReport } from '../trial.js'

/**
 * Says after a report whether its trial stops: `true`, or the reason as a string that isn't empty.
 *
 * It should depend on its arguments alone: a study that is resumed calls it again for the reports of its journal.
 */
export type StopFunction = (trial: Trial, report: TrialReport) => boolean | string

/**
 * Stops a trial when a function says so.
 *
 * Every report waits for it, so prefer another stopper where one does the same.
 *
 * @see Ray Tune's `FunctionStopper`, whose function takes a trial id and a result
 */
export class FunctionStopper implements Stopper {
  readonly name = 'function'
  readonly options: JsonObject
  readonly #stops: StopFunction
  readonly #label: string

  /** @throws `TuneError` `INVALID_OPTION` when it is given no function */
  constructor(stops: StopFunction) {
    if (typeof stops !== 'function') {
      throw new TuneError(
        'INVALID_OPTION',
        `FunctionStopper is given ${show(stops)}; give a function (trial, report) => boolean or reason`,
      )
    }
    this.#stops = stops
    this.#label = stops.name || '(anonymous)'
    // a name alone would not tell two functions apart
    this.options = { function: this.#label, source: Function.prototype.toString.call(stops).trim() }
  }

  /** @throws `TuneError` `PLUGIN_FAULT` when the function answers anything but a boolean or a string */
  onReport(trial: Trial, report: TrialReport): StopVerdict {
    const answer: unknown = this.#stops(trial, report)
    if (answer === false || answer === '') return KEEP_GOING
    if (answer === true) return { type: 'stop-trial', reason: `the stop function ${this.#label} said so` }
    if (typeof answer === 'string') return { type: 'stop-trial', reason: answer }
    const found = answer instanceof Promise ? 'a promise (it must not be async)' : show(answer)
    throw new TuneError(
      'PLUGIN_FAULT',
      `the stop function ${this.#label} returned ${found} at report ${report.iteration} of trial ${trial.index}; return true, false or the reason to stop`,
    )
  }
}
