import { OptionChecks } from '../../src/option-checks.js'
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

/** Checks the options of one scheduler. */
export class SchedulerChecks extends OptionChecks {
  /** Checks the options that every scheduler shares. */
  target({ timeAttr, metric, mode }: TargetOptions): void {
    this.name('timeAttr', timeAttr, 'the name of a metric that grows with each report')
    if (metric !== undefined) this.name('metric', metric, 'the name of a metric, or leave it out')
    if (mode !== undefined) this.word('mode', mode, ['min', 'max'])
  }

  /** Checks what lays out rungs. */
  rungs({ maxT, gracePeriod, reductionFactor }: RungPlan): void {
    this.number('maxT', maxT, { above: 0 })
    this.number('gracePeriod', gracePeriod, { above: 0 })
    this.that(gracePeriod <= maxT, 'gracePeriod', gracePeriod, `one of at most maxT, which is ${maxT}`)
    this.reduction(reductionFactor)
    const few = Math.log(maxT / gracePeriod) / Math.log(reductionFactor) <= mostRungs
    const remedy = `a larger one: from gracePeriod ${gracePeriod} to maxT ${maxT} this one makes more than ${mostRungs} rungs`
    this.that(few, 'reductionFactor', reductionFactor, remedy)
  }

  /** Checks the ratio between two rungs. */
  reduction(factor: number): void {
    this.number('reductionFactor', factor, { above: 1 })
  }
}

/** Whether a value is a finite number above zero. */
export function isPositive(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value > 0
}
