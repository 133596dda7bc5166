/** What became of the search in a trust region; a fold of the observations. */
export interface RegionState {
  /** The side of the region, as a share of the unit cube's, before dimensions are weighed. */
  readonly length: number
  /** How many observations in a row were better than all before, and how many were not. */
  readonly successes: number
  readonly failures: number
  /** The best result of this region; Infinity if it has none. */
  readonly best: number
  /** Where in the history this region begins: earlier observations are those of regions that were given up. */
  readonly begin: number
}

const firstLength = 0.8
const longest = 1.6
const shortest = 2 ** -7

/** How many successes in a row make a region grow. */
const successesToGrow = 3

/** By how much, relative to the best, a result must be better to be a success. */
const leastGain = 1e-3

/** A region of the greatest size. */
export function beginRegion(begin: number): RegionState {
  return { length: firstLength, successes: 0, failures: 0, best: Number.POSITIVE_INFINITY, begin }
}

/**
 * Takes in an observation.
 *
 * @param value - its result, smaller is better; NaN if it failed
 * @param index - its place in the history
 * @param startup - how many observations of each region fill the space, and are neither successes nor failures
 * @param patience - after how many failures in a row the region shrinks
 * @returns the region after it: a new one, beginning behind it, if it has shrunk to nothing
 * @see Eriksson et al., Scalable Global Optimization via Local Bayesian Optimization, NeurIPS 2019, section 2
 */
export function advanceRegion(
  state: RegionState,
  value: number,
  index: number,
  startup: number,
  patience: number,
): RegionState {
  const bar = Number.isFinite(state.best) ? state.best - leastGain * Math.abs(state.best) : state.best
  const isSuccess = value < bar
  const best = value < state.best ? value : state.best
  if (index - state.begin < startup) return { ...state, best }
  let { length, successes, failures } = state
  if (isSuccess) {
    successes++
    failures = 0
  } else {
    failures++
    successes = 0
  }
  if (successes === successesToGrow) {
    length = Math.min(longest, 2 * length)
    successes = 0
  }
  if (failures === patience) {
    length /= 2
    failures = 0
  }
  if (length < shortest) return beginRegion(index + 1)
  return { ...state, best, length, successes, failures }
}

/** The ends of an interval around a coordinate, cut off at the ends of the unit interval. */
export function sideOf(
  centre: number,
  length: number,
  weight: number,
): { readonly lower: number; readonly upper: number } {
  const half = 0.5 * length * weight
  return { lower: Math.max(0, centre - half), upper: Math.min(1, centre + half) }
}

/** How much longer or shorter than the others each side is: in proportion to length scales, with the volume kept. */
export function weighSides(lengthScales: ArrayLike<number>): Float64Array {
  const scales = Float64Array.from(lengthScales)
  let sum = 0
  for (const scale of scales) sum += Math.log(scale)
  const typical = Math.exp(sum / scales.length)
  return scales.map(scale => scale / typical)
}
