import type { JsonObject } from '../../src/json.js'
import type { EvaluatedConfig, Searcher, SearcherContext, Suggestion, SuggestRequest } from '../../src/searcher.js'
import type { Trial } from '../../src/trial.js'
import { breed, type SelectRank } from '../kit/breeding.js'
import { Experience } from '../kit/experience.js'
import { notSetUp } from '../kit/not-set-up.js'
import { makeNovel } from '../kit/novelty.js'
import type { Observation } from '../kit/observation.js'
import { SpaceFilling } from '../kit/space-filling.js'
import {
  type GeneticSearcherOptions,
  type PopulationPlan,
  planPopulation,
  type ResolvedGeneticOptions,
  resolveOptions,
} from './options.js'
import { Population } from './population.js'
import { selectRank } from './selection.js'

/**
 * A genetic algorithm: each config is a child of two good ones, or a changed copy of one.
 *
 * Use it with some hundred cheap trials or more, for spaces of many choices, integers and conditional parameters, which it takes as they
 * are, and for objectives with jumps or many local optima, which models of the objective get wrong; it never waits, however many trials
 * run at once. With few expensive trials a Bayesian or TPE search learns faster. Of several objectives it takes one.
 *
 * It is in steady state: a child has parents as soon as they are observed, without generations that wait for their last. The population is half
 * the best ever seen, half the last that came (see `elites`), all by the order of observation, so that it is a function of the history.
 * The first trials are a scrambled Sobol sequence. A child that was tried before, or is pending, is mutated further. Failed trials
 * have no children.
 *
 * A suggestion costs O(d + μ log μ) for d parameters and a population of μ, whatever the number of trials: some tens of microseconds.
 *
 * @see Whitley, The GENITOR Algorithm and Selection Pressure, ICGA 3 (1989), for the steady state
 * @see Eshelman and Schaffer, Real-Coded Genetic Algorithms and Interval-Schemata, FOGA 2 (1993), for BLX-α; Deb and Agrawal (1995) for SBX; Deb and
 * Goyal (1996) for the mutation
 * @see Real et al., Regularized Evolution for Image Classifier Architecture Search, AAAI 33 (2019), Algorithm 1, for members that leave by age
 * @see Optuna's `NSGAIISampler` with one objective, which waits for whole generations; Ray Tune has no genetic searcher of its own
 */
export class GeneticSearcher implements Searcher {
  readonly name = 'genetic'
  readonly #resolved: ResolvedGeneticOptions
  readonly #experience: Experience
  #state: State | undefined

  /** @throws `TuneError` `INVALID_OPTION` for an option that is unknown or out of range */
  constructor(options: GeneticSearcherOptions = {}) {
    this.#resolved = resolveOptions(options)
    this.#experience = new Experience(this.name, options, { objectives: 1 })
  }

  get options(): JsonObject {
    const { populationSize, elites, startupTrials, mutation, ...others } = this.#resolved
    return {
      ...this.#experience.options,
      ...others,
      populationSize: populationSize ?? null,
      elites: elites ?? null,
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
    const { space, numSamples, rng } = context
    const plan = planPopulation(this.#resolved, numSamples, space.dimensions.length)
    const population = new Population(plan.populationSize, plan.elites)
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
    const { populationSize, startupTrials, population, startup, evaluatedCount } = this.#ready()
    const { context, observations } = this.#experience
    const isStarting = trialIndex + evaluatedCount < startupTrials || observations.length < populationSize / 2
    if (isStarting) return startup.point(trialIndex, rng)
    const { selection } = this.#resolved
    const select: SelectRank = (count, draws) => selectRank(count, selection, draws)
    const child = breed(population.ranked(), select, this.#resolved, context.space, rng)
    return child ?? startup.point(trialIndex, rng)
  }

  #ready(): State {
    if (this.#state !== undefined) return this.#state
    throw notSetUp(this.name)
  }
}

interface State extends PopulationPlan {
  readonly population: Population
  readonly startup: SpaceFilling
  /** How many configs were evaluated elsewhere. */
  readonly evaluatedCount: number
}

function take(population: Population, { units, values }: Observation): void {
  const [value] = values ?? []
  if (value !== undefined) population.add({ units, value })
}
