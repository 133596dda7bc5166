import { pairwiseSum } from '../math/pairwise-sum.js'

/** Computes the standard deviation of a population, to the same bits as numpy's `std`; NaN when a value is not finite. */
export function standardDeviation(values: readonly number[]): number {
  const mean = pairwiseSum(values) / values.length
  const squares = values.map(value => (value - mean) * (value - mean))
  return Math.sqrt(pairwiseSum(squares) / squares.length)
}
