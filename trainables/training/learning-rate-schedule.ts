import { configCheck } from '../kit/check-config.js'
import { checkUpper, triangle, unknownKind, wholePeriods } from './plans.js'
import { decayFactor } from './schedule.js'

/** A learning rate over a run, as data; `rate` and `upper` > 0. Times are in epochs, which may be fractions. */
export type LearningRateSchedule =
  /** The same all the time. */
  | { readonly kind: 'constant'; readonly rate: number }
  /** Falls in a straight line or half a cosine wave to 0 at the run's end. */
  | { readonly kind: 'linear' | 'cosine'; readonly rate: number }
  /** Is multiplied by `factor` (0.1 by default) after each `every` epochs. */
  | { readonly kind: 'step'; readonly rate: number; readonly every: number; readonly factor?: number | undefined }
  /** Is multiplied by `factor` each epoch, little by little. */
  | { readonly kind: 'exponential'; readonly rate: number; readonly factor: number }
  /**
   * Rises from `lower` to `upper` in `halfCycle` epochs and falls back in as many, again and again, the height of the triangles being multiplied by
   * `decay` each step: the policy `exp_range`, or `triangular` with a decay of 1, the default. Smith, "Cyclical
   * Learning Rates for Training Neural Networks", 2017, section 3, recommends half cycles of 2 to 10 epochs.
   */
  | {
      readonly kind: 'cyclical'
      readonly lower: number
      readonly upper: number
      readonly halfCycle: number
      readonly decay?: number | undefined
    }

/** Where a run stands. */
export interface RunPosition {
  /** Steps taken. */
  readonly step: number
  /** Epochs done, with fractions. */
  readonly epoch: number
  /** Epochs in all. */
  readonly epochs: number
}

/** The learning rate at a point of a run. */
export function learningRateAt(schedule: LearningRateSchedule, { step, epoch, epochs }: RunPosition): number {
  switch (schedule.kind) {
    case 'constant':
      return schedule.rate
    case 'linear':
    case 'cosine':
      return schedule.rate * decayFactor(schedule.kind, epoch / epochs)
    case 'step':
      return schedule.rate * (schedule.factor ?? 0.1) ** wholePeriods(epoch, schedule.every)
    case 'exponential':
      return schedule.rate * schedule.factor ** epoch
    case 'cyclical': {
      const height = (schedule.upper - schedule.lower) * (schedule.decay ?? 1) ** step
      return schedule.lower + height * triangle(epoch, schedule.halfCycle)
    }
  }
}

/**
 * Checks a schedule.
 *
 * @throws TuneError `INVALID_CONFIG` that names the field, its value and what it may be
 */
export function checkLearningRateSchedule(schedule: LearningRateSchedule): void {
  switch (schedule.kind) {
    case 'constant':
    case 'linear':
    case 'cosine':
      configCheck(schedule).positive('rate')
      return
    case 'step':
      configCheck({ ...schedule, factor: schedule.factor ?? 0.1 }).positive('rate', 'every', 'factor')
      return
    case 'exponential':
      configCheck(schedule).positive('rate', 'factor')
      return
    case 'cyclical':
      checkCycles(schedule)
      return
    default:
      throw unknownKind(schedule, ['constant', 'linear', 'cosine', 'step', 'exponential', 'cyclical'])
  }
}

function checkCycles(schedule: Extract<LearningRateSchedule, { readonly kind: 'cyclical' }>): void {
  const { decay = 1 } = schedule
  const check = configCheck({ ...schedule, decay })
  check.notNegative('lower')
  check.positive('halfCycle')
  check.that('decay', typeof decay === 'number' && decay > 0 && decay <= 1, 'greater than 0 and at most 1')
  checkUpper(schedule)
}
