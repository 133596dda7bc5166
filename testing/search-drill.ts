import { TuneError } from '../src/errors.js'
import { assertJson, decodeJson, encodeJson, type JsonObject } from '../src/json.js'
import { Rng } from '../src/rng.js'
import type { Searcher, Suggestion, SuggestRequest } from '../src/searcher.js'
import type { Space } from '../src/space/space.js'
import { isBetter, type Objective, type Repeat, readMetric, type Trial, type TrialReport } from '../src/trial.js'

/** What a simulated trial reports, and how it ends. */
export interface Outcome {
  /** The metrics of its reports, in order. */
  readonly reports: readonly JsonObject[]
  readonly end: 'completed' | 'stopped by the scheduler' | 'stopped by the study' | 'failed'
}

/** A simulated study, for a searcher. */
export interface SearchPlan {
  readonly space: Space
  readonly objectives: readonly Objective[]
  /** How many samples the searcher is told of. */
  readonly numSamples: number
  /** How many trials are made at most. */
  readonly trials: number
  /** How many trials are open at a time. */
  readonly places: number
  /** Whether the trial that began first reports and ends first, or any of those that are open goes on next. */
  readonly ends: 'in order' | 'at random'
  readonly seed: number
  /** How long a report takes by the wall clock, which nothing may depend on. */
  readonly secondsPerReport: number
  readonly outcome: (trial: Pick<Trial, 'index' | 'config'>) => Outcome
}

/** One thing that happened in a simulated study, in commit order; plain data. */
export type SearchEvent =
  | { readonly type: 'suggestion'; readonly trialIndex: number; readonly suggestion: Suggestion }
  | { readonly type: 'report'; readonly trial: Trial; readonly report: TrialReport }
  | { readonly type: 'end'; readonly trial: Trial }

/**
 * A study for a searcher alone: fills free places with its suggestions, and lets trials report and end as planned. What the searcher gets is
 * frozen, and what it gives goes through JSON, as through a journal.
 */
export class SearchDrill {
  readonly events: SearchEvent[] = []
  readonly configs: JsonObject[] = []
  /** What broke the searcher's contract, in words. */
  readonly faults: string[] = []
  readonly warnings: string[] = []
  readonly #searcher: Searcher
  readonly #plan: SearchPlan
  readonly #pending = new Map<number, Trial>()
  #isFinished = false

  constructor(searcher: Searcher, plan: SearchPlan) {
    this.#searcher = searcher
    this.#plan = plan
    const { space, objectives, numSamples, seed } = plan
    const [first] = objectives.length === 1 ? objectives : []
    searcher.setUp({
      space,
      objectives,
      metric: first?.metric,
      mode: first?.mode,
      numSamples,
      maxConcurrentTrials: plan.places,
      rng: Rng.from(seed).fork('searcher'),
      onWarning: message => this.warnings.push(message),
    })
  }

  /** What it answered, each time it was asked. */
  get suggestions(): readonly Suggestion[] {
    return this.events.flatMap(event => (event.type === 'suggestion' ? [event.suggestion] : []))
  }

  /** Takes the events of another study as a resumed one does: the searcher is told of reports and ends, and asked for nothing. */
  replay(events: readonly SearchEvent[]): this {
    for (const event of events) {
      if (event.type === 'suggestion') this.#take(event)
      else if (event.type === 'report') this.#report(event.trial, event.report)
      else this.#end(event.trial)
    }
    return this
  }

  /**
   * Goes on until the trials are made and ended, or the searcher has finished.
   *
   * @param before - called before each suggestion
   */
  run(before?: (request: SuggestRequest) => void): this {
    for (;;) {
      const isFull = this.configs.length >= this.#plan.trials || this.#pending.size >= this.#plan.places
      if (!isFull && !this.#isFinished) {
        before?.(this.request())
        if (this.ask().type === 'config') continue
      }
      const next = this.#nextToGoOn()
      if (next === undefined) return this
      this.#goOn(next)
    }
  }

  /** Asks for the next suggestion, and begins its trial. */
  ask(): Suggestion {
    const request = this.request()
    const suggestion = throughJson(this.#searcher.suggest(request), this.faults)
    if (suggestion.type === 'wait' && this.#pending.size === 0)
      this.faults.push(`trial ${request.trialIndex}: it waits, and no trial is under way that could end the wait`)
    if (suggestion.type === 'config') this.#check(request.trialIndex, suggestion)
    this.#take({ type: 'suggestion', trialIndex: request.trialIndex, suggestion })
    return suggestion
  }

  /** What the searcher is asked at this point for a trial; the next one, unless told otherwise. */
  request(trialIndex: number = this.configs.length): SuggestRequest {
    const rng = Rng.from(this.#plan.seed).fork('searcher', trialIndex)
    return { trialIndex, rng, pending: new Map(this.#pending) }
  }

  #check(trialIndex: number, { config, repeat }: { readonly config: JsonObject; readonly repeat?: Repeat }): void {
    try {
      this.#plan.space.validate(config)
    } catch (error) {
      this.faults.push(`trial ${trialIndex}: ${error instanceof Error ? error.message : String(error)}`)
    }
    if (repeat && !(repeat.index >= 0 && repeat.index < repeat.of && repeat.group >= 0))
      this.faults.push(`trial ${trialIndex}: its repeat is ${JSON.stringify(repeat)}`)
  }

  #take(event: Extract<SearchEvent, { type: 'suggestion' }>): void {
    this.events.push(event)
    const { trialIndex, suggestion } = event
    if (suggestion.type === 'finished') this.#isFinished = true
    if (suggestion.type !== 'config') return
    this.configs.push(suggestion.config)
    this.#pending.set(trialIndex, makeTrial(trialIndex, suggestion.config, suggestion.repeat))
  }

  #nextToGoOn(): Trial | undefined {
    const open = [...this.#pending.values()]
    // named by the number of events, so that a study that was replayed goes on as the first one did
    const draw = () => Rng.from(this.#plan.seed).fork('ends', this.events.length).integer(0, open.length)
    return open[this.#plan.ends === 'in order' ? 0 : draw()]
  }

  /** Lets a trial make its next report, or end. */
  #goOn(trial: Trial): void {
    const { outcome, objectives, secondsPerReport } = this.#plan
    const { reports, end } = outcome(trial)
    const metrics = reports[trial.iteration]
    if (metrics === undefined) {
      this.#end(deepFreeze({ ...trial, ...endings[end] }))
      return
    }
    const iteration = trial.iteration + 1
    const timeTotalS = iteration * secondsPerReport
    const timing = { timestampMs: 1000 * timeTotalS, timeThisIterS: secondsPerReport, timeTotalS }
    const report = deepFreeze({ iteration, metrics, timing })
    const bestReport = bestOf(trial.bestReport, report, objectives)
    this.#report(deepFreeze({ ...trial, iteration, lastReport: report, bestReport, clock: iteration }), report)
  }

  #report(trial: Trial, report: TrialReport): void {
    this.events.push({ type: 'report', trial, report })
    this.#pending.set(trial.index, trial)
    this.#searcher.onReport?.(trial, report)
  }

  #end(trial: Trial): void {
    this.events.push({ type: 'end', trial })
    this.#pending.delete(trial.index)
    this.#searcher.observe?.(trial)
  }
}

const endings = {
  completed: { status: 'terminated' },
  'stopped by the scheduler': { status: 'terminated', endedBy: 'scheduler', reason: 'not among the best' },
  'stopped by the study': { status: 'terminated', endedBy: 'study', reason: 'the time is over' },
  failed: { status: 'error', failures: 1, error: { name: 'Error', message: 'failed on purpose' } },
} as const satisfies Record<Outcome['end'], Partial<Trial>>

function bestOf(best: TrialReport | undefined, report: TrialReport, objectives: readonly Objective[]) {
  const [objective] = objectives
  if (objective === undefined || objectives.length > 1) return undefined
  const value = (of: TrialReport | undefined) => of && readMetric(of, objective.metric)
  return best === undefined || isBetter(value(report), value(best), objective.mode) ? report : best
}

function makeTrial(index: number, config: JsonObject, repeat: Repeat | undefined): Trial {
  const id = `trial-${index}`
  return deepFreeze({
    index,
    id,
    name: id,
    directory: id,
    config,
    status: 'running',
    iteration: 0,
    lastReport: undefined,
    bestReport: undefined,
    checkpoints: [],
    failures: 0,
    error: undefined,
    reason: undefined,
    endedBy: undefined,
    origin: undefined,
    repeat,
    clock: 0,
  })
}

/** A suggestion as a journal gives it back. */
function throughJson(suggestion: Suggestion, faults: string[]): Suggestion {
  if (suggestion.type !== 'config') return suggestion
  try {
    assertJson(suggestion.config, 'PLUGIN_FAULT', 'the suggested config')
  } catch (error) {
    if (!(error instanceof TuneError)) throw error
    faults.push(error.message)
    return suggestion
  }
  const config = decodeJson(encodeJson(suggestion.config)) as JsonObject
  return deepFreeze({ ...suggestion, config })
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const child of Object.values(value)) deepFreeze(child)
  return Object.freeze(value)
}
