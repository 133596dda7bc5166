import { compareNumbers } from './ranks.js'

/**
 * Adjusts p-values of several tests by Holm's step-down correction: those at most α may be claimed together with an error of at most α that any
 * of the claims is wrong, whatever depends on what.
 *
 * @returns adjusted p-values in the same order
 * @see Holm, A Simple Sequentially Rejective Multiple Test Procedure (1979); R's `p.adjust(p, 'holm')`
 */
export function holmCorrection(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => compareNumbers(pValues[a] ?? 1, pValues[b] ?? 1))
  const adjusted = pValues.map(() => 1)
  let largest = 0
  for (const [position, index] of order.entries()) {
    largest = Math.max(largest, (order.length - position) * (pValues[index] ?? 1))
    adjusted[index] = Math.min(1, largest)
  }
  return adjusted
}
