import { checkThat } from './check.js'
import { studentizedRangeQuantile, studentizedRangeTail } from './studentized-range.js'

/**
 * By how much the mean ranks of two treatments must differ for the difference to be one at level α, all pairs considered (Nemenyi's test).
 *
 * @param treatments - k, an integer from 2
 * @param blocks - in how many blocks each was ranked, an integer from 1
 * @param alpha - the level of all comparisons together, in (0, 1). @defaultValue 0.05
 * @throws `TuneError` `INVALID_OPTION`
 * @see Demšar (2006), section 3.2.2 and table 5
 */
export function criticalDifference(treatments: number, blocks: number, alpha = 0.05): number {
  checkThat(
    Number.isInteger(treatments) && treatments >= 2,
    'the number of treatments',
    treatments,
    'an integer from 2',
  )
  checkThat(Number.isInteger(blocks) && blocks >= 1, 'the number of blocks', blocks, 'an integer from 1')
  checkThat(alpha > 0 && alpha < 1, 'alpha', alpha, 'a level between 0 and 1')
  return (studentizedRangeQuantile(alpha, treatments) / Math.SQRT2) * standardError(treatments, blocks)
}

/** The p-value of Nemenyi's test for one pair, all pairs considered; O(1). @param difference - of their mean ranks */
export function nemenyiP(difference: number, treatments: number, blocks: number): number {
  const range = (Math.abs(difference) * Math.SQRT2) / standardError(treatments, blocks)
  return studentizedRangeTail(range, treatments)
}

/**
 * The largest groups of treatments that do not differ by the critical difference, as a critical-difference diagram joins them by bars.
 *
 * @param meanRanks - one for each treatment
 * @returns indices of treatments, best first; no group lies within another, and a treatment that differs from all is in none
 */
export function rankGroups(meanRanks: readonly number[], difference: number): number[][] {
  const order = meanRanks.map((_, i) => i).sort((a, b) => (meanRanks[a] ?? 0) - (meanRanks[b] ?? 0) || a - b)
  const rankAt = (position: number) => meanRanks[order[position] ?? 0] ?? Number.NaN
  const groups: number[][] = []
  let reached = 0
  for (let start = 0; start < order.length; start++) {
    let stop = start + 1
    while (stop < order.length && rankAt(stop) - rankAt(start) < difference) stop += 1
    if (stop - start > 1 && stop > reached) groups.push(order.slice(start, stop))
    reached = Math.max(reached, stop)
  }
  return groups
}

function standardError(treatments: number, blocks: number): number {
  return Math.sqrt((treatments * (treatments + 1)) / (6 * blocks))
}
