import { TRAINING_ITERATION } from '../../src/trial.js'
import { SchedulerChecks, type TargetOptions } from '../kit/options.js'
import type { TargetChoice } from '../kit/target.js'

/** Options of {@link PASHAScheduler}. */
export interface PASHAOptions extends TargetOptions {
  /**
   * The time beyond which no trial runs, however rankings change, in units of `timeAttr`; positive.
   *
   * @defaultValue 100
   */
  readonly maxT?: number
  /**
   * The time of the lowest rung. Positive, at most `maxT`.
   *
   * @defaultValue 1
   */
  readonly gracePeriod?: number
  /**
   * The ratio between the times of two rungs, and between the number of trials that reach a rung and that leave it; above 1.
   *
   * @defaultValue 3
   */
  readonly reductionFactor?: number
}

/** The options with defaults in place of what was left out. */
export interface ResolvedOptions extends Required<Omit<PASHAOptions, 'metric' | 'mode'>>, TargetChoice {}

const known: readonly string[] = [
  'timeAttr',
  'metric',
  'mode',
  'maxT',
  'gracePeriod',
  'reductionFactor',
] satisfies (keyof PASHAOptions)[]

/** Checks the options and fills in the defaults; throws `INVALID_OPTION` with the value and what to write instead. */
export function resolveOptions(owner: string, options: PASHAOptions): ResolvedOptions {
  const checks = new SchedulerChecks(owner)
  checks.knows(options, known)
  const { timeAttr = TRAINING_ITERATION, metric, mode, maxT = 100, gracePeriod = 1, reductionFactor = 3 } = options
  checks.target({ ...options, timeAttr })
  checks.rungs({ maxT, gracePeriod, reductionFactor })
  return { timeAttr, metric, mode, maxT, gracePeriod, reductionFactor }
}
