import { TRAINING_ITERATION } from '../../src/trial.js'
import { SchedulerChecks, type TargetOptions } from '../kit/options.js'
import { rungLevels } from '../kit/rungs.js'
import type { TargetChoice } from '../kit/target.js'

/** Options of {@link SuccessiveHalvingScheduler}. */
export interface SuccessiveHalvingOptions extends TargetOptions {
  /**
   * The time at which a trial is done, in units of `timeAttr`; positive.
   *
   * @defaultValue 100
   */
  readonly maxT?: number
  /**
   * The time of the first rung. Positive, at most `maxT`.
   *
   * @defaultValue 1
   */
  readonly gracePeriod?: number
  /**
   * The ratio between the times of two rungs, and between the number of trials that reach a rung and that leave it; above 1.
   *
   * @defaultValue 4
   */
  readonly reductionFactor?: number
  /**
   * How many trials start together and are compared with one another; a study of more runs several such brackets. A whole number from 1.
   *
   * @defaultValue the least that leaves one trial for `maxT`: `reductionFactor` to the power of the number of rungs
   */
  readonly numTrials?: number
  /**
   * Whether a trial that reaches `maxT` is stopped; else it runs until it ends by itself.
   *
   * @defaultValue true
   */
  readonly stopLastTrials?: boolean
}

/** The options with defaults in place of what was left out. */
export interface ResolvedOptions extends Required<Omit<SuccessiveHalvingOptions, 'metric' | 'mode'>>, TargetChoice {}

const known: readonly string[] = [
  'timeAttr',
  'metric',
  'mode',
  'maxT',
  'gracePeriod',
  'reductionFactor',
  'numTrials',
  'stopLastTrials',
] satisfies (keyof SuccessiveHalvingOptions)[]

/** Checks the options and fills in the defaults; throws `INVALID_OPTION` with the value and what to write instead. */
export function resolveOptions(owner: string, options: SuccessiveHalvingOptions): ResolvedOptions {
  const checks = new SchedulerChecks(owner)
  checks.knows(options, known)
  const {
    timeAttr = TRAINING_ITERATION,
    metric,
    mode,
    maxT = 100,
    gracePeriod = 1,
    reductionFactor = 4,
    stopLastTrials = true,
  } = options
  checks.target({ ...options, timeAttr })
  checks.rungs({ maxT, gracePeriod, reductionFactor })
  checks.flag('stopLastTrials', stopLastTrials)
  const rungs = cutLevels({ gracePeriod, reductionFactor, maxT }).length
  const { numTrials = Math.ceil(reductionFactor ** rungs * (1 - 1e-12)) } = options
  checks.integer('numTrials', numTrials, 1)
  return { timeAttr, metric, mode, maxT, gracePeriod, reductionFactor, numTrials, stopLastTrials }
}

/** The times at which trials are cut: the rungs below `maxT`, ascending. */
export function cutLevels(plan: Pick<ResolvedOptions, 'gracePeriod' | 'reductionFactor' | 'maxT'>): number[] {
  return rungLevels(plan, 0).filter(level => level < plan.maxT)
}
