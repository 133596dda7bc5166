import type { JsonObject } from '../json.js'
import { KEEP_GOING, type Stopper, type StopperContext, type StopVerdict } from '../stopper.js'
import { type Mode, readMetric, type Trial, type TrialReport } from '../trial.js'
import { standardDeviation } from './deviation.js'
import { PlateauChecks } from './plateau-options.js'

/** Options of {@link ExperimentPlateauStopper}. */
export interface ExperimentPlateauOptions {
  /** The metric to watch; a nested one as `a/b`. @defaultValue the study's */
  readonly metric?: string
  /**
   * The standard deviation of the best values at which the study stands still, in units of the metric; positive.
   *
   * @defaultValue 0.001
   */
  readonly std?: number
  /**
   * How many of the best values are looked at; a whole number from 2.
   *
   * @defaultValue 10
   */
  readonly top?: number
  /** Whether larger or smaller values are better. @defaultValue the study's mode, if it is the study's metric */
  readonly mode?: Mode
  /**
   * At how many reports in a row the study must stand still; a whole number from 0, where 0 is as good as 1.
   *
   * @defaultValue 0
   */
  readonly patience?: number
}

const known: readonly string[] = [
  'metric',
  'std',
  'top',
  'mode',
  'patience',
] satisfies (keyof ExperimentPlateauOptions)[]

const checks = new PlateauChecks('ExperimentPlateauStopper')

/**
 * Ends the study when its best values no longer differ: the standard deviation of the `top` best values ever reported is `std` at most.
 *
 * Use it to end a long study on its own. Values of one trial count each for themselves, so it suits trials that report once, or
 * rarely; where trials report each epoch, choose `top` well above the number of epochs at which a curve stands still. NaN and infinities
 * are never among the best, and reports without the metric are passed over. Every report is waited for, at O(top) each.
 *
 * @see Ray Tune's `ExperimentPlateauStopper`, whose rule it is to the bit, but that its mode is `min` unless it is told
 */
export class ExperimentPlateauStopper implements Stopper {
  readonly name = 'experiment-plateau'
  readonly options: JsonObject
  readonly #given: ExperimentPlateauOptions
  readonly #std: number
  readonly #top: number
  readonly #patience: number
  #metric: string | undefined
  #mode: Mode | undefined
  /** The best values, ascending, `top` of them at most. */
  readonly #best: number[] = []
  /** For how many reports in a row the study has stood still. */
  #stillFor = 0

  /** @throws `TuneError` `INVALID_OPTION` for an option that is unknown or out of range */
  constructor(options: ExperimentPlateauOptions = {}) {
    checks.knows(options, known)
    const { metric, std = 0.001, top = 10, mode, patience = 0 } = options
    checks.plateau({ ...options, std })
    checks.integer('top', top, 2)
    checks.integer('patience', patience, 0)
    this.#given = options
    this.#metric = metric
    this.#mode = mode
    this.#std = std
    this.#top = top
    this.#patience = patience
    this.options = { metric: metric ?? null, std, top, mode: mode ?? null, patience }
  }

  /** @throws `TuneError` `INVALID_OPTION` when neither the options nor the study name a metric and its mode */
  setUp({ objectives }: StopperContext): void {
    const { metric, mode } = checks.watched(this.#given, objectives)
    if (mode === undefined) throw checks.error(`'${metric}' has no direction; give mode 'min' or 'max'`)
    this.#metric = metric
    this.#mode = mode
    this.#best.length = 0
    this.#stillFor = 0
  }

  onReport(_trial: Trial, report: TrialReport): StopVerdict {
    if (this.#metric === undefined || this.#mode === undefined) throw checks.notSetUp()
    const value = readMetric(report, this.#metric)
    if (value === undefined) return KEEP_GOING
    if (Number.isFinite(value)) this.#enter(value, this.#mode)
    const deviation = this.#best.length < this.#top ? Number.NaN : standardDeviation(this.#best)
    this.#stillFor = deviation <= this.#std ? this.#stillFor + 1 : 0
    if (this.#stillFor === 0 || this.#stillFor < this.#patience) return KEEP_GOING
    const since = this.#stillFor === 1 ? '' : `, for ${this.#stillFor} reports`
    const reason = `the standard deviation of the ${this.#top} best values of ${this.#metric} is ${deviation.toPrecision(3)}, at most ${this.#std}${since}`
    return { type: 'stop-study', reason }
  }

  #enter(value: number, mode: Mode): void {
    const best = this.#best
    const found = best.findIndex(other => other > value)
    best.splice(found === -1 ? best.length : found, 0, value)
    if (best.length <= this.#top) return
    if (mode === 'min') best.pop()
    else best.shift()
  }
}
