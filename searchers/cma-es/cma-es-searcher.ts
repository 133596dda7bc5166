import type { JsonObject } from '../../src/json.js'
import type { EvaluatedConfig, Searcher, SearcherContext, Suggestion, SuggestRequest } from '../../src/searcher.js'
import type { Trial } from '../../src/trial.js'
import { Experience } from '../kit/experience.js'
import { notSetUp } from '../kit/not-set-up.js'
import { makeNovel } from '../kit/novelty.js'
import { canonicalize } from '../kit/units.js'
import { axesOf } from './model.js'
import { type CMAESSearcherOptions, planSearch, type ResolvedOptions, resolveOptions } from './options.js'
import { Strategy } from './strategy.js'

/**
 * CMA-ES: draws configs from a normal distribution, and moves, stretches and turns it towards the best of them.
 *
 * Use it with some hundred trials or more of numbers, up to a hundred of them, that hang together and matter all a little: it follows
 * curved valleys and needs no more than the order of the values, so that it doesn't mind outliers or any rising transformation of
 * the metric. A Bayesian search learns faster from few trials; TPE or a genetic one suit spaces of many choices or conditions better. It takes all of them:
 * integers keep a margin so that they never get stuck, each choice has a table of probabilities, and a parameter that a config lacks is passed over.
 *
 * It never waits: a generation ends when λ trials have, and trials that an older distribution proposed count like those of this one. Trials come in
 * pairs on opposite sides of the mean and at right angles to the others, which a generation profits from as if it were larger. In few dimensions some
 * trials fill the space first; runs that have converged make room for others. Failed trials count as the worst. With `addEvaluated` it starts from the best
 * tenth of what was evaluated elsewhere. None is tried twice, be it at a corner of the space, until none is left nearby.
 *
 * A suggestion costs O(d²) for d numbers, and a generation's end O(λ d² + d³) now and then, whatever the number of trials: tens of microseconds for ten
 * numbers, two hundred for forty.
 *
 * @see Hansen, The CMA Evolution Strategy: A Tutorial, arXiv:1604.00772; Hamano et al., CMA-ES with Margin, GECCO 2022; Hamano et al., CatCMA, GECCO 2024; Nomura et
 * al., Warm Starting CMA-ES, AAAI 2021; Hansen, Injecting External Solutions Into CMA-ES, arXiv:1110.4181; Wang et al., Mirrored Orthogonal Sampling, 2019
 * @see Optuna's `CmaEsSampler`, which leaves choices and conditional parameters to random search; Ray Tune has `NevergradSearch`
 */
export class CMAESSearcher implements Searcher {
  readonly name = 'cma-es'
  readonly #resolved: ResolvedOptions
  readonly #experience: Experience
  readonly #points: number
  #strategy: Strategy | undefined

  /** @throws `TuneError` `INVALID_OPTION` for an option that is unknown or out of range */
  constructor(options: CMAESSearcherOptions = {}) {
    this.#resolved = resolveOptions(options)
    this.#experience = new Experience(this.name, options, { objectives: 1 })
    this.#points = options.pointsToEvaluate?.length ?? 0
  }

  get options(): JsonObject {
    const { populationSize, startupTrials, ...others } = this.#resolved
    return {
      ...this.#experience.options,
      ...others,
      populationSize: populationSize ?? null,
      startupTrials: startupTrials ?? null,
    }
  }

  addEvaluated(evaluated: readonly EvaluatedConfig[]): void {
    this.#experience.addEvaluated(evaluated)
  }

  setUp(context: SearcherContext): void {
    this.#experience.setUp(context)
    const { space, numSamples, maxConcurrentTrials } = context
    const axes = axesOf(space)
    const plan = planSearch(this.#resolved, axes, numSamples, maxConcurrentTrials)
    this.#strategy = new Strategy(context, axes, plan, this.#points, this.#experience.observations)
  }

  total(): number {
    return this.#experience.total
  }

  suggest(request: SuggestRequest): Suggestion {
    const experience = this.#experience
    const fixed = experience.fixedSuggestion(request)
    if (fixed !== undefined) return fixed
    const strategy = this.#ready()
    const { trialIndex, rng } = request
    let units = strategy.pointOf(trialIndex, rng)
    for (let i = 0; i < mostDraws && experience.isKnown(units); i++) units = strategy.drawPoint(rng)
    const { space } = experience.context
    return experience.suggestion(makeNovel(canonicalize(units, space), mutationEta, experience, request), request)
  }

  observe(trial: Trial): void {
    this.#ready().observe(this.#experience.observe(trial))
  }

  #ready(): Strategy {
    if (this.#strategy !== undefined) return this.#strategy
    throw notSetUp(this.name)
  }
}

/** How often a config that is known is drawn anew before it is changed. */
const mostDraws = 20
/** The index of the mutation that changes it: small steps. */
const mutationEta = 20
