import type { SearcherContext } from '../../src/searcher.js'
import type { Space } from '../../src/space/space.js'
import { countConfigs } from '../kit/units.js'

/** What the choice of a strategy goes by. */
export interface Facts {
  /** How many metrics are to be optimized. */
  readonly objectives: number
  /** How many samples are asked for; Infinity for no limit. */
  readonly numSamples: number
  /** How many of the samples are given configs. */
  readonly points: number
  /** How many trials are open at a time. */
  readonly places: number
  /** How many configs were evaluated elsewhere. */
  readonly evaluated: number
  /** What is known by now: configs that were evaluated elsewhere, and trials that ended. */
  readonly observations: number
  /** How many combinations of `gridSearch` values there are, 1 without any. */
  readonly gridSize: number
  /** How many configs there are, grids aside; Infinity if a parameter is continuous, or they are too many to number. */
  readonly configs: number
  /** How many parameters have more than one value. */
  readonly parameters: number
  /** How many of those are choices. */
  readonly choices: number
  /** How many of those are there under a condition only. */
  readonly conditional: number
}

/**
 * Reads a study's facts before its first trial.
 *
 * @param points - how many configs are given
 * @param evaluated - how many were evaluated elsewhere
 */
export function factsOf({ space, ...context }: SearcherContext, points: number, evaluated: number): Facts {
  const varying = space.dimensions.filter(({ size }) => size > 1)
  return {
    objectives: context.objectives.length,
    numSamples: context.numSamples,
    points,
    places: context.maxConcurrentTrials,
    evaluated,
    observations: evaluated,
    gridSize: space.gridSize,
    configs: space.gridSize === 1 ? sizeOf(space) : Number.POSITIVE_INFINITY,
    parameters: varying.length,
    choices: varying.filter(({ type }) => type === 'categorical').length,
    conditional: varying.filter(({ condition }) => condition !== undefined).length,
  }
}

/** How many configs the space has, the parameters that each has not left out. */
function sizeOf(space: Space): number {
  // with conditional parameters there are no more than the product says
  const most = countConfigs(space.dimensions)
  return most <= Number.MAX_SAFE_INTEGER ? space.enumerate().size : Number.POSITIVE_INFINITY
}
