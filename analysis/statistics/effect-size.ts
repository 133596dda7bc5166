import { checkSample } from './check.js'
import { averageRanks } from './ranks.js'

/**
 * Vargha and Delaney's A₁₂: how likely a value of the first sample is larger than one of the second, ties counting half. ½ where neither is.
 *
 * @throws `TuneError` `INVALID_OPTION` for an empty sample or a NaN
 * @see Vargha and Delaney, A Critique and Improvement of the CL Common Language Effect Size Statistics (2000)
 */
export function probabilityOfLarger(first: ArrayLike<number>, second: ArrayLike<number>): number {
  checkSample('the first sample', first, 1)
  checkSample('the second sample', second, 1)
  const ranks = averageRanks([...Array.from(first), ...Array.from(second)])
  let sum = 0
  for (let i = 0; i < first.length; i++) sum += ranks[i] ?? 0
  return (sum / first.length - (first.length + 1) / 2) / second.length
}

/**
 * Cliff's δ, 2 A₁₂ − 1: how much likelier a value of the first sample is larger than one of the second than smaller; in [−1, 1].
 *
 * @throws `TuneError` `INVALID_OPTION` for an empty sample or a NaN
 * @see Cliff, Dominance Statistics (1993)
 */
export function cliffsDelta(first: ArrayLike<number>, second: ArrayLike<number>): number {
  return 2 * probabilityOfLarger(first, second) - 1
}
