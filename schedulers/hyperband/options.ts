import { TRAINING_ITERATION } from '../../src/trial.js'
import { mostRungs, SchedulerChecks, type TargetOptions } from '../kit/options.js'
import type { TargetChoice } from '../kit/target.js'

/** Which bracket of a band is filled first. */
export type BracketOrder = 'smallest-first' | 'largest-first'

/** Options of {@link HyperBandScheduler}. */
export interface HyperBandOptions extends TargetOptions {
  /**
   * The time at which a trial is done at the latest, in units of `timeAttr`; from 1.
   *
   * @defaultValue 81
   */
  readonly maxT?: number
  /**
   * η: the ratio between the times of two rounds, and between the number of trials that start a round and that outlive it; above 1.
   *
   * @defaultValue 3
   */
  readonly reductionFactor?: number
  /**
   * Whether a trial that reaches the last level of its bracket is stopped; else it runs until it ends by itself.
   *
   * @defaultValue true
   */
  readonly stopLastTrials?: boolean
  /**
   * Which bracket of a band is filled first: the one with the fewest trials, which are never cut, or the one with the most.
   *
   * @defaultValue `'smallest-first'`, as in Ray Tune
   */
  readonly bracketOrder?: BracketOrder
}

/** The options with defaults in place of what was left out. */
export interface ResolvedOptions extends Required<Omit<HyperBandOptions, 'metric' | 'mode'>>, TargetChoice {}

const known: readonly string[] = [
  'timeAttr',
  'metric',
  'mode',
  'maxT',
  'reductionFactor',
  'stopLastTrials',
  'bracketOrder',
] satisfies (keyof HyperBandOptions)[]

/** Checks the options and fills in the defaults; throws `INVALID_OPTION` with the value and what to write instead. */
export function resolveOptions(owner: string, options: HyperBandOptions): ResolvedOptions {
  const checks = new SchedulerChecks(owner)
  checks.knows(options, known)
  const {
    timeAttr = TRAINING_ITERATION,
    metric,
    mode,
    maxT = 81,
    reductionFactor = 3,
    stopLastTrials = true,
    bracketOrder = 'smallest-first',
  } = options
  checks.target({ ...options, timeAttr })
  checks.number('maxT', maxT, { least: 1 })
  checks.reduction(reductionFactor)
  checks.that(
    Math.log(maxT) / Math.log(reductionFactor) < mostRungs,
    'reductionFactor',
    reductionFactor,
    `larger: up to maxT ${maxT} this one makes more than ${mostRungs} brackets`,
  )
  checks.flag('stopLastTrials', stopLastTrials)
  checks.that(
    bracketOrder === 'smallest-first' || bracketOrder === 'largest-first',
    'bracketOrder',
    bracketOrder,
    "'smallest-first' or 'largest-first'",
  )
  return { timeAttr, metric, mode, maxT, reductionFactor, stopLastTrials, bracketOrder }
}
