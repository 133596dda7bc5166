import type { JsonObject } from '../../src/json.js'
import { OptionChecks } from '../../src/option-checks.js'
import type { EvaluatedConfig, Searcher, SearcherContext, Suggestion, SuggestRequest } from '../../src/searcher.js'
import { hasEnded, type Trial, type TrialReport } from '../../src/trial.js'
import { notSetUp } from '../kit/not-set-up.js'
import { addEvaluatedTo, checkSearcher, describeInner } from './inner.js'
import { type Aggregate, combine, combineReports, type GroupRule, standIn } from './repeat-group.js'

/** Options of {@link Repeater}. */
export interface RepeaterOptions {
  /** How often each suggestion is tried: an integer of at least 1. */
  readonly repeat: number
  /** What the searcher learns of a suggestion's repeats: the mean or the median of each objective. @defaultValue 'mean' */
  readonly aggregate?: Aggregate
  /**
   * How many repeats must have finite values of all objectives, in [1, repeat]; with fewer the suggestion counts as failed. The others are left
   * out of the mean. `repeat` itself lets one failed repeat fail the suggestion.
   *
   * @defaultValue 1
   */
  readonly minRepeats?: number
}

/**
 * Tries each suggestion of a searcher several times, and lets it learn from the mean.
 *
 * Use it where the metric is noisy, as with small data sets or reinforcement learning, and one lucky run could mislead the search. Each
 * repeat is a trial of its own, with its own seed; `context.repeat` tells it which one it is. A searcher that models noise, such as the Bayesian
 * one, mostly does better with more different configs instead.
 *
 * **`numSamples` counts suggestions**, as it counts combinations with `gridSearch`: the study has `repeat` × `numSamples` trials. The searcher
 * sees one trial for each suggestion, with its number as index; it ends when the last repeat has ended, and is pending till then. A report of
 * such a trial is made when the last repeat has made its own of that number.
 *
 * Trials `g × repeat` to `g × repeat + repeat − 1` are those of suggestion g. A scheduler that stops trials early compares single repeats, not
 * their means. A suggestion costs what the searcher's costs; repeats after the first cost nothing.
 *
 * @see Ray Tune's `Repeater`, whose `num_samples` counts trials
 */
export class Repeater implements Searcher {
  readonly name: string = 'repeater'
  readonly #searcher: Searcher
  readonly #repeat: number
  readonly #rule: Omit<GroupRule, 'objectives'>
  /** By suggestion and by repeat: the trials that ended. Those of suggestions that all ended are kept, since a trial may be taken up again. */
  readonly #trials = new Map<number, Map<number, Trial>>()
  /** The suggestions of whose trials some ended, and not all. */
  readonly #incomplete = new Set<number>()
  /** By suggestion, number of the report and repeat: reports that not all repeats have made yet. */
  readonly #reports = new Map<number, Map<number, Map<number, TrialReport>>>()
  #context: SearcherContext | undefined

  /** @throws `TuneError` `INVALID_OPTION` naming the option that is wrong */
  constructor(searcher: Searcher, { repeat, aggregate = 'mean', minRepeats = 1 }: RepeaterOptions) {
    checkSearcher('Repeater', searcher)
    const checks = new OptionChecks('Repeater')
    checks.integer('repeat', repeat, 1)
    checks.integer('minRepeats', minRepeats, 1, repeat)
    checks.that(aggregate === 'mean' || aggregate === 'median', 'aggregate', aggregate, "'mean' or 'median'")
    this.#searcher = searcher
    this.#repeat = repeat
    this.#rule = { aggregate, minimum: minRepeats }
  }

  get options(): JsonObject {
    const { aggregate, minimum } = this.#rule
    return { repeat: this.#repeat, aggregate, minRepeats: minimum, searcher: describeInner(this.#searcher) }
  }

  /** @throws what the searcher's `setUp` throws */
  setUp(context: SearcherContext): void {
    this.#context = context
    this.#trials.clear()
    this.#incomplete.clear()
    this.#reports.clear()
    const maxConcurrentTrials = Math.ceil(context.maxConcurrentTrials / this.#repeat)
    this.#searcher.setUp({ ...context, maxConcurrentTrials })
  }

  /** How many trials it will propose: `repeat` times as many as the searcher proposes suggestions. */
  total(): number {
    return this.#repeat * (this.#searcher.total?.() ?? this.#context?.numSamples ?? 0)
  }

  suggest({ trialIndex, pending }: SuggestRequest): Suggestion {
    const { rng } = this.#setUpContext()
    if (trialIndex >= this.total()) return { type: 'finished' }
    const { group, index } = this.#placeOf(trialIndex)
    const repeat = { group, index, of: this.#repeat }
    const open = this.#openGroups(pending)
    const begun = open.get(group)
    if (begun !== undefined) return { type: 'config', config: begun.config, repeat }
    // the stream that the searcher would get if it suggested for the study itself
    const suggestion = this.#searcher.suggest({ trialIndex: group, rng: rng.fork(group), pending: open })
    return suggestion.type === 'config' ? { ...suggestion, repeat } : suggestion
  }

  /** @throws `TuneError` `INVALID_OPTION` if the searcher learns nothing from evaluated configs, or its study has begun */
  addEvaluated(evaluated: readonly EvaluatedConfig[]): void {
    addEvaluatedTo(this.#searcher, evaluated)
  }

  onReport(trial: Trial, report: TrialReport): void {
    if (!this.#searcher.onReport) return
    const { objectives } = this.#setUpContext()
    const { group, index } = this.#placeOf(trial.index)
    const { iteration } = report
    const ofGroup = getOrAdd(this.#reports, group)
    const same = getOrAdd(ofGroup, iteration)
    same.set(index, report)
    if (same.size < this.#repeat) return
    ofGroup.delete(iteration)
    const combined = combineReports(inOrder(same), objectives, this.#rule.aggregate)
    const seen = { ...standIn(group, [trial]), iteration, lastReport: combined, bestReport: combined }
    this.#searcher.onReport(seen, combined)
  }

  observe(trial: Trial): void {
    const { objectives } = this.#setUpContext()
    const { group, index } = this.#placeOf(trial.index)
    const trials = getOrAdd(this.#trials, group)
    trials.set(index, trial)
    this.#incomplete.add(group)
    if (trials.size < this.#repeat || ![...trials.values()].every(hasEnded)) return
    this.#incomplete.delete(group)
    this.#reports.delete(group)
    this.#searcher.observe?.(combine(group, inOrder(trials), { ...this.#rule, objectives }))
  }

  /** The suggestions whose repeats have begun and not all ended, by number in rising order, as trials. */
  #openGroups(pending: ReadonlyMap<number, Trial>): ReadonlyMap<number, Trial> {
    const trials = [...pending.values()]
    for (const group of this.#incomplete) trials.push(...(this.#trials.get(group)?.values() ?? []))
    const open = new Map<number, Trial>()
    for (const trial of trials.sort((a, b) => a.index - b.index)) {
      const { group } = this.#placeOf(trial.index)
      if (!open.has(group)) open.set(group, standIn(group, [trial]))
    }
    return open
  }

  #placeOf(trialIndex: number): { readonly group: number; readonly index: number } {
    return { group: Math.floor(trialIndex / this.#repeat), index: trialIndex % this.#repeat }
  }

  #setUpContext(): SearcherContext {
    if (this.#context !== undefined) return this.#context
    throw notSetUp(this.name)
  }
}

/** The map under a key, a new one if there is none. */
function getOrAdd<K, V>(maps: Map<number, Map<K, V>>, key: number): Map<K, V> {
  let map = maps.get(key)
  if (map === undefined) {
    map = new Map()
    maps.set(key, map)
  }
  return map
}

/** The values in rising order of their keys. */
function inOrder<V>(values: ReadonlyMap<number, V>): V[] {
  return [...values].sort(([a], [b]) => a - b).map(([, value]) => value)
}
