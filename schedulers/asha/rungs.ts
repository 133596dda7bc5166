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

/**
 * Computes how likely a trial is to join each bracket: proportional to e^(number of rungs), as in Ray Tune.
 *
 * @param rungCounts - the number of rungs of each bracket
 * @returns probabilities that add up to 1
 */
export function bracketProbabilities(rungCounts: readonly number[]): number[] {
  const most = Math.max(...rungCounts)
  const weights = rungCounts.map(count => Math.exp(count - most))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map(weight => weight / total)
}

/** Picks the bracket in whose share of [0, 1) the number `u` falls. */
export function pickBracket(probabilities: readonly number[], u: number): number {
  let sum = 0
  for (const [bracket, probability] of probabilities.entries()) {
    sum += probability
    if (u < sum) return bracket
  }
  // the shares may add up to a rounding error less than 1
  return probabilities.length - 1
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

/**
 * Interpolates between two numbers as numpy's percentiles do: from the nearer end, so that `t` = 0 gives `low` and 1 gives `high`.
 *
 * @param low - may be −Infinity, which then is the result
 * @see numpy, `lib/_function_base_impl.py`, `_lerp`
 */
export function interpolate(low: number, high: number, t: number): number {
  if (low === high || low === Number.NEGATIVE_INFINITY) return low
  const difference = high - low
  if (!Number.isFinite(difference)) return low * (1 - t) + high * t
  return t < 0.5 ? low + difference * t : high - difference * (1 - t)
}
