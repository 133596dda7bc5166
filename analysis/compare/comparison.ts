import { show } from '../../src/errors.js'
import { type JsonObject, type Mode, TuneError } from '../../src/index.js'
import { type FriedmanResult, friedmanTest } from '../statistics/friedman.js'
import { criticalDifference, rankGroups } from '../statistics/nemenyi.js'
import { type Block, meanRanksOf, toBlocks } from './blocks.js'
import { conclude } from './conclusions.js'
import { type Axis, type BestSoFarCurve, bestSoFar, curveGrid } from './curves.js'
import { toJson } from './json.js'
import { MedianBootstrap } from './median-bootstrap.js'
import { comparePairs, type PairComparison } from './pairs.js'
import type { Budget } from './problem.js'
import { type StrategySummary, summarize } from './summary.js'
import { toMarkdown, toTable } from './tables.js'
import { finalValue, type StudyTrace } from './trace.js'

/** What was compared, and how. */
export interface ComparisonDesign {
  /** Their names, in the order in which they were given. */
  readonly strategies: readonly string[]
  /** Their names, likewise. */
  readonly problems: readonly string[]
  /** What all problems report. */
  readonly metric: string
  /** Whether small or large values of it are better. */
  readonly mode: Mode
  /** How many studies each strategy was to have on each problem. */
  readonly repeats: number
  /** What each study could spend. */
  readonly budget: Budget
  /** What the seeds of the repeats were derived from. */
  readonly seed: number
  /** The best known value of each problem that has one. */
  readonly optima: Readonly<Record<string, number>>
  /** How likely at most any claim may be wrong, where strategies are alike; in (0, 1). */
  readonly alpha: number
}

/** Nemenyi's test, which goes by mean ranks alone: what a critical-difference diagram shows. */
export interface CriticalDifference {
  /** Mean ranks that are this far apart differ, at the comparison's level. */
  readonly difference: number
  /** The largest groups of strategies whose mean ranks are not that far apart, best first. */
  readonly groups: readonly (readonly string[])[]
}

/**
 * What comparing strategies came to. A problem with a seed is a block, in which each strategy has one study; strategies are ranked by their
 * final values within blocks. A study's final value is the best finite one that it reported; a study without any ranks last.
 *
 * A difference is claimed in two steps, so that the level holds for all claims together: Friedman's test (left out for two strategies) must find that not all are
 * alike, then Wilcoxon's signed-rank test of each pair must, after Holm's correction.
 */
export class Comparison {
  /** What was compared, and with which budget. */
  readonly design: ComparisonDesign
  /** All studies that ended. */
  readonly traces: readonly StudyTrace[]
  /** The strategies' final values in each problem and repeat that has all of them. */
  readonly blocks: readonly Block[]
  /** The mean rank of each strategy over all blocks, 1 being best, the best one first; empty without a block. */
  readonly ranks: readonly { readonly strategy: string; readonly meanRank: number }[]
  /** The test whether all strategies are alike; undefined for fewer than two blocks. */
  readonly friedman: FriedmanResult | undefined
  /** Each pair of strategies, the better ranked first; empty for fewer than two blocks. */
  readonly pairs: readonly PairComparison[]
  /** How each strategy did on each problem, in the order of problems, then of ranks. */
  readonly summaries: readonly StrategySummary[]
  /** What can be said, in plain sentences; none says more than the tests do. */
  readonly conclusions: readonly string[]
  readonly #bootstrap: MedianBootstrap
  readonly #curves = new Map<string, BestSoFarCurve>()

  constructor(traces: readonly StudyTrace[], design: ComparisonDesign) {
    const { strategies, problems, mode, alpha, seed, optima } = design
    this.traces = traces
    this.design = design
    this.#bootstrap = new MedianBootstrap(seed)
    this.blocks = toBlocks(traces, problems, strategies, mode)
    const canTest = this.blocks.length >= 2
    this.friedman = canTest ? friedmanTest(this.blocks.map(({ losses }) => losses)) : undefined
    const meanRanks = meanRanksOf(this.blocks)
    const order = meanRanks.map((_, i) => i).sort((a, b) => (meanRanks[a] ?? 0) - (meanRanks[b] ?? 0) || a - b)
    this.ranks = order.map(column => ({ strategy: strategies[column] ?? '', meanRank: meanRanks[column] ?? 0 }))
    const mayClaim = strategies.length === 2 || (this.friedman?.pValue ?? 1) <= alpha
    this.pairs = canTest ? comparePairs(this.blocks, strategies, order, mayClaim ? alpha : 0, this.#bootstrap) : []
    const ranksOn = new Map(
      problems.map(problem => [problem, meanRanksOf(this.blocks.filter(block => block.problem === problem))]),
    )
    const sequence = order.length > 0 ? this.ranks.map(({ strategy }) => strategy) : strategies
    this.summaries = problems.flatMap(problem =>
      sequence.flatMap(strategy => {
        const own = this.#tracesOf(strategy, problem)
        if (own.length === 0) return []
        const key = { problem, strategy, meanRank: ranksOn.get(problem)?.[strategies.indexOf(strategy)] }
        const finals = own.map(trace => finalValue(trace, mode))
        return [summarize(key, own, finals, optima[problem], this.#bootstrap)]
      }),
    )
    this.conclusions = conclude(this)
  }

  /** What mean ranks alone tell; undefined for fewer than two blocks. */
  get nemenyi(): CriticalDifference | undefined {
    const { strategies, alpha } = this.design
    const { friedman } = this
    return friedman && groupRanks(strategies, friedman.meanRanks, friedman.blocks, alpha)
  }

  /**
   * The best value so far of a strategy on a problem, as the median over its studies with bands.
   *
   * @throws `TuneError` `INVALID_OPTION` for a strategy or problem that is not among those compared
   */
  curve(strategy: string, problem: string, axis: Axis = 'iterations'): BestSoFarCurve {
    const id = JSON.stringify([strategy, problem, axis])
    const held = this.#curves.get(id)
    if (held) return held
    checkName('strategy', strategy, this.design.strategies)
    checkName('problem', problem, this.design.problems)
    const x = curveGrid(
      this.traces.filter(trace => trace.problem === problem),
      axis,
    )
    const own = this.#tracesOf(strategy, problem)
    if (own.length === 0)
      throw new TuneError(
        'NO_RESULT',
        `no study of ${show(strategy)} on ${show(problem)} has ended: go on with the comparison first`,
      )
    const curve = bestSoFar(own, { strategy, problem, axis }, x, this.design.mode, this.#bootstrap)
    this.#curves.set(id, curve)
    return curve
  }

  /** A text for people: what each strategy came to, and the conclusions. */
  toTable(): string {
    return toTable(this)
  }

  /** The same as {@link Comparison.toTable}. */
  toString(): string {
    return this.toTable()
  }

  /** The tables and conclusions as Markdown, with each pair and its test. */
  toMarkdown(): string {
    return toMarkdown(this)
  }

  /** Everything but the single reports as plain JSON; numbers that JSON lacks, such as the value of a study that found none, are null. */
  toJson(): JsonObject {
    return toJson(this)
  }

  #tracesOf(strategy: string, problem: string): StudyTrace[] {
    return this.traces.filter(trace => trace.strategy === strategy && trace.problem === problem)
  }
}

function groupRanks(
  strategies: readonly string[],
  meanRanks: readonly number[],
  blocks: number,
  alpha: number,
): CriticalDifference {
  const difference = criticalDifference(strategies.length, blocks, alpha)
  const groups = rankGroups(meanRanks, difference)
  return { difference, groups: groups.map(group => group.map(column => strategies[column] ?? '')) }
}

function checkName(kind: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return
  const names = known.map(show).join(', ')
  throw new TuneError('INVALID_OPTION', `curve: the ${kind} is ${show(name)}: give one of ${names}`)
}
