import type { JsonObject } from '../src/json.js'
import { OptionChecks } from '../src/option-checks.js'
import type { Searcher, SearcherContext, Suggestion, SuggestRequest } from '../src/searcher.js'
import type { ConfigList, Space } from '../src/space/space.js'
import { notSetUp } from './kit/not-set-up.js'
import { checkPoints } from './kit/points.js'

/** Options of {@link GridSearcher}. */
export interface GridSearcherOptions {
  /**
   * Configs to try before the grid, or parts of them, the rest being sampled. They come on top of the grid.
   *
   * @defaultValue none
   */
  readonly pointsToEvaluate?: readonly JsonObject[]
  /**
   * How many values to try of each parameter that has no end of them (`uniform`, `loguniform`, `randn`, `qrandn`): an integer of at
   * least 1. They are spread evenly, on the logarithm of log-scaled ones, from bound to bound; those of normal ones are quantiles, the
   * middles of intervals of equal probability. One point is the middle.
   *
   * @defaultValue none: such a parameter is an error
   */
  readonly pointsPerDimension?: number
}

const known: readonly string[] = ['pointsToEvaluate', 'pointsPerDimension'] satisfies (keyof GridSearcherOptions)[]

/**
 * Tries every config of the space once, then again, `numSamples` times in all: all values of choices, integers, quantised parameters
 * and grids, and as many as told of the others. The sub-spaces of a choice are tried one after the other, each with its own parameters.
 *
 * Use it when the space has few values and you want all of them: for tables in a report, for a last look around the best config, for
 * ablations. With more than three or four parameters random search finds better configs in fewer trials.
 *
 * @see Optuna's `GridSampler` and `BruteForceSampler`; in Ray Tune `grid_search` at every parameter
 */
export class GridSearcher implements Searcher {
  readonly name = 'grid'
  readonly options: JsonObject
  readonly #points: readonly JsonObject[]
  readonly #pointsPerDimension: number | undefined
  #plan: Plan | undefined

  /** @throws `TuneError` `INVALID_OPTION` for an option that is unknown or out of range */
  constructor(options: GridSearcherOptions = {}) {
    const checks = new OptionChecks('GridSearcher')
    checks.knows(options, known)
    const { pointsToEvaluate = [], pointsPerDimension } = options
    checkPoints(checks, pointsToEvaluate)
    if (pointsPerDimension !== undefined) checks.integer('pointsPerDimension', pointsPerDimension, 1)
    this.#points = pointsToEvaluate
    this.#pointsPerDimension = pointsPerDimension
    this.options = { pointsToEvaluate, pointsPerDimension: pointsPerDimension ?? null }
  }

  /**
   * @throws `TuneError` `INVALID_OPTION` naming a parameter that needs `pointsPerDimension`, `INVALID_SPACE` if the grid has more than
   * 2^53 configs, `INVALID_CONFIG` if a point to evaluate has a key that the space lacks
   */
  setUp({ space, numSamples, onWarning }: SearcherContext): void {
    for (const point of this.#points) space.checkGiven(point, onWarning)
    const configs = space.enumerate({ pointsPerDimension: this.#pointsPerDimension })
    this.#plan = { space, configs, total: this.#points.length + numSamples * configs.size }
  }

  total(): number {
    return this.#planned().total
  }

  suggest({ trialIndex, rng }: SuggestRequest): Suggestion {
    const { space, configs, total } = this.#planned()
    if (trialIndex >= total) return { type: 'finished' }
    const given = this.#points[trialIndex]
    if (given !== undefined) return { type: 'config', config: space.sample(rng, { given }) }
    return { type: 'config', config: configs.at((trialIndex - this.#points.length) % configs.size, { rng }) }
  }

  #planned(): Plan {
    if (this.#plan !== undefined) return this.#plan
    throw notSetUp(this.name)
  }
}

interface Plan {
  readonly space: Space
  readonly configs: ConfigList
  readonly total: number
}
