import type { JsonObject } from '../json.js'
import { KEEP_GOING, type Stopper, type StopperContext, type StopVerdict } from '../stopper.js'
import { type Mode, readMetric, type Trial, type TrialReport } from '../trial.js'
import { standardDeviation } from './deviation.js'
import { PlateauChecks } from './plateau-options.js'

/** Options of {@link TrialPlateauStopper}. */
export interface TrialPlateauOptions {
  /** The metric to watch; a nested one as `a/b`. @defaultValue the study's */
  readonly metric?: string
  /**
   * The standard deviation below which a metric stands still, in its own units; positive.
   *
   * @defaultValue 0.01
   */
  readonly std?: number
  /**
   * Over how many of the last reports the deviation is taken; a whole number from 1.
   *
   * @defaultValue 4
   */
  readonly numResults?: number
  /**
   * How many reports a trial makes at least; a whole number from 0.
   *
   * @defaultValue 4
   */
  readonly gracePeriod?: number
  /** Only a trial whose last report is at this value or better stops. @defaultValue no bound */
  readonly metricThreshold?: number
  /** Whether larger or smaller values are better, for `metricThreshold`. @defaultValue the study's mode, if it is the study's metric */
  readonly mode?: Mode
}

const known: readonly string[] = [
  'metric',
  'std',
  'numResults',
  'gracePeriod',
  'metricThreshold',
  'mode',
] satisfies (keyof TrialPlateauOptions)[]

const checks = new PlateauChecks('TrialPlateauStopper')

/**
 * Stops a trial whose metric stands still: the standard deviation of its last `numResults` reports is below `std`.
 *
 * Use it for trials that converge at different times, so that none runs on for nothing. A report without the metric, with NaN or an
 * infinity counts as a report, and no trial stops while one is among the last `numResults`. It costs O(numResults) a report; workers wait
 * for it only from the first report at which it may stop.
 *
 * @see Ray Tune's `TrialPlateauStopper`, whose rule it is to the bit
 */
export class TrialPlateauStopper implements Stopper {
  readonly name = 'trial-plateau'
  readonly options: JsonObject
  readonly #given: TrialPlateauOptions
  readonly #std: number
  readonly #numResults: number
  readonly #gracePeriod: number
  #metric: string | undefined
  /** 1 when larger values are better, −1 when smaller ones are. */
  #sign: 1 | -1
  /** The last values of each trial, by index. */
  readonly #windows = new Map<number, number[]>()

  /** @throws `TuneError` `INVALID_OPTION` for an option that is unknown or out of range */
  constructor(options: TrialPlateauOptions = {}) {
    checks.knows(options, known)
    const { metric, std = 0.01, numResults = 4, gracePeriod = 4, metricThreshold, mode } = options
    checks.plateau({ ...options, std })
    checks.integer('numResults', numResults, 1)
    checks.integer('gracePeriod', gracePeriod, 0)
    const isThreshold = metricThreshold === undefined || Number.isFinite(metricThreshold)
    checks.that(isThreshold, 'metricThreshold', metricThreshold, 'a finite number, or leave it out')
    this.#given = options
    this.#metric = metric
    this.#sign = mode === 'min' ? -1 : 1
    this.#std = std
    this.#numResults = numResults
    this.#gracePeriod = gracePeriod
    this.options = {
      metric: metric ?? null,
      std,
      numResults,
      gracePeriod,
      metricThreshold: metricThreshold ?? null,
      mode: mode ?? null,
    }
  }

  /** @throws `TuneError` `INVALID_OPTION` when neither the options nor the study name a metric, and a mode where one is needed */
  setUp({ objectives }: StopperContext): void {
    const { metric, mode } = checks.watched(this.#given, objectives)
    if (mode === undefined && this.#given.metricThreshold !== undefined)
      throw checks.error(`metricThreshold of '${metric}' has no direction; give mode 'min' or 'max'`)
    this.#metric = metric
    this.#sign = mode === 'min' ? -1 : 1
    this.#windows.clear()
  }

  onReport(trial: Trial, report: TrialReport): StopVerdict {
    const metric = this.#metric
    if (metric === undefined) throw checks.notSetUp()
    const value = readMetric(report, metric) ?? Number.NaN
    const window = this.#windows.get(trial.index) ?? []
    this.#windows.set(trial.index, window)
    window.push(value)
    if (window.length > this.#numResults) window.shift()

    if (report.iteration < this.#gracePeriod || window.length < this.#numResults) return KEEP_GOING
    const { metricThreshold } = this.#given
    if (metricThreshold !== undefined && !(this.#sign * value >= this.#sign * metricThreshold)) return KEEP_GOING
    const deviation = standardDeviation(window)
    if (!(deviation < this.#std)) return KEEP_GOING
    const reason = `the standard deviation of the last ${this.#numResults} values of ${metric} is ${deviation.toPrecision(3)}, below ${this.#std}`
    return { type: 'stop-trial', reason }
  }

  /** The first report at which the trial may have reported often enough. */
  grant({ iteration }: Trial): number {
    return Math.max(this.#gracePeriod, this.#numResults, iteration + 1)
  }
}
