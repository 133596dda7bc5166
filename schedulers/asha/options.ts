import { show, TuneError } from '../../src/errors.js'
import { type Mode, TRAINING_ITERATION } from '../../src/trial.js'
import { rungLevels } from './rungs.js'

/** Options of {@link ASHAScheduler}. */
export interface ASHAOptions {
  /**
   * What happens to a trial at a rung: `'stopping'` judges it at once and stops it or lets it run on; `'promotion'` pauses it until it is
   * among the best.
   *
   * @defaultValue `'stopping'`, which is the only one that Ray Tune has
   */
  readonly variant?: 'stopping' | 'promotion'
  /**
   * The metric that measures how far a trial has come; it must grow with each report.
   *
   * @defaultValue `'trainingIteration'`
   */
  readonly timeAttr?: string
  /** The metric by which trials are compared; nested ones as `a/b`. By default the study's. */
  readonly metric?: string
  /** Whether larger or smaller values of the metric are better. By default the study's. */
  readonly mode?: Mode
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
export interface ResolvedASHAOptions extends Required<Omit<ASHAOptions, 'metric' | 'mode'>> {
  readonly metric: string | undefined
  readonly mode: Mode | undefined
}

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

const mostRungs = 1000

/** Checks the options and fills in the defaults; throws `INVALID_OPTION` with the value and what to write instead. */
export function resolveOptions(options: ASHAOptions): ResolvedASHAOptions {
  for (const key in options) {
    if (!known.includes(key)) throw invalid(`there is no option '${key}'; the options are ${known.join(', ')}`)
  }
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
  check(variant === 'stopping' || variant === 'promotion', 'variant', variant, "'stopping' or 'promotion'")
  check(isName(timeAttr), 'timeAttr', timeAttr, 'the name of a metric that grows with each report')
  check(metric === undefined || isName(metric), 'metric', metric, 'the name of a metric, or leave it out')
  check(mode === undefined || mode === 'min' || mode === 'max', 'mode', mode, "'min' or 'max', or leave it out")
  check(isPositive(maxT), 'maxT', maxT, 'a positive number')
  check(isPositive(gracePeriod), 'gracePeriod', gracePeriod, 'a positive number')
  check(gracePeriod <= maxT, 'gracePeriod', gracePeriod, `at most maxT, which is ${maxT}`)
  check(isPositive(reductionFactor) && reductionFactor > 1, 'reductionFactor', reductionFactor, 'a number above 1')
  const rungs = Math.log(maxT / gracePeriod) / Math.log(reductionFactor)
  check(
    rungs <= mostRungs,
    'reductionFactor',
    reductionFactor,
    `larger: from gracePeriod ${gracePeriod} to maxT ${maxT} this one makes more than ${mostRungs} rungs`,
  )
  check(
    Number.isInteger(brackets) && brackets >= 1 && brackets <= mostRungs,
    'brackets',
    brackets,
    `a whole number from 1 to ${mostRungs}`,
  )
  check(typeof stopLastTrials === 'boolean', 'stopLastTrials', stopLastTrials, 'true or false')
  return { variant, timeAttr, metric, mode, maxT, gracePeriod, reductionFactor, brackets, stopLastTrials }
}

/** Lists the rung levels of each bracket. */
export function layOutBrackets(options: ResolvedASHAOptions): number[][] {
  return Array.from({ length: options.brackets }, (_, bracket) => rungLevels(options, bracket))
}

function check(holds: boolean, option: string, value: unknown, remedy: string): void {
  if (!holds) throw invalid(`${option} is ${show(value)}; make it ${remedy}`)
}

function invalid(what: string): TuneError {
  return new TuneError('INVALID_OPTION', `ASHAScheduler: ${what}`)
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value > 0
}
