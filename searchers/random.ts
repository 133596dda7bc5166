import type { JsonObject } from '../src/json.js'
import { OptionChecks } from '../src/option-checks.js'
import type { Rng } from '../src/rng.js'
import type { Searcher, SearcherContext, Suggestion, SuggestRequest } from '../src/searcher.js'
import type { Grid } from '../src/space/grid.js'
import type { Space } from '../src/space/space.js'
import { notSetUp } from './kit/not-set-up.js'
import { checkPoints } from './kit/points.js'

/** Options of {@link RandomSearcher}. */
export interface RandomSearcherOptions {
  /**
   * Configs to try first, or parts of them, the rest being sampled. Each takes the place of one of the study's samples; all are tried
   * even if there are more of them than samples. One that gives the value of a `gridSearch` parameter is not repeated for its others.
   *
   * @defaultValue none
   */
  readonly pointsToEvaluate?: readonly JsonObject[]
  /**
   * Whether all cells of a sample's grid share one draw of the random parameters, so that they differ in the grid's alone.
   *
   * @defaultValue false: each cell has a draw of its own
   */
  readonly constantGridSearch?: boolean
}

const known: readonly string[] = ['pointsToEvaluate', 'constantGridSearch'] satisfies (keyof RandomSearcherOptions)[]

/**
 * Samples the space at random, and tries every combination of its `gridSearch` values `numSamples` times.
 *
 * Use it as the first search of a new problem, as the baseline that other searchers must beat, with schedulers that stop most
 * trials early, and whenever many trials run at once: it learns nothing, so it never waits. Random search beats a grid of the same
 * size wherever only some of the parameters matter.
 *
 * A suggestion depends on its trial's index and stream alone and takes O(log p) steps for p points to evaluate.
 *
 * @see Bergstra and Bengio, Random Search for Hyper-Parameter Optimization, JMLR 13 (2012)
 * @see Ray Tune's `BasicVariantGenerator`
 */
export class RandomSearcher implements Searcher {
  readonly name = 'random'
  readonly options: JsonObject
  readonly #points: readonly JsonObject[]
  readonly #isConstant: boolean
  #plan: Plan | undefined

  /** @throws `TuneError` `INVALID_OPTION` for an option that is unknown, or not of its type */
  constructor(options: RandomSearcherOptions = {}) {
    const checks = new OptionChecks('RandomSearcher')
    checks.knows(options, known)
    const { pointsToEvaluate = [], constantGridSearch = false } = options
    checkPoints(checks, pointsToEvaluate)
    checks.flag('constantGridSearch', constantGridSearch)
    this.#points = pointsToEvaluate
    this.#isConstant = constantGridSearch
    this.options = { pointsToEvaluate, constantGridSearch }
  }

  /**
   * @throws `TuneError` `INVALID_CONFIG` if a point to evaluate has a key that the space lacks
   */
  setUp({ space, numSamples, rng, onWarning }: SearcherContext): void {
    let end = 0
    const samples = this.#points.map((point): PointSample => {
      space.checkGiven(point, onWarning)
      const grid = space.grid(point)
      const start = end
      end += grid.size
      return { point, grid, start }
    })
    // at least 0 samples are left, and Infinity − n is Infinity
    const total = end + Math.max(0, numSamples - samples.length) * space.gridSize
    this.#plan = { space, samples, pointsEnd: end, total, rng: this.#isConstant ? rng : undefined }
  }

  total(): number {
    return this.#planned().total
  }

  suggest({ trialIndex, rng }: SuggestRequest): Suggestion {
    const plan = this.#planned()
    const { space, samples, pointsEnd, total } = plan
    if (trialIndex >= total) return { type: 'finished' }
    const streamOf = (sample: number) => plan.rng?.fork('sample', sample) ?? rng
    if (trialIndex < pointsEnd) {
      const number = findSample(samples, trialIndex)
      const sample = samples[number]
      if (sample !== undefined) {
        const cell = sample.grid.cell(trialIndex - sample.start)
        return { type: 'config', config: space.sample(streamOf(number), { given: sample.point, cell }) }
      }
    }
    const rest = trialIndex - pointsEnd
    const stream = streamOf(samples.length + Math.floor(rest / space.gridSize))
    return { type: 'config', config: space.sample(stream, { cell: space.cell(rest % space.gridSize) }) }
  }

  #planned(): Plan {
    if (this.#plan !== undefined) return this.#plan
    throw notSetUp(this.name)
  }
}

interface Plan {
  readonly space: Space
  readonly samples: readonly PointSample[]
  /** The index of the first trial that is no point to evaluate. */
  readonly pointsEnd: number
  readonly total: number
  /** Where samples draw from if their cells share a draw. */
  readonly rng: Rng | undefined
}

/** A point to evaluate with the grid that it leaves. */
interface PointSample {
  readonly point: JsonObject
  readonly grid: Grid
  /** The index of its first trial. */
  readonly start: number
}

/** The last sample that starts at or before a trial, by bisection. */
function findSample(samples: readonly PointSample[], trialIndex: number): number {
  let low = 0
  let high = samples.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((samples[middle]?.start ?? 0) <= trialIndex) low = middle
    else high = middle - 1
  }
  return low
}
