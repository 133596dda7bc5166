import type { JsonObject } from '../../src/json.js'
import type { Rng } from '../../src/rng.js'
import type { EvaluatedConfig, Searcher, SearcherContext, Suggestion, SuggestRequest } from '../../src/searcher.js'
import type { Dimension } from '../../src/space/dimension.js'
import type { Space } from '../../src/space/space.js'
import type { Trial } from '../../src/trial.js'
import { Experience } from '../kit/experience.js'
import { notSetUp } from '../kit/not-set-up.js'
import { makeNovel } from '../kit/novelty.js'
import { SpaceFilling } from '../kit/space-filling.js'
import { canonicalize, keyOf } from '../kit/units.js'
import { listBlocks } from './blocks.js'
import { Density } from './density.js'
import { evenScale, gapScale, type Kernels, leastGapScale } from './kernels.js'
import { type ResolvedOptions, resolveOptions, type TPESearcherOptions } from './options.js'
import { FrontRanking, type Ranking, SoleRanking } from './ranking.js'

/** How many bad trials have a kernel, so that the cost of a suggestion stops growing. */
const mostBad = 128
/** The least width of a kernel that is not clipped: it only keeps quotients finite. */
const leastScale = 1e-6
/** The index of the polynomial mutation that makes a known config a new one. */
const mutationEta = 20

/**
 * The tree-structured Parzen estimator: it models where the good trials lie by one density l, where the others lie by another, g, draws
 * candidates from l and suggests the one whose l / g is largest, which is where the expected improvement is.
 *
 * Use it for spaces of choices, integers and conditional parameters, with a few dozen to a few thousand trials, for one objective or several,
 * and where suggestions must be cheap. Where a dozen numbers or fewer have a smooth objective, and trials are expensive, a Bayesian search makes more
 * of them.
 *
 * Both densities are mixtures of one kernel for each trial, over all parameters at once, so that it learns what goes well together; conditional
 * parameters count where a trial has them (see `model`). Numbers have truncated normal kernels in the measure of their domain (log-scaled ones
 * by decades), of which integers and quantised numbers take their cell's mass; choices have smoothed ones. A good trial's kernel is as wide as
 * the gap to its neighbours, with a least width that falls as trials come in. The search starts from a scrambled Sobol sequence.
 *
 * Failed trials count as bad ones, pending trials too while they are pending. Of one objective, trials that a scheduler stopped rank after those
 * that ran to their end, the longer ones first. Several objectives rank by fronts, and within a front by the volume that they dominate. A config
 * that was tried, or is pending, is not suggested again while there are others nearby.
 *
 * A suggestion costs O(c k d) for c candidates of d parameters and k kernels, of which there are at most 155 (25 more for each further objective
 * and one for each pending trial): a few tenths of a millisecond for ten parameters, and no more after 1,000 trials than after 200, but for the
 * ranking of several objectives.
 *
 * @see Bergstra, Bardenet, Bengio and Kégl, Algorithms for Hyper-Parameter Optimization, NIPS 24 (2011), section 4
 * @see Watanabe, Tree-Structured Parzen Estimator: Understanding Its Algorithm Components and Their Roles for Better Empirical Performance (2023),
 * for weights by improvement and the least width
 * @see Ozaki, Tanigaki, Watanabe, Nomura and Onishi, Multiobjective Tree-Structured Parzen Estimator, JAIR 73 (2022)
 * @see Optuna's `TPESampler`; Ray Tune offers it through `OptunaSearch` and `HyperOptSearch`
 */
export class TPESearcher implements Searcher {
  readonly name = 'tpe'
  readonly #resolved: ResolvedOptions
  readonly #experience: Experience
  #state: State | undefined

  /** @throws `TuneError` `INVALID_OPTION` for an option that is unknown or out of range */
  constructor(options: TPESearcherOptions = {}) {
    this.#resolved = resolveOptions(options)
    this.#experience = new Experience(this.name, options, { objectives: 'any' })
  }

  get options(): JsonObject {
    const { maxGood, ...others } = this.#resolved
    return { ...this.#experience.options, ...others, maxGood: maxGood ?? null }
  }

  addEvaluated(evaluated: readonly EvaluatedConfig[]): void {
    this.#experience.addEvaluated(evaluated)
  }

  setUp(context: SearcherContext): void {
    this.#experience.setUp(context)
    const { space, objectives, rng } = context
    const ranking = objectives.length > 1 ? new FrontRanking() : new SoleRanking()
    for (const observation of this.#experience.observations) ranking.add(observation)
    const startup = new SpaceFilling(space, rng.fork('startup'))
    this.#state = { ranking, startup, blocks: listBlocks(space.dimensions, this.#resolved.model) }
  }

  total(): number {
    return this.#experience.total
  }

  observe(trial: Trial): void {
    const { ranking } = this.#ready()
    ranking.add(this.#experience.observe(trial))
  }

  suggest(request: SuggestRequest): Suggestion {
    const fixed = this.#experience.fixedSuggestion(request)
    if (fixed !== undefined) return fixed
    const { startup } = this.#ready()
    const { observations } = this.#experience
    const units =
      observations.length < this.#resolved.startupTrials
        ? startup.point(request.trialIndex, request.rng)
        : this.#propose(request)
    return this.#experience.suggestion(makeNovel(units, mutationEta, this.#experience, request), request)
  }

  #propose(request: SuggestRequest): Float64Array {
    const { ranking, blocks } = this.#ready()
    const { gamma, maxGood, weights, magicClip, constantLiar } = this.#resolved
    const { observations, context } = this.#experience
    const { space, objectives } = context
    const most = maxGood ?? 25 * objectives.length
    const { below, merits, above } = ranking.split(Math.min(most, Math.ceil(gamma * observations.length)))
    const pending = [...this.#experience.pendingUnits(request).values()]
    const isGraded = weights === 'graded'
    const good: Sample = {
      points: below.map(({ units }) => units),
      weights: isGraded ? merits : new Float64Array(below.length).fill(1),
    }
    const bad = this.#sampleBad(
      above.slice(0, mostBad).map(({ units }) => units),
      above.length,
      constantLiar ? pending : [],
    )
    const isWhole = blocks.length === 1
    const isTaken = isWhole ? this.#takenBy(pending) : () => false
    const goodScale = gapScale(magicClip ? leastGapScale(observations.length) : leastScale)
    // seen by some of its parameters alone, a bad trial may be next to the best: as fine as the good ones, it doesn't drive the search away
    const badScale = isWhole ? evenScale(above.length) : gapScale(1 / Math.min(100, above.length + 2))
    const units = new Float64Array(space.dimensions.length).fill(Number.NaN)
    for (const block of blocks) {
      const [first] = block
      if (first === undefined || !space.isActive(units, first)) continue
      const l = this.#densityOf(block, isWhole ? good : having(good, first), goodScale)
      const g = this.#densityOf(block, isWhole ? bad : having(bad, first), badScale)
      this.#choose(units, block, l, g, isTaken, request.rng)
    }
    return units
  }

  /**
   * @param points - the best of the bad trials, best first
   * @param of - how many bad trials there are
   */
  #sampleBad(points: readonly Float64Array[], of: number, pending: readonly Float64Array[]): Sample {
    const all = [...points, ...pending]
    const weights = new Float64Array(all.length).fill(1)
    if (this.#resolved.weights === 'graded')
      for (let i = 0; i < points.length; i++) weights[i] = 0.3 + 0.7 * Math.sqrt((i + 0.5) / of)
    return { points: all, weights }
  }

  #densityOf(block: readonly Dimension[], sample: Sample, scale: Kernels['scale']): Density {
    return new Density(block, { ...sample, priorWeight: this.#resolved.priorWeight, scale })
  }

  /** Draws candidates for a block's coordinates from the good trials' density, and writes the one where l / g is largest. */
  #choose(
    units: Float64Array,
    block: readonly Dimension[],
    l: Density,
    g: Density,
    isTaken: (units: Float64Array) => boolean,
    rng: Rng,
  ): void {
    const { space } = this.#experience.context
    let chosen: Float64Array | undefined
    let best = Number.NEGATIVE_INFINITY
    for (let k = 0; k < this.#resolved.candidates; k++) {
      const drawn = drawFrom(l, block, units, space, rng)
      const score = l.logAt(drawn) - g.logAt(drawn)
      if (!(score > best) || isTaken(drawn)) {
        chosen ??= drawn
        continue
      }
      chosen = drawn
      best = score
    }
    if (chosen !== undefined) units.set(chosen)
  }

  /** Whether a config was tried or is pending. */
  #takenBy(pending: readonly Float64Array[]): (units: Float64Array) => boolean {
    const { space } = this.#experience.context
    const keys = new Set(pending.map(units => keyOf(canonicalize(units.slice(), space))))
    return units => keys.has(keyOf(units)) || this.#experience.isKnown(units)
  }

  #ready(): State {
    if (this.#state !== undefined) return this.#state
    throw notSetUp(this.name)
  }
}

interface State {
  readonly ranking: Ranking
  readonly startup: SpaceFilling
  readonly blocks: readonly (readonly Dimension[])[]
}

interface Sample {
  readonly points: readonly Float64Array[]
  readonly weights: Float64Array
}

/** Those that have a parameter. */
function having({ points, weights }: Sample, { index }: Dimension): Sample {
  const has = (units: Float64Array | undefined) => !Number.isNaN(units?.[index] ?? Number.NaN)
  return { points: points.filter(has), weights: weights.filter((_, i) => has(points[i])) }
}

/** A copy of a point with a block's coordinates drawn from a density, canonical. */
function drawFrom(
  density: Density,
  block: readonly Dimension[],
  units: Float64Array,
  space: Space,
  rng: Rng,
): Float64Array {
  const drawn = units.slice()
  const kernel = density.kernelAt(rng.uniform())
  for (const [place, dimension] of block.entries()) {
    const { index, type } = dimension
    if (!space.isActive(drawn, dimension)) continue
    const unit = density.draw(kernel, place, rng.uniform())
    if (type === 'ordinal') {
      const { lower, upper } = dimension.cell(unit)
      drawn[index] = (lower + upper) / 2
    } else drawn[index] = unit
  }
  return drawn
}
