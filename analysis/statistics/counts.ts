import { bisect, gammaln } from 'simple-statistics'
import { checkThat } from './check.js'
import { betaShare, chiSquaredTail } from './tails.js'

/**
 * Fisher's exact test, one-sided: how likely at least so many of the marked ones are in a drawn part, if which ones are drawn has nothing to do with
 * the marks.
 *
 * @param hits - marked ones in the part, an integer from 0
 * @param part - the size of the part
 * @param marked - how many are marked in all
 * @param total - how many there are in all
 * @throws `TuneError` `INVALID_OPTION` for counts that can't be
 * @see SciPy's `stats.fisher_exact(alternative='greater')`, `stats.hypergeom.sf(hits - 1, total, marked, part)`
 */
export function fisherExactP(hits: number, part: number, marked: number, total: number): number {
  return Math.exp(logFisherExactP(hits, part, marked, total))
}

/** The logarithm of {@link fisherExactP}, which tells apart what is too unlikely for a number. */
export function logFisherExactP(hits: number, part: number, marked: number, total: number): number {
  for (const [name, count] of Object.entries({ hits, part, marked, total }))
    checkThat(Number.isSafeInteger(count) && count >= 0, name, count, 'an integer from 0')
  checkThat(part <= total && marked <= total, 'total', total, 'no less than each part')
  checkThat(hits <= Math.min(part, marked), 'hits', hits, 'no more than the part and the marked ones have')
  if (hits <= Math.max(0, part + marked - total)) return 0
  const most = Math.min(part, marked)
  const terms = Float64Array.from({ length: most - hits + 1 }, (_, i) => logChance(hits + i, part, marked, total))
  const largest = terms.reduce((a, b) => Math.max(a, b))
  // from the far end inwards, so that small terms are summed first
  const sum = terms.reduceRight((rest, term) => rest + Math.exp(term - largest), 0)
  return Math.min(0, largest + Math.log(sum))
}

function logChance(hits: number, part: number, marked: number, total: number): number {
  return logChoose(marked, hits) + logChoose(total - marked, part - hits) - logChoose(total, part)
}

/**
 * How likely at least so many of n independent tries succeed.
 *
 * @param successes - an integer from 0 to n
 * @param chance - of each, in [0, 1]
 * @see SciPy's `stats.binom.sf(successes - 1, n, chance)`
 */
export function binomialTail(successes: number, n: number, chance: number): number {
  if (successes <= 0) return 1
  if (successes > n) return 0
  return betaShare(chance, successes, n - successes + 1)
}

/**
 * The exact interval of Clopper and Pearson for a share, of which so many of n were found.
 *
 * @param level - how likely such intervals hold the true share, at least; in (0, 1). @defaultValue 0.95
 * @see SciPy's `stats.binomtest(successes, n).proportion_ci()`
 */
export function binomialInterval(
  successes: number,
  n: number,
  level = 0.95,
): { readonly lower: number; readonly upper: number } {
  const rest = (1 - level) / 2
  const solve = (f: (share: number) => number) => bisect(f, 0, 1, 200, 1e-13)
  return {
    lower: successes === 0 ? 0 : solve(share => binomialTail(successes, n, share) - rest),
    upper: successes === n ? 1 : solve(share => rest - (1 - binomialTail(successes + 1, n, share))),
  }
}

/**
 * The value that χ² exceeds with probability `tail`.
 *
 * @see SciPy's `stats.chi2.isf`
 */
export function chiSquaredQuantile(tail: number, freedom: number): number {
  let end = Math.max(1, 2 * freedom)
  while (chiSquaredTail(end, freedom) > tail) end *= 2
  return bisect(x => chiSquaredTail(x, freedom) - tail, 0, end, 200, 1e-12 * end)
}

function logChoose(n: number, k: number): number {
  if (k < 0 || k > n) return Number.NEGATIVE_INFINITY
  return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
}
