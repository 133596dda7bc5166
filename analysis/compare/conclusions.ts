import { formatNumber, plural } from '../../src/results/text.js'
import type { Comparison } from './comparison.js'
import { formatP } from './format-p.js'
import { groupBy } from './group.js'
import type { PairComparison } from './pairs.js'
import type { Budget } from './problem.js'

/** Says in plain sentences what a comparison shows, and what it does not. */
export function conclude(comparison: Comparison): string[] {
  const { design, blocks, friedman, pairs, summaries } = comparison
  const { strategies, problems, repeats, alpha } = design
  const sentences = [
    `${strategies.length} strategies, ${plural(problems.length, 'problem')} and ${plural(repeats, 'seed')} make ${plural(blocks.length, 'block')} in which each has a study of ${describeBudget(design.budget)}. What follows holds for these problems and this budget.`,
  ]
  const wanted = problems.length * repeats
  if (blocks.length < wanted)
    sentences.push(
      `${wanted - blocks.length} of ${plural(wanted, 'block')} are not complete and left out: run the comparison again to finish them.`,
    )
  const failures = summaries.filter(summary => summary.failures > 0)
  for (const { strategy, problem, failures: count } of failures)
    sentences.push(
      `${strategy} found no finite value in ${count === 1 ? '1 study' : `${count} studies`} on ${problem}; they rank last.`,
    )
  if (friedman === undefined) {
    sentences.push('Fewer than two blocks allow no test: nothing can be said about which strategy is better.')
    return sentences
  }
  const isTwo = strategies.length === 2
  const differ = friedman.pValue <= alpha
  if (!isTwo) {
    const test = `Friedman’s test, F = ${formatNumber(friedman.f)}, p ${formatP(friedman.pValue)}`
    if (!differ) {
      sentences.push(
        `No difference between the strategies is shown (${test}). That is no proof that there is none: with more seeds one may be found.`,
      )
      return [...sentences, ...powerNote(pairs, alpha)]
    }
    sentences.push(`The strategies are not all alike (${test}).`)
  }
  const claims = pairs.filter(pair => pair.better !== undefined)
  sentences.push(...winnersOf(claims, pairs.length))
  if (claims.length === 0) {
    const why =
      pairs.length > 1 ? 'But of no two of them a difference is shown' : 'No difference between the two is shown'
    sentences.push(
      `${why} (the least ${pText(pairs.length)} is ${formatNumber(leastP(pairs))}), which is no proof that there is none.`,
    )
  }
  sentences.push(...powerNote(pairs, alpha), ...undecided(comparison, claims))
  return sentences
}

/** One sentence for each strategy that is shown to be better than others. */
function winnersOf(claims: readonly PairComparison[], count: number): string[] {
  return [...groupBy(claims, ({ better }) => better ?? '')].map(([winner, own]) => {
    const beaten = own.map(({ first, second }) => (first === winner ? second : first))
    const largest = own.reduce((most, { adjustedP }) => Math.max(most, adjustedP), 0)
    return `${winner} ended better than ${list(beaten)} (Wilcoxon’s signed-rank test, ${pText(count)} ${own.length > 1 ? formatP(largest).replace('=', 'at most') : formatP(largest)}).`
  })
}

/** What stands between the best ranked and those that are not shown to be worse. */
function undecided({ ranks, pairs }: Comparison, claims: readonly PairComparison[]): string[] {
  const best = ranks[0]?.strategy ?? ''
  const open = pairs.filter(pair => pair.first === best && pair.better === undefined)
  if (claims.length === 0 || open.length === 0) return []
  const names = list(open.map(({ second }) => second))
  return [
    `${best} has the best mean rank, but is not shown to be better than ${names}: these may be as good, or better.`,
  ]
}

/** Warns where so few blocks can show nothing, whatever they hold. */
function powerNote(pairs: readonly PairComparison[], alpha: number): string[] {
  if (pairs.some(({ leastAdjustedP }) => leastAdjustedP <= alpha)) return []
  const needed = Math.ceil(1 + Math.log2(pairs.length / alpha))
  return [`Too few blocks differ for a test to show anything: a pair needs at least ${needed} that are not tied.`]
}

/** A budget for people. */
export function describeBudget({ trials, iterations, seconds }: Budget): string {
  const limits = [
    ...(trials === undefined ? [] : [plural(trials, 'trial')]),
    ...(iterations === undefined ? [] : [plural(iterations, 'iteration')]),
    ...(seconds === undefined ? [] : [`${formatNumber(seconds)} seconds`]),
  ]
  if (limits.length === 0) return 'an unknown budget'
  return limits.length > 1 ? `at most ${list(limits)}` : limits.join('')
}

function pText(pairs: number): string {
  return pairs > 1 ? 'p after Holm’s correction' : 'p'
}

function leastP(pairs: readonly PairComparison[]): number {
  return pairs.reduce((least, { adjustedP }) => Math.min(least, adjustedP), 1)
}

function list(items: readonly string[]): string {
  return items.length > 1 ? `${items.slice(0, -1).join(', ')} and ${items.at(-1)}` : (items[0] ?? '')
}
