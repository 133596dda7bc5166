import type { Interval } from '../statistics/bootstrap.js'
import { probabilityOfLarger } from '../statistics/effect-size.js'
import { holmCorrection } from '../statistics/holm.js'
import { signedRankTest } from '../statistics/wilcoxon.js'
import { type Block, spreadOf } from './blocks.js'
import { groupBy } from './group.js'
import { type MedianBootstrap, medianOf } from './median-bootstrap.js'

/** Two strategies compared, by their final values in the same blocks. */
export interface PairComparison {
  /** The one of the smaller mean rank. */
  readonly first: string
  /** The name of the other strategy. */
  readonly second: string
  /** In how many blocks the first ended better, the same, and worse. */
  readonly wins: number
  /** In how many blocks both ended with the same value. */
  readonly ties: number
  /** In how many blocks the second ended better. */
  readonly losses: number
  /** Of Wilcoxon's signed-rank test, two-sided. */
  readonly pValue: number
  /** The same after Holm's correction for all pairs. */
  readonly adjustedP: number
  /** The least corrected p-value that is possible with so many blocks that are not tied. */
  readonly leastAdjustedP: number
  /** The matched-pairs rank-biserial correlation, in [−1, 1]: 1 where the first is always better. */
  readonly rankBiserial: number
  /** How likely a study of the first ends better than one of the second with another seed, ties counting half: Vargha and Delaney's A₁₂. */
  readonly probabilityOfBetter: number
  /** The median over the blocks of how much better the first ended, in `advantageUnit`, with its 95 % bootstrap interval (not corrected). */
  readonly advantage: Interval & { readonly median: number }
  /** The metric's own unit, or with several problems the spread of each (the range of the middle half of all final values on it). */
  readonly advantageUnit: 'metric' | 'spread'
  /** The one that the tests show to be better; undefined if they show no difference, which is no proof that there is none. */
  readonly better: string | undefined
}

/**
 * Compares each pair of strategies.
 *
 * @param order - columns of the strategies, by mean rank
 * @param alpha - the level for all pairs together; 0 to claim nothing
 */
export function comparePairs(
  blocks: readonly Block[],
  names: readonly string[],
  order: readonly number[],
  alpha: number,
  bootstrap: MedianBootstrap,
): PairComparison[] {
  const byProblem = groupBy(blocks, ({ problem }) => problem)
  const unit = byProblem.size > 1 ? 'spread' : 'metric'
  const scales = new Map([...byProblem].map(([problem, own]) => [problem, unit === 'metric' ? 1 : spreadOf(own)]))
  const columns = order.flatMap((first, i) => order.slice(i + 1).map(second => [first, second] as const))
  const pairs = columns.map(([first, second]) => {
    const differences = Float64Array.from(blocks, ({ losses, problem }) =>
      advantageOf(losses[first] ?? Number.NaN, losses[second] ?? Number.NaN, scales.get(problem) ?? 1),
    )
    const overProblems = [...byProblem.values()].map(own => {
      const column = (index: number) => own.map(({ losses }) => losses[index] ?? Number.NaN)
      return probabilityOfLarger(column(second), column(first))
    })
    return {
      first: names[first] ?? '',
      second: names[second] ?? '',
      differences,
      test: signedRankTest(differences),
      probability: overProblems.reduce((sum, each) => sum + each, 0) / overProblems.length,
    }
  })
  const adjusted = holmCorrection(pairs.map(({ test }) => test.pValue))
  return pairs.map(({ first, second, differences, test, probability }, i) => {
    const adjustedP = adjusted[i] ?? 1
    const isShown = adjustedP <= alpha && test.rankBiserial !== 0
    return {
      first,
      second,
      wins: differences.filter(difference => difference > 0).length,
      ties: differences.length - test.count,
      losses: differences.filter(difference => difference < 0).length,
      pValue: test.pValue,
      adjustedP,
      leastAdjustedP: Math.min(1, test.leastP * pairs.length),
      rankBiserial: test.rankBiserial,
      probabilityOfBetter: probability,
      advantage: { median: medianOf(differences), ...bootstrap.intervalOf(differences) },
      advantageUnit: unit,
      better: isShown ? (test.rankBiserial > 0 ? first : second) : undefined,
    }
  })
}

/** By how much the first loss is smaller; two studies that found nothing are the same. */
function advantageOf(first: number, second: number, scale: number): number {
  return first === second ? 0 : (second - first) / scale
}
