/** What lays out the rungs of a bracket. */
export interface RungPlan {
  readonly gracePeriod: number
  readonly reductionFactor: number
  readonly maxT: number
}

/** How far a product of rounded factors may miss `maxT` and still be meant to reach it. */
const tolerance = 1e-12

/**
 * Lists the times at which trials of a bracket are judged: `gracePeriod · reductionFactor^(k + bracket)` up to and with `maxT`.
 *
 * The powers are multiplied out, which is exact for whole numbers. Ray Tune counts them with logarithms, and so loses the rung at 1000
 * when maxT is 1000 and reductionFactor 10.
 *
 * @param bracket - from 0; each bracket leaves out one more of the lowest rungs
 * @returns the times, ascending; none when even the lowest lies past `maxT`
 */
export function rungLevels({ gracePeriod, reductionFactor, maxT }: RungPlan, bracket: number): number[] {
  const levels: number[] = []
  let level = gracePeriod
  for (let k = 0; level <= maxT * (1 + tolerance); k++) {
    if (k >= bracket) levels.push(Math.min(level, maxT))
    level *= reductionFactor
  }
  return levels
}

/** Counts the levels (ascending) that a trial has reached at a time. */
export function countReached(levels: readonly number[], time: number): number {
  let reached = levels.length
  while (reached > 0 && !(time >= (levels[reached - 1] ?? Number.NaN))) reached--
  return reached
}

/** The least useful number above a time: the grant of a trial whose very next report may be decided about. */
export function justAfter(time: number): number {
  return time + Math.max(Math.abs(time), 1) * Number.EPSILON
}
