import { show, TuneError } from '../../src/errors.js'
import type { Mode } from '../../src/trial.js'
import type { RungPlan } from './rungs.js'

/** How many rungs a bracket may have, and a scheduler brackets. */
export const mostRungs = 1000

/** What every scheduler that compares trials may be told. */
export interface TargetOptions {
  /**
   * The metric that measures how far a trial has come; it must grow with each report.
   *
   * @defaultValue `'trainingIteration'`
   */
  readonly timeAttr?: string
  /** The metric by which trials are compared; nested ones as `a/b`. @defaultValue the study's */
  readonly metric?: string
  /** Whether larger or smaller values of the metric are better. @defaultValue the study's */
  readonly mode?: Mode
}

/** Checks the options of one scheduler; what it throws is a `TuneError` `INVALID_OPTION` that names the scheduler. */
export class OptionChecks {
  readonly #owner: string

  constructor(owner: string) {
    this.#owner = owner
  }

  /** Refuses options of any other name. */
  knows(options: object, known: readonly string[]): void {
    for (const key in options) {
      if (!known.includes(key)) throw this.error(`there is no option '${key}'; the options are ${known.join(', ')}`)
    }
  }

  /** Refuses the value of an option unless a condition holds. @param remedy - what to make it instead */
  that(holds: boolean, option: string, value: unknown, remedy: string): void {
    if (!holds) throw this.error(`${option} is ${show(value)}; make it ${remedy}`)
  }

  /** Refuses what is neither true nor false. */
  flag(option: string, value: unknown): void {
    this.that(typeof value === 'boolean', option, value, 'true or false')
  }

  /** Refuses what is no whole number in [least, most]. */
  integer(option: string, value: unknown, least: number, most = Number.POSITIVE_INFINITY): void {
    const holds = Number.isSafeInteger(value) && isBetween(value, least, most)
    this.that(holds, option, value, `a whole number ${describeRange(least, most)}`)
  }

  /** Refuses what is no finite number in [least, most]. */
  number(option: string, value: unknown, least: number, most = Number.POSITIVE_INFINITY): void {
    const holds = Number.isFinite(value) && isBetween(value, least, most)
    this.that(holds, option, value, `a number ${describeRange(least, most)}`)
  }

  /** Refuses what is no finite number above zero. */
  positive(option: string, value: unknown): void {
    this.that(isPositive(value), option, value, 'a positive number')
  }

  /** Checks the options that every scheduler shares. */
  target({ timeAttr, metric, mode }: TargetOptions): void {
    this.that(isName(timeAttr), 'timeAttr', timeAttr, 'the name of a metric that grows with each report')
    this.that(metric === undefined || isName(metric), 'metric', metric, 'the name of a metric, or leave it out')
    this.that(mode === undefined || mode === 'min' || mode === 'max', 'mode', mode, "'min' or 'max', or leave it out")
  }

  /** Checks what lays out rungs. */
  rungs({ maxT, gracePeriod, reductionFactor }: RungPlan): void {
    this.positive('maxT', maxT)
    this.positive('gracePeriod', gracePeriod)
    this.that(gracePeriod <= maxT, 'gracePeriod', gracePeriod, `at most maxT, which is ${maxT}`)
    this.reduction(reductionFactor)
    const few = Math.log(maxT / gracePeriod) / Math.log(reductionFactor) <= mostRungs
    const remedy = `larger: from gracePeriod ${gracePeriod} to maxT ${maxT} this one makes more than ${mostRungs} rungs`
    this.that(few, 'reductionFactor', reductionFactor, remedy)
  }

  /** Checks the ratio between two rungs. */
  reduction(factor: number): void {
    this.that(isPositive(factor) && factor > 1, 'reductionFactor', factor, 'a number above 1')
  }

  error(what: string): TuneError {
    return new TuneError('INVALID_OPTION', `${this.#owner}: ${what}`)
  }
}

/** Whether a value is a finite number above zero. */
export function isPositive(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value > 0
}

function isBetween(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most
}

function describeRange(least: number, most: number): string {
  return most < Number.POSITIVE_INFINITY ? `from ${least} to ${most}` : `from ${least}`
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
