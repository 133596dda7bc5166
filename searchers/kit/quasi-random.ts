import type { JsonObject } from '../../src/json.js'
import { OptionChecks } from '../../src/option-checks.js'
import type { Rng } from '../../src/rng.js'
import type { SearcherContext, Suggestion, SuggestRequest } from '../../src/searcher.js'
import { type CommonOptions, Experience } from './experience.js'

/** Options of the searchers that follow a sequence of points. */
export interface QuasiRandomOptions extends CommonOptions {
  /**
   * Whether the study's seed scrambles the sequence, which leaves it as even and makes each config a fair sample of the space. Else the points
   * are the same for every seed, from the middle of the space on, and many dimensions show patterns.
   *
   * @defaultValue true
   */
  readonly isScrambled?: boolean
}

const known: readonly string[] = ['pointsToEvaluate', 'isScrambled'] satisfies (keyof QuasiRandomOptions)[]

/** Points of the unit cube, each computed by itself. */
export interface PointSequence {
  /** Writes the coordinates of a point, and returns `into`. */
  point(index: number, into: Float64Array): Float64Array
}

/** Makes the sequence of a space, scrambled if it is given a stream. */
export type SequenceFactory = (dimensions: number, rng?: Rng) => PointSequence

/** What {@link Searcher}s that follow a sequence do: points to evaluate first, then one point of the sequence after the other. */
export class QuasiRandom {
  readonly #experience: Experience
  readonly #makeSequence: SequenceFactory
  readonly #isScrambled: boolean
  /** The point of the sequence that is trial 0's. */
  readonly #origin: number
  #sequence: PointSequence | undefined

  /**
   * @param name - the searcher's, for messages
   * @throws `TuneError` `INVALID_OPTION` for an option that is unknown, or not of its type
   */
  constructor(name: string, options: QuasiRandomOptions, makeSequence: SequenceFactory) {
    const checks = new OptionChecks(`the ${name} searcher`)
    checks.knows(options, known)
    const { isScrambled = true, pointsToEvaluate = [] } = options
    this.#experience = new Experience(name, options, { objectives: 0 })
    checks.flag('isScrambled', isScrambled)
    this.#isScrambled = isScrambled
    // point 0 of an unscrambled sequence is the corner where every parameter is at its least
    this.#origin = (isScrambled ? 0 : 1) - pointsToEvaluate.length
    this.#makeSequence = makeSequence
  }

  get options(): JsonObject {
    return { ...this.#experience.options, isScrambled: this.#isScrambled }
  }

  /** {@link Experience.setUp} */
  setUp(context: SearcherContext): void {
    this.#experience.setUp(context)
    const { space, rng } = context
    this.#sequence = this.#makeSequence(space.dimensions.length, this.#isScrambled ? rng.fork('scramble') : undefined)
  }

  /** {@link Experience.total} */
  get total(): number {
    return this.#experience.total
  }

  /** Depends on the trial's index alone; `sampleFrom` functions have its stream. */
  suggest(request: SuggestRequest): Suggestion {
    const fixed = this.#experience.fixedSuggestion(request)
    if (fixed !== undefined || this.#sequence === undefined) return fixed ?? { type: 'finished' }
    const units = new Float64Array(this.#experience.context.space.dimensions.length)
    return this.#experience.suggestion(this.#sequence.point(this.#origin + request.trialIndex, units), request)
  }
}
