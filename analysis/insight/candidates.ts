import type { Rng } from '../../src/rng.js'
import { canonical, type KnownSpace } from './known-space.js'

/** Points at random all over the space. @returns canonical ones */
export function pointsAnywhere(known: KnownSpace, count: number, rng: Rng): Float64Array[] {
  const d = known.space.dimensions.length
  return Array.from({ length: count }, () =>
    canonical(
      known,
      Float64Array.from({ length: d }, () => rng.uniform()),
    ),
  )
}

/**
 * Points near others: some coordinates moved by a normal step, choices seldom made anew.
 *
 * @param count - for each of them
 * @param deviation - of a step, as a share of the range
 */
export function pointsNear(
  known: KnownSpace,
  centres: readonly Float64Array[],
  count: number,
  deviation: number,
  rng: Rng,
): Float64Array[] {
  const { dimensions } = known.space
  const rate = Math.max(0.3, 1 / known.varying.length)
  return centres.flatMap(centre =>
    Array.from({ length: count }, () => {
      const moved = centre.map((unit, index) => {
        const isChoice = dimensions[index]?.type === 'categorical'
        // what the centre does not have is drawn anew, in case a choice brings it in
        if (Number.isNaN(unit)) return rng.uniform()
        if (rng.uniform() > (isChoice ? 0.15 : rate)) return unit
        return isChoice ? rng.uniform() : Math.min(1, Math.max(0, unit + deviation * rng.normal()))
      })
      return canonical(known, moved)
    }),
  )
}
