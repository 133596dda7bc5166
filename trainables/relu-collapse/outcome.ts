/** Where the target |x| is learnt: on [−√3, √3], which has variance 1. */
export const domainEnd = Math.sqrt(3)

/** Places that are evenly spread over the domain, ends included; an even number, so that as many are on either side of 0. */
export function evenPlaces(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => domainEnd * ((2 * i) / (count - 1) - 1))
}

/**
 * What has become of a network that was to learn |x|: it learnt both branches, it is `constant` (collapsed to the mean), it is constant on one side of 0
 * alone (`half`), or it became something else.
 *
 * @see Lu, Shin, Su and Karniadakis 2020, figure 1
 */
export const collapseOutcomes = ['learnt', 'half', 'constant', 'other'] as const

/** One of them. */
export type CollapseOutcome = (typeof collapseOutcomes)[number]

/** What a curve may vary by and count as constant, as a share of the target's range. */
const flatShare = 0.05
/** The root-mean-square error up to which a network counts as having learnt, as a share of the target's range. */
const learntShare = 0.1

/**
 * Tells a network's outcome from its curve.
 *
 * @param curve - its outputs at places that divide the domain evenly, NaN once it has diverged
 */
export function outcomeOf(curve: Float64Array): CollapseOutcome {
  const places = evenPlaces(curve.length)
  if (isFlat(curve)) return 'constant'
  const middle = curve.length >> 1
  const sides = [
    [0, middle],
    [middle, curve.length],
  ] as const
  if (sides.some(([from, to]) => isFlat(curve.subarray(from, to)))) return 'half'
  return rootMeanSquareError(curve, places) < learntShare * domainEnd ? 'learnt' : 'other'
}

/** The root-mean-square error of a curve against |x|. */
export function rootMeanSquareError(curve: Float64Array, places: Float64Array): number {
  const sum = curve.reduce((total, value, i) => total + (value - Math.abs(places[i] ?? 0)) ** 2, 0)
  return Math.sqrt(sum / curve.length)
}

function isFlat(values: Float64Array): boolean {
  return Math.max(...values) - Math.min(...values) < flatShare * domainEnd
}
