import { existsSync, readFileSync } from 'node:fs'
import { it } from 'vitest'

/** What Ray Tune 2.58.0 does in schedulers and stoppers, observed by running it. */
export interface RayTuneFacts {
  readonly hyperband_brackets: readonly {
    readonly max_t: number
    readonly eta: number
    readonly brackets: readonly {
      readonly s: number
      readonly n0: number
      readonly r0: number
      /** [trials, level] of each round. */
      readonly rounds: readonly (readonly [number, number])[]
    }[]
    readonly total_trials: number
  }[]
  readonly asha_milestones: readonly {
    readonly max_t: number
    readonly grace: number
    readonly rf: number
    readonly brackets: number
    /** Of each bracket, highest first. */
    readonly milestones: readonly (readonly number[])[]
    readonly bracket_probs: readonly number[]
  }[]
  readonly asha_traces: readonly {
    readonly cfg: { readonly max_t: number; readonly grace_period: number; readonly reduction_factor: number }
    readonly mode: 'min' | 'max'
    /** [trial, training_iteration, value, decision] */
    readonly events: readonly (readonly [number, number, number, string])[]
    /** [milestone, cut-off], highest first. */
    readonly cutoffs: readonly (readonly [number, number])[]
  }[]
  readonly nanpercentile: readonly {
    readonly values: readonly number[]
    readonly rf: number
    readonly cutoff: number
  }[]
  readonly median_stopping: readonly {
    readonly cfg: {
      readonly grace_period: number
      readonly min_samples_required: number
      readonly hard_stop: boolean
      readonly mode: 'min' | 'max'
    }
    /** ['r' for a result, trial, time, value, decision] */
    readonly events: readonly (readonly [string, number, number, number, string])[]
  }[]
  /** [value, whether it stops], with num_results 4, std 0.01 and grace_period 4. */
  readonly trial_plateau: readonly (readonly [number, boolean])[]
  /** [value, whether it stops], with top 3, std 0.001, mode min and patience 0. */
  readonly experiment_plateau: readonly (readonly [number, boolean])[]
  /** Whether max_iter 3 stops at each of the first calls. */
  readonly max_iter: readonly boolean[]
}

const file = new URL('../../../../shared/conformance/ray-tune-2.58.json', import.meta.url)

/**
 * Declares a test against the shared record of Ray Tune; skipped where a checkout stands without it.
 *
 * @param section - the part of the record that it is about
 */
export function itHolds<K extends keyof RayTuneFacts>(
  what: string,
  section: K,
  check: (facts: RayTuneFacts[K]) => void,
): void {
  it(what, ({ skip, expect }) => {
    if (!existsSync(file)) return skip('../shared/conformance/ray-tune-2.58.json is not there')
    const facts: RayTuneFacts = JSON.parse(readFileSync(file, 'utf8'))
    expect(facts[section].length, `${section} of the record`).toBeGreaterThan(0)
    check(facts[section])
  })
}
