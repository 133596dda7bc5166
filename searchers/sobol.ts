import { TuneError } from '../src/errors.js'
import type { JsonObject } from '../src/json.js'
import { maxSobolDimensions, SobolSequence } from '../src/math/sobol.js'
import type { Searcher, SearcherContext, Suggestion, SuggestRequest } from '../src/searcher.js'
import { QuasiRandom, type QuasiRandomOptions } from './kit/quasi-random.js'

/** Options of {@link SobolSearcher}. */
export interface SobolSearcherOptions extends QuasiRandomOptions {}

/**
 * Samples the space evenly, along a scrambled Sobol sequence: of 2^k samples each parameter, taken alone, has one in each 2^k-th of its
 * range, and few parameters taken together are covered nearly as well.
 *
 * Use it wherever random search would do, for the same number of trials leaves smaller gaps: its best config is closer to the optimum on
 * average, the more so the fewer parameters matter, and plots of one parameter are smoother. Like random search it learns nothing,
 * never waits and takes any number of trials at once. It is most even after 2, 4, 8 … samples. Take the random searcher for
 * `gridSearch` parameters, and one that learns once there are trials to learn from.
 *
 * A suggestion depends on its trial's index and the study's seed alone, and takes O(32 d) steps in d dimensions.
 *
 * @see Bergstra and Bengio, Random Search for Hyper-Parameter Optimization, JMLR 13 (2012), for Sobol against random
 * @see A. B. Owen, On dropping the first Sobol' point, arXiv:2008.08051 (2020), for scrambling and powers of two
 * @see Optuna's `QMCSampler`
 */
export class SobolSearcher implements Searcher {
  readonly name = 'sobol'
  readonly #walk: QuasiRandom

  /** @throws `TuneError` `INVALID_OPTION` for an option that is unknown, or not of its type */
  constructor(options: SobolSearcherOptions = {}) {
    this.#walk = new QuasiRandom(this.name, options, (dimensions, rng) => new SobolSequence(dimensions, rng))
  }

  get options(): JsonObject {
    return this.#walk.options
  }

  /**
   * @throws `TuneError` `INVALID_SPACE` if the space has `gridSearch` parameters or more than 1,111 dimensions, `INVALID_CONFIG` if a
   * point to evaluate has a key that the space lacks
   */
  setUp(context: SearcherContext): void {
    const { length } = context.space.dimensions
    if (length > maxSobolDimensions) {
      throw new TuneError(
        'INVALID_SPACE',
        `the space has ${length} dimensions and the Sobol sequence ${maxSobolDimensions}: use the random searcher, which is as good there`,
      )
    }
    this.#walk.setUp(context)
  }

  total(): number {
    return this.#walk.total
  }

  suggest(request: SuggestRequest): Suggestion {
    return this.#walk.suggest(request)
  }
}
