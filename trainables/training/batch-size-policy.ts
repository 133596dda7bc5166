import { configCheck } from '../kit/check-config.js'
import type { RunPosition } from './learning-rate-schedule.js'
import { checkUpper, triangle, unknownKind, wholePeriods } from './plans.js'

/** A batch size over a run, as data; sizes are integers ≥ 1, times are in epochs, which may be fractions. */
export type BatchSizePolicy =
  /** The same all the time. */
  | { readonly kind: 'constant'; readonly size: number }
  /**
   * Is multiplied by `factor` after each `every` epochs, up to `upper`: what lowering the learning rate does, with fewer steps: Smith,
   * Kindermans, Ying and Le, "Don't Decay the Learning Rate, Increase the Batch Size", 2018.
   */
  | {
      readonly kind: 'step'
      readonly size: number
      readonly every: number
      readonly factor: number
      readonly upper: number
    }
  /** Rises from `lower` to `upper` in `halfCycle` epochs, evenly on a logarithmic scale, and falls back in as many, again and again. */
  | { readonly kind: 'cyclical'; readonly lower: number; readonly upper: number; readonly halfCycle: number }

/** The batch size at a point of a run, rounded to an integer. */
export function batchSizeAt(policy: BatchSizePolicy, { epoch }: Pick<RunPosition, 'epoch'>): number {
  switch (policy.kind) {
    case 'constant':
      return policy.size
    case 'step':
      return Math.round(Math.min(policy.upper, policy.size * policy.factor ** wholePeriods(epoch, policy.every)))
    case 'cyclical':
      return Math.round(policy.lower * (policy.upper / policy.lower) ** triangle(epoch, policy.halfCycle))
  }
}

/**
 * Checks a policy.
 *
 * @throws TuneError `INVALID_CONFIG` that names the field, its value and what it may be
 */
export function checkBatchSizePolicy(policy: BatchSizePolicy): void {
  switch (policy.kind) {
    case 'constant':
      configCheck(policy).count(1, 'size')
      return
    case 'step': {
      const check = configCheck(policy)
      check.count(1, 'size', 'upper')
      check.positive('every', 'factor')
      return
    }
    case 'cyclical': {
      const check = configCheck(policy)
      check.count(1, 'lower', 'upper')
      check.positive('halfCycle')
      checkUpper(policy)
      return
    }
    default:
      throw unknownKind(policy, ['constant', 'step', 'cyclical'])
  }
}
