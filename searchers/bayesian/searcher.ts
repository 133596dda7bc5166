import type { JsonObject } from '../../src/json.js'
import type { EvaluatedConfig, Searcher, SearcherContext, Suggestion, SuggestRequest } from '../../src/searcher.js'
import type { Trial } from '../../src/trial.js'
import { Experience } from '../kit/experience.js'
import { notSetUp } from '../kit/not-set-up.js'
import { makeNovel } from '../kit/novelty.js'
import type { Observation } from '../kit/observation.js'
import { SpaceFilling } from '../kit/space-filling.js'
import { type Layout, layOut, writeRow } from './layout.js'
import { type BayesianSearcherOptions, type ResolvedOptions, resolveOptions } from './options.js'
import { propose } from './propose.js'
import { Surrogates } from './surrogate.js'
import { advanceRegion, beginRegion, type RegionState } from './trust-region.js'

/** With more parameters than these the search is in trust regions, unless told otherwise. */
const mostForWholeCube = 20

/** How far a start's point may be from the sequence's, if that was tried before. */
const mutationEta = 20

/**
 * Bayesian optimization: a Gaussian process learns how the metric depends on the config, and the next trial is where it expects the greatest
 * improvement.
 *
 * Use it where trials are expensive: up to some hundred of them, up to about 20 parameters (more in trust regions), a few at a time. It
 * needs the fewest trials of all searchers, with smooth metrics above all, noisy ones included. With thousands of cheap trials, or with metrics
 * that jump, a TPE, CMA-ES or genetic search is as good. Of several metrics it takes one.
 *
 * It starts with a scrambled Sobol sequence. Then the model has an ARD Matérn-5/2 kernel, in which categories are equal or not and
 * conditional parameters are there or not, and the hyperparameters of the greatest posterior density; every other trial its results
 * are made normal first (see `outputWarping`). Trials that have not ended count as if they had come to what the model expects, failed ones as the
 * worst so far. Its acquisition, the logarithm of expected improvement, is searched from Sobol points and from near the best configs by
 * gradients, and through all values of discrete parameters. Once little more is expected near the best config, or trials there have brought
 * nothing, two trials in three search as if those near it had not been, for another optimum.
 *
 * A suggestion costs O(n²) for n observations, and a fit of O(n³) each time that n has grown by a twelfth (with each of the first 20):
 * together some 10 ms at 100 observations of 5 parameters and below 100 ms at 500, above which n stays (see `maxObservations`). A
 * suggestion is a function of the history, so a resumed study goes on as it would have, after one fit.
 *
 * @see Snoek, Larochelle and Adams, Practical Bayesian Optimization of Machine Learning Algorithms, NeurIPS 2012
 * @see Ament et al., Unexpected Improvements to Expected Improvement for Bayesian Optimization, NeurIPS 2023
 * @see Hvarfner, Hellsten and Nardi, Vanilla Bayesian Optimization Performs Great in High Dimensions, ICML 2024, for the priors
 * @see Eriksson et al., Scalable Global Optimization via Local Bayesian Optimization, NeurIPS 2019, for trust regions
 * @see Optuna's `GPSampler`, Ray Tune's `BayesOptSearch`
 */
export class BayesianSearcher implements Searcher {
  readonly name = 'bayesian'
  readonly #resolved: ResolvedOptions
  readonly #experience: Experience
  #state: State | undefined

  /** @throws `TuneError` `INVALID_OPTION` for an option that is unknown or out of range */
  constructor(options: BayesianSearcherOptions = {}) {
    this.#resolved = resolveOptions(options)
    this.#experience = new Experience(this.name, options, { objectives: 1 })
  }

  get options(): JsonObject {
    const { startupTrials, ...others } = this.#resolved
    return { ...this.#experience.options, ...others, startupTrials: startupTrials ?? null }
  }

  addEvaluated(evaluated: readonly EvaluatedConfig[]): void {
    this.#experience.addEvaluated(evaluated)
  }

  setUp(context: SearcherContext): void {
    this.#experience.setUp(context)
    const { space, numSamples, rng } = context
    const layout = layOut(space)
    const d = layout.varying.length
    const { trustRegion } = this.#resolved
    const isLocal = trustRegion === 'always' || (trustRegion === 'auto' && d > mostForWholeCube)
    const usual = Math.min(Math.max(2 * d, 8), isLocal ? 40 : 20, Math.max(numSamples / 4, 4))
    const state: State = {
      layout,
      isLocal,
      startupTrials: this.#resolved.startupTrials ?? Math.floor(usual),
      startup: new SpaceFilling(space, rng.fork('startup')),
      surrogates: new Surrogates(layout, this.#resolved),
      rows: [],
      values: [],
      region: beginRegion(0),
    }
    this.#state = state
    for (const observation of this.#experience.observations) take(state, observation)
  }

  total(): number {
    return this.#experience.total
  }

  observe(trial: Trial): void {
    take(this.#ready(), this.#experience.observe(trial))
  }

  suggest(request: SuggestRequest): Suggestion {
    const fixed = this.#experience.fixedSuggestion(request)
    if (fixed !== undefined) return fixed
    const proposed = this.#isStarting(request) ? undefined : this.#propose(request)
    return this.#experience.suggestion(proposed ?? this.#startPoint(request), request)
  }

  /** Whether too little is known for a model. */
  #isStarting({ pending }: SuggestRequest): boolean {
    const { layout, startupTrials, values, region } = this.#ready()
    if (layout.varying.length === 0) return true
    const own = values.slice(region.begin)
    const known = own.filter(value => !Number.isNaN(value)).length
    return own.length + pending.size < startupTrials || known < Math.max(2, startupTrials / 2)
  }

  #startPoint(request: SuggestRequest): Float64Array {
    const point = this.#ready().startup.point(request.trialIndex, request.rng)
    return makeNovel(point, mutationEta, this.#experience, request)
  }

  /** What the model proposes; undefined if it knows no config that is new. */
  #propose(request: SuggestRequest): Float64Array | undefined {
    const { layout, isLocal, surrogates, rows, values, region } = this.#ready()
    const { begin } = region
    const { outputWarping } = this.#resolved
    const history = {
      rows: Float64Array.from(rows.slice(begin * layout.varying.length)),
      values: Float64Array.from(values.slice(begin)),
    }
    const isWarped = outputWarping === 'alternate' ? request.trialIndex % 2 === 0 : outputWarping === 'always'
    return propose({
      layout,
      surrogate: surrogates.model(history, begin, isWarped),
      history,
      units: this.#experience.observations.slice(begin).map(({ units }) => units),
      pending: [...this.#experience.pendingUnits(request).values()],
      isKnown: units => this.#experience.isKnown(units),
      regionLength: isLocal ? region.length : undefined,
      options: this.#resolved,
      // the others go on near the best config
      isRoving: !isLocal && request.trialIndex % 6 >= 2,
      isWarped,
      rng: request.rng.fork('proposal'),
    })
  }

  #ready(): State {
    if (this.#state !== undefined) return this.#state
    throw notSetUp(this.name)
  }
}

interface State {
  readonly layout: Layout
  /** Whether it searches in trust regions. */
  readonly isLocal: boolean
  readonly startupTrials: number
  readonly startup: SpaceFilling
  readonly surrogates: Surrogates
  /** Row-major [n × d]. */
  readonly rows: number[]
  /** [n] */
  readonly values: number[]
  region: RegionState
}

function take(state: State, { units, values }: Observation): void {
  const { layout, isLocal, startupTrials } = state
  const d = layout.varying.length
  const row = new Float64Array(d)
  writeRow(layout, units, row)
  for (const value of row) state.rows.push(value)
  const value = values?.[0] ?? Number.NaN
  if (isLocal) state.region = advanceRegion(state.region, value, state.values.length, startupTrials, Math.max(4, d))
  state.values.push(value)
}
