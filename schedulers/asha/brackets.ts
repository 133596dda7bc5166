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
