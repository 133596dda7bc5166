import { quantileOfSorted } from '../statistics/bootstrap.js'

/** The median and the quartiles, infinities included. @param values - at least one */
export function quartilesOf(values: ArrayLike<number>): {
  readonly median: number
  readonly lowerQuartile: number
  readonly upperQuartile: number
} {
  const sorted = Float64Array.from(values).sort()
  const at = (share: number) => quantileOfSorted(sorted, share)
  return { median: at(0.5), lowerQuartile: at(0.25), upperQuartile: at(0.75) }
}
