import { show, TuneError } from '../../src/errors.js'
import type { JsonObject } from '../../src/json.js'
import type { EvaluatedConfig, Searcher, SearcherContext, Suggestion, SuggestRequest } from '../../src/searcher.js'
import type { Trial, TrialReport } from '../../src/trial.js'
import { addEvaluatedTo, checkInteger, checkSearcher, describeInner } from './inner.js'
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
  /** Groups that have reports or trials that ended, and that have not ended, by number. */
  readonly #groups = new Map<number, Group>()
  #context: SearcherContext | undefined

  /** @throws `TuneError` `INVALID_OPTION` naming the option that is wrong */
  constructor(searcher: Searcher, { repeat, aggregate = 'mean', minRepeats = 1 }: RepeaterOptions) {
    checkSearcher('Repeater', searcher)
    checkInteger('repeat', repeat, 1)
    checkInteger('minRepeats', minRepeats, 1, repeat)
    if (aggregate !== 'mean' && aggregate !== 'median')
      throw new TuneError('INVALID_OPTION', `aggregate is ${show(aggregate)}; give 'mean' or 'median'`)
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
    this.#groups.clear()
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
    const { trials, reports } = this.#groupOf(group)
    reports[index]?.push(report)
    const number = reports[index]?.length ?? 0
    const same = reports.flatMap(each => each[number - 1] ?? [])
    if (same.length < this.#repeat) return
    const combined = combineReports(same, objectives, this.#rule.aggregate)
    const seen = { ...standIn(group, [...trials.values(), trial]), iteration: number }
    this.#searcher.onReport({ ...seen, lastReport: combined, bestReport: combined, clock: trial.clock }, combined)
  }

  observe(trial: Trial): void {
    const { objectives } = this.#setUpContext()
    const { group, index } = this.#placeOf(trial.index)
    const { trials } = this.#groupOf(group)
    trials.set(index, trial)
    if (trials.size < this.#repeat) return
    this.#groups.delete(group)
    const inOrder = [...trials].sort(([a], [b]) => a - b).map(([, each]) => each)
    this.#searcher.observe?.(combine(group, inOrder, { ...this.#rule, objectives }))
  }

  /** The suggestions whose repeats have begun and not all ended, by number in rising order, as trials. */
  #openGroups(pending: ReadonlyMap<number, Trial>): ReadonlyMap<number, Trial> {
    const trials = [...pending.values()]
    for (const group of this.#groups.values()) trials.push(...group.trials.values())
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

  #groupOf(number: number): Group {
    let group = this.#groups.get(number)
    if (group === undefined) {
      group = { trials: new Map(), reports: Array.from({ length: this.#repeat }, () => []) }
      this.#groups.set(number, group)
    }
    return group
  }

  #setUpContext(): SearcherContext {
    if (this.#context !== undefined) return this.#context
    throw new TuneError('PLUGIN_FAULT', `a ${this.name} was asked before it was set up; call setUp first`)
  }
}

/** What is known of a suggestion's repeats while not all of them have ended. */
interface Group {
  /** Those that ended, by repeat. */
  readonly trials: Map<number, Trial>
  /** Their reports, by repeat; kept for a searcher that wants reports. */
  readonly reports: readonly TrialReport[][]
}
