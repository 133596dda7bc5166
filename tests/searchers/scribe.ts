import type { JsonObject } from '../../src/json.js'
import { Rng } from '../../src/rng.js'
import type { Searcher, SearcherContext, Suggestion, SuggestRequest } from '../../src/searcher.js'
import { Space, uniform } from '../../src/space/index.js'
import type { Objective, Trial, TrialReport } from '../../src/trial.js'

/** A searcher that suggests at random and writes down what it is told: a stand-in for what a wrapper wraps. */
export class Scribe implements Searcher {
  readonly name = 'scribe'
  readonly options: JsonObject = { quill: 1 }
  readonly observed: Trial[] = []
  readonly reported: { readonly index: number; readonly iteration: number; readonly metrics: JsonObject }[] = []
  readonly pending: (readonly number[])[] = []
  context: SearcherContext | undefined

  setUp(context: SearcherContext): void {
    this.context = context
  }

  suggest({ rng, pending }: SuggestRequest): Suggestion {
    this.pending.push([...pending.keys()])
    return { type: 'config', config: this.context?.space.sample(rng) ?? {} }
  }

  onReport({ index }: Trial, { iteration, metrics }: TrialReport): void {
    this.reported.push({ index, iteration, metrics })
  }

  observe(trial: Trial): void {
    this.observed.push(trial)
  }
}

/** What a searcher of one parameter `x` is told of its study. */
export function contextOf(objectives: readonly Objective[], numSamples = 10): SearcherContext {
  const [first] = objectives.length === 1 ? objectives : []
  return {
    space: Space.of({ x: uniform(0, 1) }),
    objectives,
    metric: first?.metric,
    mode: first?.mode,
    numSamples,
    maxConcurrentTrials: 8,
    rng: Rng.from(1).fork('searcher'),
    onWarning: () => undefined,
  }
}

export interface TrialFields extends Partial<Trial> {
  /** The metrics of its last report; none for no report. */
  readonly metrics?: JsonObject
}

/** A trial that ended, unless the fields say otherwise. */
export function makeTrial(index: number, { metrics, ...fields }: TrialFields = {}): Trial {
  const timing = { timestampMs: 0, timeThisIterS: 1, timeTotalS: 1 }
  const lastReport = metrics && { iteration: 1, metrics, timing }
  const id = `trial-${index}`
  return {
    index,
    id,
    name: id,
    directory: id,
    config: {},
    status: 'terminated',
    iteration: lastReport ? 1 : 0,
    lastReport,
    bestReport: lastReport,
    checkpoints: [],
    failures: 0,
    error: undefined,
    reason: undefined,
    endedBy: undefined,
    origin: undefined,
    repeat: undefined,
    clock: 0,
    ...fields,
  }
}

/** The request for a trial's suggestion, as a study makes it. */
export function requestOf(trialIndex: number, pending: readonly Trial[] = []): SuggestRequest {
  const rng = Rng.from(1).fork('searcher', trialIndex)
  return { trialIndex, rng, pending: new Map(pending.map(trial => [trial.index, trial])) }
}
