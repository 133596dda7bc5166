import { show, TuneError } from '../errors.js'
import type { JsonObject } from '../json.js'
import { KEEP_GOING, type Stopper, type StopVerdict } from '../stopper.js'
import { readMetric, type Trial, type TrialReport } from '../trial.js'

/** A bound with its direction: a metric meets it at the bound and beyond. */
export type MetricBound =
  | { readonly atLeast: number; readonly atMost?: never }
  | { readonly atMost: number; readonly atLeast?: never }

/** Options of {@link MetricStopper}. */
export type MetricStopperOptions = MetricBound & {
  /** The metric's name; a nested one as `a/b`. */
  readonly metric: string
}

/**
 * Stops a trial whose metric meets a bound, such as `{ metric: 'loss', atMost: 0.1 }` or `{ metric: 'accuracy', atLeast: 0.98 }`.
 *
 * NaN meets no bound, and neither does a report without the metric; an infinity does if it lies beyond the bound, so
 * `{ metric: 'loss', atLeast: 1e6 }` ends a trial that has diverged.
 *
 * @see Ray Tune's `RunConfig(stop={...})`, which stops at `>=` whatever the mode
 */
export class MetricStopper implements Stopper {
  readonly name = 'metric'
  readonly options: JsonObject
  readonly #metric: string
  readonly #bound: number
  readonly #isLower: boolean

  /** @throws `TuneError` `INVALID_OPTION` unless there is a metric and exactly one finite bound */
  constructor(options: MetricStopperOptions) {
    const { metric, atLeast, atMost } = options
    if (typeof metric !== 'string' || metric === '')
      throw new TuneError('INVALID_OPTION', `MetricStopper: metric is ${show(metric)}; name the metric to watch`)
    const bound = atLeast ?? atMost
    if (bound === undefined || (atLeast !== undefined && atMost !== undefined)) {
      throw new TuneError(
        'INVALID_OPTION',
        `MetricStopper for '${metric}' is given ${show(options)}; give either atLeast or atMost (for both, an array of two stoppers)`,
      )
    }
    if (typeof bound !== 'number' || !Number.isFinite(bound)) {
      throw new TuneError(
        'INVALID_OPTION',
        `MetricStopper for '${metric}': ${atLeast === undefined ? 'atMost' : 'atLeast'} is ${show(bound)}; give a finite number`,
      )
    }
    this.#metric = metric
    this.#bound = bound
    this.#isLower = atLeast !== undefined
    this.options = { metric, [this.#isLower ? 'atLeast' : 'atMost']: bound }
  }

  onReport(_trial: Trial, report: TrialReport): StopVerdict {
    const value = readMetric(report, this.#metric)
    if (value === undefined) return KEEP_GOING
    // NaN compares false with everything
    const meets = this.#isLower ? value >= this.#bound : value <= this.#bound
    if (!meets) return KEEP_GOING
    return {
      type: 'stop-trial',
      reason: `${this.#metric} ${value} is at ${this.#isLower ? 'least' : 'most'} ${this.#bound}`,
    }
  }
}
