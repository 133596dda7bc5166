import type { JsonObject } from '../../src/json.js'
import { OptionChecks } from '../../src/option-checks.js'
import type { EvaluatedConfig, Searcher, SearcherContext, Suggestion, SuggestRequest } from '../../src/searcher.js'
import { hasEnded, type Trial, type TrialReport } from '../../src/trial.js'
import { addEvaluatedTo, checkSearcher, describeInner } from './inner.js'

/** Options of {@link ConcurrencyLimiter}. */
export interface ConcurrencyLimiterOptions {
  /** How many of the searcher's trials may be open at a time, those that a scheduler paused aside: an integer of at least 1. */
  readonly maxConcurrent: number
  /**
   * Whether trials come in batches of `maxConcurrent`: the next batch begins when all of the last one have ended, and the searcher then learns of
   * them together, in the order of their indices. Its suggestions then don't depend on which trial ended first.
   *
   * @defaultValue false: a new trial begins whenever fewer than `maxConcurrent` are open
   */
  readonly batch?: boolean
}

/**
 * Lets only so many of a searcher's trials be open at a time, however many places the study has.
 *
 * Use it for a searcher that learns from each result when the study has many places, so that fewer suggestions are made before their
 * predecessors' results are known: the search takes longer, and needs fewer trials. `batch` is for searchers that think in generations and
 * for machines that are used in turns. Set `tuneConfig.maxConcurrentTrials` instead where the whole study is to have fewer places.
 *
 * With `batch`, trials that ended count as pending for the searcher until it is told of them; don't combine it with a searcher that itself waits
 * for results before it suggests `maxConcurrent` configs. A suggestion costs what the searcher's costs.
 *
 * @see Ray Tune's `ConcurrencyLimiter`
 */
export class ConcurrencyLimiter implements Searcher {
  readonly name = 'concurrency-limiter'
  readonly #searcher: Searcher
  readonly #maxConcurrent: number
  readonly #isBatched: boolean
  /** With `batch`: the trials of the present batch that ended. */
  readonly #held = new Map<number, Trial>()
  #batchesEnded = 0
  #numSamples = 0

  /** @throws `TuneError` `INVALID_OPTION` naming the option that is wrong */
  constructor(searcher: Searcher, { maxConcurrent, batch = false }: ConcurrencyLimiterOptions) {
    checkSearcher('ConcurrencyLimiter', searcher)
    const checks = new OptionChecks('ConcurrencyLimiter')
    checks.integer('maxConcurrent', maxConcurrent, 1)
    checks.flag('batch', batch)
    this.#searcher = searcher
    this.#maxConcurrent = maxConcurrent
    this.#isBatched = batch
  }

  get options(): JsonObject {
    const own = { maxConcurrent: this.#maxConcurrent, batch: this.#isBatched }
    return { ...own, searcher: describeInner(this.#searcher) }
  }

  /** @throws what the searcher's `setUp` throws */
  setUp(context: SearcherContext): void {
    this.#held.clear()
    this.#batchesEnded = 0
    this.#numSamples = context.numSamples
    const maxConcurrentTrials = Math.min(this.#maxConcurrent, context.maxConcurrentTrials)
    this.#searcher.setUp({ ...context, maxConcurrentTrials })
  }

  total(): number {
    return this.#searcher.total?.() ?? this.#numSamples
  }

  suggest(request: SuggestRequest): Suggestion {
    if (request.trialIndex >= this.total()) return { type: 'finished' }
    if (!this.#isBatched)
      return countOpen(request) < this.#maxConcurrent ? this.#searcher.suggest(request) : { type: 'wait' }
    if (Math.floor(request.trialIndex / this.#maxConcurrent) > this.#batchesEnded) return { type: 'wait' }
    const pending = new Map([...request.pending, ...this.#held].sort(([a], [b]) => a - b))
    return this.#searcher.suggest({ ...request, pending })
  }

  /** @throws `TuneError` `INVALID_OPTION` if the searcher learns nothing from evaluated configs, or its study has begun */
  addEvaluated(evaluated: readonly EvaluatedConfig[]): void {
    addEvaluatedTo(this.#searcher, evaluated)
  }

  onReport(trial: Trial, report: TrialReport): void {
    this.#searcher.onReport?.(trial, report)
  }

  observe(trial: Trial): void {
    const isOfEarlierBatch = Math.floor(trial.index / this.#maxConcurrent) < this.#batchesEnded
    if (!this.#isBatched || isOfEarlierBatch) {
      this.#searcher.observe?.(trial)
      return
    }
    this.#held.set(trial.index, trial)
    if (this.#held.size < this.#maxConcurrent || ![...this.#held.values()].every(hasEnded)) return
    for (const [, ended] of [...this.#held].sort(([a], [b]) => a - b)) this.#searcher.observe?.(ended)
    this.#held.clear()
    this.#batchesEnded += 1
  }
}

/** A trial that is paused may never go on: waiting for it could make the study end it. */
function countOpen({ pending }: SuggestRequest): number {
  let open = 0
  for (const { status } of pending.values()) if (status !== 'paused') open += 1
  return open
}
