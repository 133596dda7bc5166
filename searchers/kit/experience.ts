import { show, TuneError } from '../../src/errors.js'
import { assertJson, isPlainObject, type JsonObject } from '../../src/json.js'
import { OptionChecks } from '../../src/option-checks.js'
import type { EvaluatedConfig, SearcherContext, Suggestion, SuggestRequest } from '../../src/searcher.js'
import type { Trial } from '../../src/trial.js'
import { notSetUp } from './not-set-up.js'
import { type Observation, observeEvaluated, observeTrial } from './observation.js'
import { checkPoints } from './points.js'
import { canonicalize, keyOf } from './units.js'

/** Options that every searcher has that learns, or that fills the unit cube. */
export interface CommonOptions {
  /**
   * Configs to try first, or parts of them, the rest being sampled. Each takes the place of one of the study's samples; all are tried even if
   * there are more of them than samples.
   *
   * @defaultValue none
   */
  readonly pointsToEvaluate?: readonly JsonObject[]
}

/** What a searcher asks of its study. */
export interface Needs {
  /** How many objectives it can serve; 0 if it learns nothing. */
  readonly objectives: 0 | 1 | 'any'
}

/**
 * What a searcher knows of its study: the space, the points that it was given, and what became of each config, in commit order. All searchers
 * but random and grid keep their history with it.
 */
export class Experience {
  readonly #name: string
  readonly #needs: Needs
  readonly #points: readonly JsonObject[]
  readonly #evaluated: EvaluatedConfig[] = []
  readonly #observations: Observation[] = []
  readonly #pending = new Map<number, Float64Array>()
  readonly #keys = new Set<string>()
  #context: SearcherContext | undefined

  /**
   * @param name - the searcher's, for messages
   * @throws `TuneError` `INVALID_OPTION` if `pointsToEvaluate` is no array
   */
  constructor(name: string, { pointsToEvaluate = [] }: CommonOptions, needs: Needs) {
    checkPoints(new OptionChecks(`the ${name} searcher`), pointsToEvaluate)
    this.#name = name
    this.#needs = needs
    this.#points = pointsToEvaluate
  }

  /** Its part of the searcher's options, for the journal's header. */
  get options(): JsonObject {
    const plain: JsonObject = { pointsToEvaluate: this.#points }
    if (this.#evaluated.length === 0) return plain
    return { ...plain, evaluated: this.#evaluated.map(({ config, metrics }) => ({ config, metrics })) }
  }

  /** @throws `TuneError` `PLUGIN_FAULT` before `setUp` */
  get context(): SearcherContext {
    if (this.#context !== undefined) return this.#context
    throw notSetUp(this.#name)
  }

  /** What became of each config: those evaluated elsewhere first, then trials in the order in which their ends were committed. */
  get observations(): readonly Observation[] {
    return this.#observations
  }

  /** How many trials it will propose in all: as many as samples, or points to evaluate if there are more. */
  get total(): number {
    return Math.max(this.#points.length, this.context.numSamples)
  }

  /** {@link Searcher.addEvaluated} */
  addEvaluated(evaluated: readonly EvaluatedConfig[]): void {
    if (this.#context !== undefined)
      throw new TuneError(
        'INVALID_OPTION',
        `the ${this.#name} searcher's study has begun: call addEvaluated before the study is made`,
      )
    if (!Array.isArray(evaluated))
      throw new TuneError('INVALID_OPTION', `addEvaluated got ${show(evaluated)}; give an array of { config, metrics }`)
    const checks = new OptionChecks(`the ${this.#name} searcher`)
    for (const [i, one] of evaluated.entries()) checkEvaluated(checks, one, `evaluated[${i}]`)
    // many of them would be too many arguments
    for (const one of evaluated) this.#evaluated.push(one)
  }

  /**
   * @throws `TuneError` `INVALID_OPTION` if the study has other objectives than the searcher can serve, `INVALID_SPACE` if the space has `gridSearch`
   * parameters, `INVALID_CONFIG` if a point to evaluate has a key that the space lacks
   */
  setUp(context: SearcherContext): void {
    const { space, objectives, onWarning } = context
    checkObjectives(this.#name, this.#needs, context)
    if (space.gridSize > 1)
      throw new TuneError(
        'INVALID_SPACE',
        `the space has gridSearch parameters, all of whose ${space.gridSize} combinations are to be tried, and the ${this.#name} searcher chooses what to try: write choice([…]) instead, or use the random or grid searcher`,
      )
    for (const point of this.#points) space.checkGiven(point, onWarning)
    this.#context = context
    this.#observations.length = 0
    this.#pending.clear()
    this.#keys.clear()
    let strangers = 0
    for (const { config, metrics } of this.#evaluated) {
      if (space.contains(config)) this.#add(observeEvaluated(config, metrics, space, objectives))
      else strangers += 1
    }
    if (strangers > 0)
      onWarning(`${strangers} of ${this.#evaluated.length} evaluated configs are not of this space and were left out`)
  }

  /** Takes in a trial that ended. */
  observe(trial: Trial): Observation {
    const { space, objectives } = this.context
    this.#pending.delete(trial.index)
    const observation = observeTrial(trial, space, objectives)
    this.#add(observation)
    return observation
  }

  /** The suggestion that the options or the number of samples fix: a given point, or the end; undefined where the searcher is free. */
  fixedSuggestion({ trialIndex, rng }: SuggestRequest): Suggestion | undefined {
    const given = this.#points[trialIndex]
    if (given !== undefined) return { type: 'config', config: this.context.space.sample(rng.fork('given'), { given }) }
    return trialIndex >= this.total ? { type: 'finished' } : undefined
  }

  /** The places of the pending trials in the unit cube, by trial index in rising order. */
  pendingUnits({ pending }: SuggestRequest): ReadonlyMap<number, Float64Array> {
    const places = new Map<number, Float64Array>()
    for (const index of [...pending.keys()].sort((a, b) => a - b)) {
      const trial = pending.get(index)
      if (trial === undefined) continue
      let units = this.#pending.get(index)
      if (units === undefined) {
        units = this.context.space.encode(trial.config)
        this.#pending.set(index, units)
      }
      places.set(index, units)
    }
    return places
  }

  /** Whether a point decodes to a config that has been observed. */
  isKnown(units: Float64Array): boolean {
    return this.#keys.has(keyOf(canonicalize(units.slice(), this.context.space)))
  }

  /** Proposes the config at a point of the unit cube. */
  suggestion(units: ArrayLike<number>, { rng }: SuggestRequest): Suggestion {
    return { type: 'config', config: this.context.space.decode(units, { rng: rng.fork('decode') }) }
  }

  #add(observation: Observation): void {
    this.#observations.push(observation)
    this.#keys.add(keyOf(canonicalize(observation.units.slice(), this.context.space)))
  }
}

function checkEvaluated(checks: OptionChecks, one: unknown, name: string): void {
  const holds = isPlainObject(one) && isPlainObject(one.config) && isPlainObject(one.metrics)
  checks.that(holds, name, one, 'an object { config, metrics }, both of them objects')
  assertJson(one, 'INVALID_OPTION', name)
}

function checkObjectives(name: string, needs: Needs, { objectives }: SearcherContext): void {
  if (needs.objectives === 0) return
  if (objectives.length === 0)
    throw new TuneError(
      'INVALID_OPTION',
      `the ${name} searcher learns from a metric, and the study has none: set tuneConfig.metric and tuneConfig.mode`,
    )
  if (needs.objectives === 1 && objectives.length > 1)
    throw new TuneError(
      'INVALID_OPTION',
      `the ${name} searcher optimizes one metric, and the study has ${objectives.length} (${objectives.map(({ metric }) => show(metric)).join(', ')}): name one, or use the nsga2, tpe or random searcher`,
    )
}
