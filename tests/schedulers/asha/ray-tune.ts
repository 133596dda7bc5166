import { existsSync, readFileSync } from 'node:fs'

/** What Ray Tune 2.58.0 does, observed by running it. */
export interface RayTuneFacts {
  readonly asha_milestones: readonly {
    readonly max_t: number
    readonly grace: number
    readonly rf: number
    readonly brackets: number
    /** Of each bracket, highest first. */
    readonly milestones: readonly (readonly number[])[]
    readonly bracket_probs: readonly number[]
  }[]
  readonly asha_traces: readonly RayTuneTrace[]
  readonly nanpercentile: readonly {
    readonly values: readonly number[]
    readonly rf: number
    readonly cutoff: number
  }[]
}

/** One run of Ray Tune's ASHA: what trials reported, what it decided, and its cut-offs at the end. */
export interface RayTuneTrace {
  readonly cfg: { readonly max_t: number; readonly grace_period: number; readonly reduction_factor: number }
  readonly mode: 'min' | 'max'
  /** [trial, training_iteration, value, decision] */
  readonly events: readonly (readonly [number, number, number, string])[]
  /** [milestone, cut-off], highest first. */
  readonly cutoffs: readonly (readonly [number, number])[]
}

const file = new URL('../../../../shared/conformance/ray-tune-2.58.json', import.meta.url)

/** The recorded facts, or undefined in a checkout without them. */
export const rayTune: RayTuneFacts | undefined = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
