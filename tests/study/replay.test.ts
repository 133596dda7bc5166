import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ASHAScheduler, FIFOScheduler } from '../../schedulers/index.js'
import { RandomSearcher } from '../../searchers/index.js'
import type { JsonObject } from '../../src/json.js'
import { Rng } from '../../src/rng.js'
import type { Scheduler } from '../../src/scheduler.js'
import type { Searcher, Suggestion, SuggestRequest } from '../../src/searcher.js'
import { choice, gridSearch, loguniform, randint, type SpaceDefinition, uniform } from '../../src/space/index.js'
import type { Stopper, StopVerdict } from '../../src/stopper.js'
import type { StopInput } from '../../src/stoppers/index.js'
import type { StudyEvent } from '../../src/study/events.js'
import { decodeLine, encodeLine } from '../../src/study/journal-line.js'
import { Study } from '../../src/study/study.js'
import type { Trial } from '../../src/trial.js'
import type { TuneConfig } from '../../src/tuner/config.js'
import { createDefinition, createParts } from '../../src/tuner/definition.js'

/** How a study is made: anew each time, since strategies belong to one study. */
interface Recipe {
  readonly paramSpace: SpaceDefinition
  /** @defaultValue a study that looks for a high `score` */
  readonly isWithoutMetric?: boolean
  readonly searcher?: () => Searcher
  readonly scheduler?: () => Scheduler
  readonly stop?: () => StopInput
  readonly tuneConfig?: TuneConfig
  readonly failureConfig?: { readonly maxFailures?: number; readonly failFast?: boolean }
}

function makeStudy(recipe: Recipe, seed: number, commit?: (event: StudyEvent) => void): Study {
  const { paramSpace, isWithoutMetric, searcher, scheduler, stop, tuneConfig, failureConfig } = recipe
  const input = {
    trainable: 'test',
    paramSpace,
    tuneConfig: {
      ...(!isWithoutMetric && { metric: 'score', mode: 'max' }),
      numSamples: 6,
      seed,
      ...tuneConfig,
      ...(searcher && { searchAlg: searcher() }),
      ...(scheduler && { scheduler: scheduler() }),
    } satisfies TuneConfig,
    runConfig: { ...(stop && { stop: stop() }), ...(failureConfig && { failureConfig }) },
    defaults: { searcher: () => new RandomSearcher(), scheduler: () => new FIFOScheduler() },
  }
  const parts = createParts(input)
  return new Study(createDefinition(input, parts, 'test'), parts, commit)
}

/** Everything that can be seen of a study. */
function look(study: Study) {
  return {
    trials: study.trials.map(plain),
    running: [...study.running.keys()].sort((a, b) => a - b),
    paused: [...study.paused.keys()],
    grants: [...study.running.keys()].sort((a, b) => a - b).map(index => study.grantOf(index)),
    counts: { ...study.counts },
    best: study.best?.index,
    haltReason: study.haltReason,
    isFinished: study.isFinished,
    totalTrials: study.totalTrials,
    schedulerState: study.schedulerState,
  }
}

function plain({ index, id, name, directory, config, status, iteration, lastReport, ...rest }: Trial) {
  const { bestReport, checkpoints, failures, error, reason, clock } = rest
  return {
    index,
    id,
    name,
    directory,
    config,
    status,
    iteration,
    lastReport,
    bestReport,
    checkpoints,
    failures,
    error,
    reason,
    clock,
  }
}

function ask(study: Study): unknown {
  const answer = study.ask()
  return 'trial' in answer ? { type: answer.type, trial: plain(answer.trial) } : answer
}

/** Metrics of every kind, the study's own missing, not finite or level with another now and then. */
function makeMetrics(rng: Rng): JsonObject {
  const kind = rng.integer(0, 12)
  const score = kind === 0 ? Number.NaN : kind === 1 ? Number.POSITIVE_INFINITY : rng.integer(0, 40) / 8
  return kind === 2 ? { other: 'x' } : { score, nested: { loss: -score } }
}

/** One thing that may happen to a study, drawn at random. */
function happen(study: Study, rng: Rng): void {
  const running = [...study.running.keys()].sort((a, b) => a - b)
  const trial = running[rng.integer(0, Math.max(1, running.length))]
  const kind = rng.integer(0, 100)
  if (trial === undefined || (kind < 30 && running.length < 4)) {
    study.ask()
    return
  }
  const iteration = study.trials[trial]?.iteration ?? 0
  const timing = { timestampMs: rng.integer(0, 1e6), timeThisIterS: rng.uniform(), timeTotalS: rng.uniform() }
  if (kind < 82) study.commitReport(trial, makeMetrics(rng), timing)
  else if (kind < 88) study.tell(trial, rng.uniform() < 0.5 ? makeMetrics(rng) : undefined)
  else if (kind < 94) study.fail(trial, { name: 'RangeError', message: 'out of luck' })
  else if (kind < 97) study.addCheckpoint(trial, { name: `checkpoint_${iteration}`, iteration, score: rng.uniform() })
  else if (kind < 98)
    study.pruneCheckpoints(
      trial,
      (study.trials[trial]?.checkpoints ?? []).slice(0, 1).map(({ name }) => name),
    )
  else if (kind < 99) study.openSession()
  else study.halt('the budget is spent', 'time-budget')
}

/** Lives through a number of happenings. */
function live(recipe: Recipe, seed: number, happenings: number): { study: Study; events: StudyEvent[] } {
  const events: StudyEvent[] = []
  const study = makeStudy(recipe, seed, event => events.push(event))
  const rng = Rng.from(seed).fork('happenings')
  for (let i = 0; i < happenings && !study.isFinished; i++) happen(study, rng.fork(i))
  return { study, events }
}

/** Folds events into a fresh study, by way of the journal's lines. */
function fold(recipe: Recipe, seed: number, events: readonly StudyEvent[]): { study: Study; events: StudyEvent[] } {
  const committed: StudyEvent[] = []
  const study = makeStudy(recipe, seed, event => committed.push(event))
  for (const [n, event] of events.entries()) {
    const entry = decodeLine(Buffer.from(encodeLine({ n, at: 0, event }).trimEnd()))
    if (typeof entry === 'string') throw new Error(entry)
    study.replay(entry)
  }
  return { study, events: committed }
}

/** Suggests what depends on every end that it was told of, and wants no more than two trials at a time. */
class LearningSearcher implements Searcher {
  readonly name = 'learning'
  readonly options = {}
  #observed = 0
  #reports = 0

  setUp(): void {}

  suggest({ trialIndex, rng, pending }: SuggestRequest): Suggestion {
    if (trialIndex >= 9) return { type: 'finished' }
    if ([...pending.values()].filter(({ status }) => status === 'running').length >= 2) return { type: 'wait' }
    return { type: 'config', config: { x: this.#observed + rng.uniform(), reports: this.#reports } }
  }

  onReport(): void {
    this.#reports += 1
  }

  observe(trial: Trial): void {
    this.#observed = this.#observed * 3 + trial.index + trial.iteration + (trial.status === 'error' ? 0.5 : 0)
  }
}

/** Ends the study at its fifteenth report. */
class EnoughStopper implements Stopper {
  readonly name = 'enough'
  readonly options = {}
  #seen = 0

  onReport(): StopVerdict {
    this.#seen += 1
    return this.#seen < 15 ? { type: 'continue' } : { type: 'stop-study', reason: 'fifteen reports are enough' }
  }
}

const simple = { lr: loguniform(1e-5, 1), units: randint(1, 9) }
const conditional = {
  model: choice([
    { kind: 'tree', depth: randint(1, 5) },
    { kind: 'net', lr: loguniform(1e-4, 1), layers: choice([1, 2]) },
  ]),
  grid: gridSearch(['a', 'b']),
}
const rungs = { maxT: 9, reductionFactor: 3 } as const

const recipes: readonly (readonly [name: string, recipe: Recipe])[] = [
  ['FIFO over a simple space', { paramSpace: simple }],
  ['FIFO over a conditional space with a grid', { paramSpace: conditional, tuneConfig: { numSamples: 3 } }],
  [
    'points to try first, with names of their own',
    {
      paramSpace: simple,
      searcher: () => new RandomSearcher({ pointsToEvaluate: [{ units: 3 }, { lr: 0.1, units: 2 }] }),
      tuneConfig: { trialNameCreator: ({ index }) => `try ${index}`, trialDirnameCreator: ({ id }) => `../${id}` },
    },
  ],
  ['no end of samples', { paramSpace: simple, tuneConfig: { numSamples: -1 } }],
  ['no metric', { paramSpace: simple, isWithoutMetric: true, tuneConfig: { numSamples: 4 } }],
  ['ASHA that stops', { paramSpace: simple, scheduler: () => new ASHAScheduler(rungs) }],
  [
    'ASHA that stops, in two brackets, over a grid',
    {
      paramSpace: conditional,
      scheduler: () => new ASHAScheduler({ ...rungs, brackets: 2 }),
      tuneConfig: { numSamples: 4 },
    },
  ],
  [
    'ASHA that promotes',
    {
      paramSpace: simple,
      scheduler: () => new ASHAScheduler({ ...rungs, variant: 'promotion' }),
      tuneConfig: { numSamples: 12 },
    },
  ],
  [
    'ASHA that promotes, retries and stoppers',
    {
      paramSpace: conditional,
      scheduler: () => new ASHAScheduler({ ...rungs, variant: 'promotion' }),
      tuneConfig: { numSamples: 8 },
      stop: () => [{ score: 4.5 }, { trainingIteration: 6 }],
      failureConfig: { maxFailures: 1 },
    },
  ],
  ['a searcher that learns and waits', { paramSpace: simple, searcher: () => new LearningSearcher() }],
  [
    'a searcher that learns, beside ASHA that promotes',
    {
      paramSpace: simple,
      searcher: () => new LearningSearcher(),
      scheduler: () => new ASHAScheduler({ ...rungs, variant: 'promotion' }),
      tuneConfig: { numSamples: 9 },
    },
  ],
  ['a stop function', { paramSpace: simple, stop: () => (trial: Trial) => trial.iteration >= 2 + (trial.index % 3) }],
  [
    'a stopper that ends the study',
    { paramSpace: simple, stop: () => new EnoughStopper(), tuneConfig: { numSamples: 20 } },
  ],
  ['failFast', { paramSpace: simple, failureConfig: { failFast: true } }],
  ['retries without end', { paramSpace: { x: uniform(0, 1) }, failureConfig: { maxFailures: -1 } }],
]

describe('a study is the fold of its journal', () => {
  it.each(recipes)('and stands where it stood, and asks for the same next: %s', (_, recipe) => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 60 }), (seed, happenings) => {
        const lived = live(recipe, seed, happenings)
        const folded = fold(recipe, seed, lived.events)
        expect(look(folded.study)).toEqual(look(lived.study))
        const before = lived.events.length
        expect(ask(folded.study)).toEqual(ask(lived.study))
        expect(folded.events).toEqual(lived.events.slice(before))
        expect(look(folded.study)).toEqual(look(lived.study))
      }),
      { numRuns: 40 },
    )
  })

  it.each(recipes)('after each of its happenings, and goes on as it did: %s', (_, recipe) => {
    for (const seed of [1, 2]) {
      const whole = live(recipe, seed, 45)
      for (let happenings = 0; happenings < 45; happenings += 1) {
        const { events } = live(recipe, seed, happenings)
        const { study, events: more } = fold(recipe, seed, events)
        const rng = Rng.from(seed).fork('happenings')
        for (let i = happenings; i < 45 && !study.isFinished; i++) happen(study, rng.fork(i))
        expect([...events, ...more]).toEqual(whole.events)
        expect(look(study)).toEqual(look(whole.study))
      }
    }
  })

  it.each(recipes)(
    'and can go on from any prefix of it, one torn in the middle of a decision included: %s',
    (_, recipe) => {
      const { events } = live(recipe, 3, 60)
      for (let length = 0; length <= events.length; length++) {
        const { study } = fold(recipe, 3, events.slice(0, length))
        expect(() => study.ask()).not.toThrow()
        const { counts } = study
        expect(counts.pending + counts.running + counts.paused + counts.terminated + counts.error).toBe(
          study.trials.length,
        )
        expect([study.running.size, study.paused.size]).toEqual([counts.running, counts.paused])
      }
    },
  )

  it('needs no draws of its own: strategies that were asked more often suggest the same', () => {
    const recipe: Recipe = { paramSpace: simple }
    const often = makeStudy(recipe, 5)
    const once = makeStudy(recipe, 5)
    const first = often.ask()
    once.ask()
    if (first.type !== 'trial') throw new Error(`a trial was expected, not ${first.type}`)
    for (let i = 0; i < 5; i++) often.report(first.trial, { score: i })
    often.addCheckpoint(0, { name: 'c', iteration: 5 })
    expect(often.ask()).toMatchObject({ type: 'trial', trial: { index: 1, config: configOf(once.ask()) } })
  })

  function configOf(answer: ReturnType<Study['ask']>): JsonObject {
    if (answer.type !== 'trial') throw new Error(`a trial was expected, not ${answer.type}`)
    return answer.trial.config
  }

  it('is refused by a scheduler that now decides otherwise', () => {
    const stopping: Recipe = { paramSpace: simple, scheduler: () => new ASHAScheduler({ ...rungs, maxT: 3 }) }
    const events: StudyEvent[] = []
    const study = makeStudy(stopping, 1, event => events.push(event))
    study.ask()
    for (let i = 0; i < 3; i++) study.report(0, { score: 1 })
    expect(events.at(-1)).toMatchObject({ event: 'report', decision: { type: 'stop', by: 'asha' } })
    expect(() => fold({ paramSpace: simple }, 1, events)).toThrow(
      expect.objectContaining({
        code: 'STUDY_MISMATCH',
        message:
          "entry 3 of the journal says 'stop' for trial 0, and the fifo scheduler now says 'continue': the study was made by other code",
      }),
    )
  })

  it('is refused by a scheduler that decides where none did', () => {
    const events: StudyEvent[] = []
    const study = makeStudy({ paramSpace: simple }, 1, event => events.push(event))
    study.ask()
    study.report(0, { score: 1 })
    const stop = () => new ASHAScheduler({ ...rungs, variant: 'promotion' as const })
    expect(() => fold({ paramSpace: simple, scheduler: stop }, 1, events)).toThrow(
      expect.objectContaining({
        code: 'STUDY_MISMATCH',
        message: expect.stringContaining(
          "entry 1 of the journal says 'continue' for trial 0, and the asha scheduler now says 'pause'",
        ),
      }),
    )
  })

  it('takes whatever reason a decision now has', () => {
    const recipe: Recipe = { paramSpace: simple, scheduler: () => new ASHAScheduler({ ...rungs, maxT: 1 }) }
    const events: StudyEvent[] = []
    const study = makeStudy(recipe, 1, event => events.push(event))
    study.ask()
    study.report(0, { score: 1 })
    const reworded = events.map(event =>
      event.event === 'report' && event.decision
        ? { ...event, decision: { ...event.decision, reason: 'as an earlier version put it' } }
        : event,
    )
    expect(fold(recipe, 1, reworded).study.trials[0]?.status).toBe('terminated')
  })
})
