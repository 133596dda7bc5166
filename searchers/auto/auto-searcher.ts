import { TuneError } from '../../src/errors.js'
import type { JsonObject } from '../../src/json.js'
import { OptionChecks } from '../../src/option-checks.js'
import type { EvaluatedConfig, Searcher, SearcherContext, Suggestion, SuggestRequest } from '../../src/searcher.js'
import { hasEnded, type Trial, type TrialReport } from '../../src/trial.js'
import { type CommonOptions, Experience } from '../kit/experience.js'
import { notSetUp } from '../kit/not-set-up.js'
import { type Choice, chooseStrategy } from './choose.js'
import { createSearcher } from './create.js'
import { type Facts, factsOf } from './facts.js'

/** Options of {@link AutoSearcher}. */
export interface AutoSearcherOptions extends CommonOptions {}

const known: readonly string[] = ['pointsToEvaluate'] satisfies (keyof AutoSearcherOptions)[]

/** Goes into the header: a study whose choice rested on other rules can't be resumed as if it had not. To be raised with each change of the rules. */
const ruleVersion = 1

/**
 * Chooses a searcher by the space, the number of samples, of metrics and of trials at a time, and says which one and why.
 *
 * Use it when you don't want to choose. It tries every config, in random order, where the samples cover them all; learns by a Gaussian process up to
 * five hundred observations, then goes on by CMA-ES where all parameters are numbers and samples more than a thousand, else by TPE, each with all
 * that was observed; goes by TPE at once where parameters, or trials that run at a time, are very many; takes TPE or NSGA-II for several metrics; and
 * spreads trials evenly where there is nothing to learn from: without a metric, for up to eight samples, or where all trials begin at once.
 * `gridSearch` parameters have all their combinations tried.
 *
 * {@link describe} says what it chose and why, and so does a message to the user when the study begins. A suggestion costs what
 * the chosen searcher's costs.
 *
 * @see OptunaHub's `AutoSampler`
 */
export class AutoSearcher implements Searcher {
  readonly name = 'auto'
  readonly #points: readonly JsonObject[]
  /** For its checks and its part of the options; each chosen searcher keeps a history of its own. */
  readonly #experience: Experience
  readonly #evaluated: EvaluatedConfig[] = []
  #study: Study | undefined

  /** @throws `TuneError` `INVALID_OPTION` for an option that is unknown, or if `pointsToEvaluate` is no array */
  constructor(options: AutoSearcherOptions = {}) {
    const checks = new OptionChecks('AutoSearcher')
    checks.knows(options, known)
    this.#experience = new Experience(this.name, options, { objectives: 'any' })
    this.#points = options.pointsToEvaluate ?? []
  }

  get options(): JsonObject {
    return { ...this.#experience.options, rule: ruleVersion }
  }

  /**
   * Says which searcher it goes by and why, and which one it will change to: a line for people.
   *
   * @throws `TuneError` `PLUGIN_FAULT` before `setUp`
   */
  describe(): string {
    const { choice, later } = this.#begun()
    const now = `auto searches by ${choice.strategy}, since ${choice.reason}`
    return later.strategy === choice.strategy ? now : `${now}; later by ${later.strategy}, since ${later.reason}`
  }

  /** @throws `TuneError` `INVALID_CONFIG` if a point to evaluate has a key that the space lacks */
  setUp(context: SearcherContext): void {
    const facts = factsOf(context, this.#points.length, this.#evaluated.length)
    const choice = chooseStrategy(facts)
    const searcher = this.#start(choice, context, facts)
    const later = chooseStrategy({ ...facts, observations: Number.POSITIVE_INFINITY })
    const order = Uint32Array.from({ length: choice.strategy === 'grid' ? facts.configs : 0 }, (_, place) => place)
    context.rng.fork('order').shuffle(order)
    this.#study = { context, facts, choice, later, searcher, order, ended: new Map() }
    context.onInfo?.(this.describe())
  }

  /** How many trials it will propose: as many as samples, or points to evaluate if there are more; all combinations for each with `gridSearch`. */
  total(): number {
    const { context, facts, searcher } = this.#begun()
    if (facts.gridSize > 1) return searcher.total?.() ?? context.numSamples
    return Math.max(this.#points.length, context.numSamples)
  }

  suggest(request: SuggestRequest): Suggestion {
    const { searcher } = this.#begun()
    if (request.trialIndex >= this.total()) return { type: 'finished' }
    return searcher.suggest({ ...request, trialIndex: this.#placeOf(request.trialIndex) })
  }

  /** @throws `TuneError` `INVALID_OPTION` if the study has begun */
  addEvaluated(evaluated: readonly EvaluatedConfig[]): void {
    if (this.#study !== undefined)
      throw new TuneError(
        'INVALID_OPTION',
        `the ${this.name} searcher's study has begun: call addEvaluated before the study is made`,
      )
    this.#experience.addEvaluated(evaluated)
    for (const one of evaluated) this.#evaluated.push(one)
  }

  onReport(trial: Trial, report: TrialReport): void {
    this.#begun().searcher.onReport?.(trial, report)
  }

  observe(trial: Trial): void {
    const study = this.#begun()
    study.searcher.observe?.(trial)
    if (study.choice.strategy === study.later.strategy) return
    study.ended.delete(trial.index)
    study.ended.set(trial.index, trial)
    study.facts = { ...study.facts, observations: study.facts.observations + 1 }
    const choice = chooseStrategy(study.facts)
    if (choice.strategy === study.choice.strategy) return
    study.choice = choice
    const silent = { onWarning: () => undefined, onInfo: () => undefined }
    study.searcher = this.#start(choice, { ...study.context, ...silent }, study.facts)
    for (const each of study.ended.values()) {
      // one that was taken up again will be told of when it has ended again
      if (hasEnded(each)) study.searcher.observe?.(each)
    }
    study.ended.clear()
  }

  /** The index of a trial for the searcher; a grid is tried in random order, so that its first results tell something of the whole. */
  #placeOf(trialIndex: number): number {
    const { order } = this.#begun()
    const inGrids = trialIndex - this.#points.length
    if (order.length === 0 || inGrids < 0) return trialIndex
    const inGrid = inGrids % order.length
    return trialIndex - inGrid + (order[inGrid] ?? 0)
  }

  #start({ strategy }: Choice, context: SearcherContext, { configs }: Facts): Searcher {
    const searcher = createSearcher(strategy, { pointsToEvaluate: this.#points })
    if (this.#evaluated.length > 0) searcher.addEvaluated?.(this.#evaluated)
    // a grid's samples are whole grids
    const numSamples = strategy === 'grid' ? Math.ceil(context.numSamples / configs) : context.numSamples
    searcher.setUp({ ...context, numSamples })
    return searcher
  }

  #begun(): Study {
    if (this.#study !== undefined) return this.#study
    throw notSetUp(this.name)
  }
}

interface Study {
  readonly context: SearcherContext
  facts: Facts
  choice: Choice
  /** What it will go by with many observations. */
  readonly later: Choice
  searcher: Searcher
  /** The order of a grid's configs; empty if there is none. */
  readonly order: Uint32Array
  /** By index, in commit order, to be handed to the searcher that is gone by later; empty if that is the present one. */
  readonly ended: Map<number, Trial>
}
