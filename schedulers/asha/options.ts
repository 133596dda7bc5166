import { TRAINING_ITERATION } from '../../src/trial.js'
import { mostRungs, SchedulerChecks, type TargetOptions } from '../kit/options.js'
import { rungLevels } from '../kit/rungs.js'
import type { TargetChoice } from '../kit/target.js'

/** Options of {@link ASHAScheduler}. */
export interface ASHAOptions extends TargetOptions {
  /**
   * What happens to a trial at a rung: `'stopping'` judges it at once and stops it or lets it run on; `'promotion'` pauses it until it is
   * among the best.
   *
   * @defaultValue `'stopping'`, which is the only one that Ray Tune has
   */
  readonly variant?: 'stopping' | 'promotion'
  /**
   * The time at which a trial is done, in units of `timeAttr`; positive.
   *
   * @defaultValue 100
   */
  readonly maxT?: number
  /**
   * The time of the lowest rung: no trial is stopped or paused earlier. Positive, at most `maxT`.
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
   * How many brackets there are; each has one rung less at the low end, and draws trials with probability ∝ e^(its rungs). 1 to 1000.
   *
   * @defaultValue 1
   */
  readonly brackets?: number
  /**
   * Whether a trial that reaches `maxT` is stopped; else it runs until it ends by itself.
   *
   * @defaultValue true
   */
  readonly stopLastTrials?: boolean
}

/** The options with defaults in place of what was left out. */
export interface ResolvedOptions extends Required<Omit<ASHAOptions, 'metric' | 'mode'>>, TargetChoice {}

const known: readonly string[] = [
  'variant',
  'timeAttr',
  'metric',
  'mode',
  'maxT',
  'gracePeriod',
  'reductionFactor',
  'brackets',
  'stopLastTrials',
] satisfies (keyof ASHAOptions)[]

/** Checks the options and fills in the defaults; throws `INVALID_OPTION` with the value and what to write instead. */
export function resolveOptions(owner: string, options: ASHAOptions): ResolvedOptions {
  const checks = new SchedulerChecks(owner)
  checks.knows(options, known)
  const {
    variant = 'stopping',
    timeAttr = TRAINING_ITERATION,
    metric,
    mode,
    maxT = 100,
    gracePeriod = 1,
    reductionFactor = 4,
    brackets = 1,
    stopLastTrials = true,
  } = options
  checks.that(variant === 'stopping' || variant === 'promotion', 'variant', variant, "'stopping' or 'promotion'")
  checks.target({ ...options, timeAttr })
  checks.rungs({ maxT, gracePeriod, reductionFactor })
  checks.integer('brackets', brackets, 1, mostRungs)
  checks.flag('stopLastTrials', stopLastTrials)
  return { variant, timeAttr, metric, mode, maxT, gracePeriod, reductionFactor, brackets, stopLastTrials }
}

/** Lists the rung levels of each bracket. */
export function layOutBrackets(options: ResolvedOptions): number[][] {
  return Array.from({ length: options.brackets }, (_, bracket) => rungLevels(options, bracket))
}
