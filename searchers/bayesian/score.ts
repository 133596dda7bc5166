import { canonicalize, keyOf } from '../kit/units.js'
import type { Acquisition } from './acquisition.js'
import type { Box } from './candidates.js'
import { bend, type Curve } from './input-warp.js'
import { type Layout, writeRow } from './layout.js'

/** What a point is to a model. */
export interface Inputs {
  readonly layout: Layout
  readonly inputWarp: readonly Curve[] | undefined
}

/** What is searched for the point that promises most. */
export interface Search extends Inputs {
  readonly acquisition: Acquisition
  readonly box: Box
  /** Whether a canonical point is not to be proposed (again). */
  readonly isTaken: (units: Float64Array) => boolean
}

/** A point with what it promises. */
export interface Place {
  /** [D], without NaN: coordinates of parameters that the config doesn't have are kept, for when it gets them. */
  readonly latent: Float64Array
  /** [D], canonical. */
  readonly units: Float64Array
  readonly score: number
}

/** Scores points of the unit cube; those that are the same config as others, or taken, are left out where configs are few. */
export function scoreAll(search: Search, latents: readonly Float64Array[]): Place[] {
  const { layout, acquisition, isTaken } = search
  const d = layout.varying.length
  const free: { latent: Float64Array; units: Float64Array }[] = []
  const seen = new Set<string>()
  for (const latent of latents) {
    const units = canonicalize(latent.slice(), layout.space)
    if (layout.isCountable) {
      const key = keyOf(units)
      if (seen.has(key) || isTaken(units)) continue
      seen.add(key)
    }
    free.push({ latent, units })
  }
  const rows = new Float64Array(free.length * d)
  for (const [i, { units }] of free.entries()) writeInputs(search, units, rows, i * d)
  const scores = acquisition.score(rows, free.length)
  return free.map((place, i) => ({ ...place, score: scores[i] ?? Number.NEGATIVE_INFINITY }))
}

/** Writes a canonical point as the model has it, with its numbers bent. */
export function writeInputs(
  { layout, inputWarp }: Inputs,
  units: ArrayLike<number>,
  row: Float64Array,
  start = 0,
): void {
  writeRow(layout, units, row, start)
  if (inputWarp === undefined) return
  for (const [j, curve] of inputWarp.entries()) row[start + j] = bend(curve, row[start + j] ?? 0)
}
