import type { Mode } from '../../src/index.js'
import { averageRanks, compareNumbers } from '../statistics/ranks.js'
import { finalValue, type StudyTrace } from './trace.js'

/** One problem with one seed, on which each strategy was tried. */
export interface Block {
  /** Its name among the problems. */
  readonly problem: string
  /** Which repeat, from 0. */
  readonly repeat: number
  /** [strategies] What each came to, in the metric's unit. */
  readonly values: Float64Array
  /** [strategies] The same with its sign turned so that smaller is better. */
  readonly losses: Float64Array
}

/** Pairs studies up; blocks that lack a strategy's study are left out. */
export function toBlocks(
  traces: readonly StudyTrace[],
  problems: readonly string[],
  strategies: readonly string[],
  mode: Mode,
): Block[] {
  const columns = new Map(strategies.map((name, column) => [name, column]))
  const rows = new Map<string, Map<number, Float64Array>>(problems.map(problem => [problem, new Map()]))
  for (const trace of traces) {
    const repeats = rows.get(trace.problem)
    const column = columns.get(trace.strategy)
    if (repeats === undefined || column === undefined) continue
    const values = repeats.get(trace.repeat) ?? new Float64Array(strategies.length).fill(Number.NaN)
    values[column] = finalValue(trace, mode)
    repeats.set(trace.repeat, values)
  }
  return problems.flatMap(problem =>
    [...(rows.get(problem) ?? [])]
      .filter(([, values]) => !values.some(Number.isNaN))
      .sort(([a], [b]) => a - b)
      .map(([repeat, values]) => ({
        problem,
        repeat,
        values,
        losses: mode === 'min' ? values : values.map(value => -value),
      })),
  )
}

/** The mean of each strategy's ranks within blocks, 1 being best; empty without a block. */
export function meanRanksOf(blocks: readonly Block[]): number[] {
  const sums = new Float64Array(blocks[0]?.losses.length ?? 0)
  for (const { losses } of blocks)
    for (const [column, rank] of averageRanks(losses).entries()) sums[column] = (sums[column] ?? 0) + rank
  return Array.from(sums, sum => sum / blocks.length)
}

/**
 * The unit in which differences on a problem count: the range of the middle half of all strategies' finite losses there. It is the same whichever
 * strategy made which loss, so that it can't favour any.
 */
export function spreadOf(blocks: readonly Block[]): number {
  const losses = blocks.flatMap(block => [...block.losses].filter(Number.isFinite)).sort(compareNumbers)
  const at = (share: number) => losses[Math.round(share * (losses.length - 1))] ?? Number.NaN
  return [at(0.75) - at(0.25), at(1) - at(0)].find(range => range > 0) ?? 1
}
