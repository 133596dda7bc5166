import type { JsonObject } from '../../src/json.js'
import type { Rng } from '../../src/rng.js'
import type { EvaluatedConfig, Searcher, SearcherContext, Suggestion, SuggestRequest } from '../../src/searcher.js'
import type { Trial } from '../../src/trial.js'
import { breed } from '../kit/breeding.js'
import { Experience } from '../kit/experience.js'
import { notSetUp } from '../kit/not-set-up.js'
import { makeNovel } from '../kit/novelty.js'
import type { Observation } from '../kit/observation.js'
import { SpaceFilling } from '../kit/space-filling.js'
import { type NSGA2SearcherOptions, type Plan, planSearch, type ResolvedOptions, resolveOptions } from './options.js'
import { Population } from './population.js'

/**
 * NSGA-II: a genetic algorithm for several objectives at once, which spreads over their Pareto front.
 *
 * Use it for two or three objectives and some hundred cheap trials or more, in any space: it takes choices, integers and conditional parameters as they
 * are, and never waits, however many trials run at once. With few expensive trials TPE learns faster. Beyond three objectives nearly all configs are on
 * the first front, so that there is little to select by. It takes a single objective too; the genetic searcher is made for that.
 *
 * It is in steady state: each trial that ends joins the population, and the worst member leaves, by front and then by crowding distance, so that nothing
 * waits for a generation to be complete, and crowds thin out one by one. The first trials are a scrambled Sobol sequence. Parents are won in tournaments of
 * two. A child that was tried before, or is pending, is mutated further. Failed trials have no children.
 *
 * A suggestion costs O(d + μ log μ) for d parameters and a population of μ, whatever the number of trials: some tens of microseconds.
 *
 * @see Deb, Pratap, Agarwal and Meyarivan, A Fast and Elitist Multiobjective Genetic Algorithm: NSGA-II, IEEE Transactions on Evolutionary
 * Computation 6 (2002), section III
 * @see Durillo, Nebro, Luna and Alba, On the Effect of the Steady-State Selection Scheme in Multi-Objective Genetic Algorithms, EMO 2009
 * @see Optuna's `NSGAIISampler`, which waits for whole generations; Ray Tune has no searcher of its own for several objectives
 */
export class NSGA2Searcher implements Searcher {
  readonly name = 'nsga2'
  readonly #resolved: ResolvedOptions
  readonly #experience: Experience
  #state: State | undefined

  /** @throws `TuneError` `INVALID_OPTION` for an option that is unknown or out of range */
  constructor(options: NSGA2SearcherOptions = {}) {
    this.#resolved = resolveOptions(options)
    this.#experience = new Experience(this.name, options, { objectives: 'any' })
  }

  get options(): JsonObject {
    const { populationSize, startupTrials, mutation, ...others } = this.#resolved
    return {
      ...this.#experience.options,
      ...others,
      populationSize: populationSize ?? null,
      startupTrials: startupTrials ?? null,
      mutationEta: mutation.eta,
      mutationProbability: mutation.probability ?? null,
    }
  }

  addEvaluated(evaluated: readonly EvaluatedConfig[]): void {
    this.#experience.addEvaluated(evaluated)
  }

  setUp(context: SearcherContext): void {
    this.#experience.setUp(context)
    const { space, numSamples, objectives, rng } = context
    const plan = planSearch(this.#resolved, numSamples)
    const population = new Population(plan.populationSize, objectives.length)
    const { observations } = this.#experience
    for (const observation of observations) take(population, observation)
    const startup = new SpaceFilling(space, rng.fork('startup'))
    this.#state = { ...plan, population, startup, evaluatedCount: observations.length }
  }

  total(): number {
    return this.#experience.total
  }

  observe(trial: Trial): void {
    take(this.#ready().population, this.#experience.observe(trial))
  }

  suggest(request: SuggestRequest): Suggestion {
    const fixed = this.#experience.fixedSuggestion(request)
    if (fixed !== undefined) return fixed
    const units = makeNovel(this.#propose(request), this.#resolved.mutation.eta, this.#experience, request)
    return this.#experience.suggestion(units, request)
  }

  /** A point of the start while little is known, then a child. */
  #propose({ trialIndex, rng }: SuggestRequest): Float64Array {
    const { startupTrials, population, startup, evaluatedCount } = this.#ready()
    const { space } = this.#experience.context
    if (trialIndex + evaluatedCount < startupTrials) return startup.point(trialIndex, rng)
    return breed(population.ranked(), winner, this.#resolved, space, rng) ?? startup.point(trialIndex, rng)
  }

  #ready(): State {
    if (this.#state !== undefined) return this.#state
    throw notSetUp(this.name)
  }
}

interface State extends Plan {
  readonly population: Population
  readonly startup: SpaceFilling
  /** How many configs were evaluated elsewhere. */
  readonly evaluatedCount: number
}

function take(population: Population, { units, values }: Observation): void {
  if (values !== undefined) population.add({ units, values })
}

/** The better of two that are drawn from n ranked ones. */
function winner(n: number, rng: Rng): number {
  return Math.min(rng.integer(0, n), rng.integer(0, n))
}
