import { TRAINING_ITERATION } from '../../src/trial.js'
import { SchedulerChecks, type TargetOptions } from '../kit/options.js'
import type { TargetChoice } from '../kit/target.js'

/** Options of {@link MedianStoppingRule}. */
export interface MedianStoppingOptions extends TargetOptions {
  /**
   * No trial is judged before that time, in units of `timeAttr`, and running means leave out what was reported earlier; from 0.
   *
   * @defaultValue 1
   */
  readonly gracePeriod?: number
  /**
   * How many other trials must have come as far for a trial to be judged; a whole number from 1.
   *
   * @defaultValue 3
   */
  readonly minSamplesRequired?: number
  /**
   * How long, in units of `timeAttr`, a trial runs before it makes room for others while it can't be judged because too few have come as
   * far; from 0, Infinity for never. Each time costs a pause.
   *
   * @defaultValue Infinity
   */
  readonly minTimeSlice?: number
  /**
   * Whether a trial below the median is stopped; else it is paused, and runs on, judged no more, when no other trial wants its place.
   *
   * @defaultValue true
   */
  readonly hardStop?: boolean
}

/** The options with defaults in place of what was left out. */
export interface ResolvedOptions extends Required<Omit<MedianStoppingOptions, 'metric' | 'mode'>>, TargetChoice {}

const known: readonly string[] = [
  'timeAttr',
  'metric',
  'mode',
  'gracePeriod',
  'minSamplesRequired',
  'minTimeSlice',
  'hardStop',
] satisfies (keyof MedianStoppingOptions)[]

/** Checks the options and fills in the defaults; throws `INVALID_OPTION` with the value and what to write instead. */
export function resolveOptions(owner: string, options: MedianStoppingOptions): ResolvedOptions {
  const checks = new SchedulerChecks(owner)
  checks.knows(options, known)
  const {
    timeAttr = TRAINING_ITERATION,
    metric,
    mode,
    gracePeriod = 1,
    minSamplesRequired = 3,
    minTimeSlice = Number.POSITIVE_INFINITY,
    hardStop = true,
  } = options
  checks.target({ ...options, timeAttr })
  checks.number('gracePeriod', gracePeriod, { least: 0 })
  checks.integer('minSamplesRequired', minSamplesRequired, 1)
  checks.that(
    typeof minTimeSlice === 'number' && minTimeSlice >= 0,
    'minTimeSlice',
    minTimeSlice,
    'a number of at least 0',
  )
  checks.flag('hardStop', hardStop)
  return { timeAttr, metric, mode, gracePeriod, minSamplesRequired, minTimeSlice, hardStop }
}
