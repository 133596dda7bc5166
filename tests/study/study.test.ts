import { describe, expect, it } from 'vitest'
import type { TuneErrorCode } from '../../src/errors.js'
import type { JsonObject } from '../../src/json.js'
import { CONTINUE, type Decision, type NextAction, type NextRequest, type Scheduler } from '../../src/scheduler.js'
import type { Searcher, Suggestion, SuggestRequest } from '../../src/searcher.js'
import { Space, uniform } from '../../src/space/index.js'
import { KEEP_GOING, type Stopper, type StopVerdict } from '../../src/stopper.js'
import type { StudyDefinition, StudyEvent } from '../../src/study/events.js'
import { Study } from '../../src/study/study.js'
import type { StudyParts } from '../../src/study/study-parts.js'
import type { Trial } from '../../src/trial.js'
import { makeDefinition } from './definitions.js'

const paramSpace = { x: uniform(0, 1) }

const tuneError = (code: TuneErrorCode, message: string) =>
  expect.objectContaining({ name: 'TuneError', code, message: expect.stringContaining(message) })

/** A searcher that suggests what a function says. */
function searcherOf(suggest: (request: SuggestRequest) => Suggestion): Searcher {
  return { name: 'scripted', options: {}, setUp: () => undefined, suggest }
}

const counting = () => searcherOf(({ trialIndex }) => ({ type: 'config', config: { x: trialIndex } }))

/** A scheduler that decides, and gives places away, as functions say. */
function schedulerOf(
  onReport: (trial: Trial) => Decision = () => CONTINUE,
  next?: (request: NextRequest) => NextAction,
): Scheduler {
  return {
    name: 'scripted',
    options: {},
    timeAttr: 'trainingIteration',
    setUp: () => undefined,
    onReport,
    ...(next && { next }),
  }
}

/** A study of parts of one's own, and the events that it commits. */
function makeStudy(parts: Partial<StudyParts> = {}, definition: Partial<StudyDefinition> = {}) {
  const events: StudyEvent[] = []
  const study = new Study(
    makeDefinition(definition),
    { space: Space.of(paramSpace), searcher: counting(), scheduler: schedulerOf(), stoppers: [], ...parts },
    event => events.push(event),
  )
  return { study, events }
}

/** Starts that many trials. */
function start(study: Study, count: number): void {
  for (let i = 0; i < count; i++) expect(study.ask()).toMatchObject({ type: 'trial', trial: { index: i } })
}

function statuses(study: Study): string[] {
  return study.trials.map(({ status }) => status)
}

const pauseAlways = () => schedulerOf(() => ({ type: 'pause', reason: 'let others go first' }))

describe('a report', () => {
  it('of a trial that is not running is refused', () => {
    const { study, events } = makeStudy({ scheduler: pauseAlways() })
    start(study, 3)
    study.tell(0)
    study.report(1, { loss: 1 })
    study.fail(2, new Error('x'))
    const before = events.length
    for (const [index, status] of ['terminated', 'paused', 'error'].entries()) {
      const refusal = tuneError('INVALID_OPTION', `trial ${index} is ${status}, not running`)
      expect(() => study.report(index, { loss: 1 })).toThrow(refusal)
      expect(() => study.tell(index)).toThrow(refusal)
      expect(() => study.fail(index, new Error('x'))).toThrow(refusal)
    }
    expect(() => study.report(7, { loss: 1 })).toThrow(
      tuneError('INVALID_OPTION', 'there is no trial 7: the study has 3'),
    )
    expect(events).toHaveLength(before)
  })

  it.each([
    [[1, 2], 'a report of trial 0 is not a plain object'],
    [new Map([['loss', 1]]), 'a report of trial 0 is not a plain object'],
    [null, 'a report of trial 0 is not a plain object'],
    [{ loss: undefined }, "a report of trial 0 holds undefined at 'loss'"],
    [{ a: [() => 1] }, 'a report of trial 0 holds a function'],
  ])('that is no plain data is refused and leaves no trace: %o', (metrics, message) => {
    const { study, events } = makeStudy()
    start(study, 1)
    const before = events.length
    expect(() => study.report(0, metrics as unknown as JsonObject)).toThrow(tuneError('INVALID_REPORT', message))
    expect({ iteration: study.trials[0]?.iteration, events: events.length }).toEqual({ iteration: 0, events: before })
  })

  it('is read by nested names, and by its number where it has no such metric', () => {
    const { study } = makeStudy({}, { metric: 'val/loss' })
    start(study, 1)
    study.report(0, { val: { loss: 0.5 } })
    study.report(0, { 'val/loss': 0.25, val: { loss: 9 } })
    expect(study.best?.bestReport?.metrics).toMatchObject({ 'val/loss': 0.25 })
    const counted = makeStudy({}, { metric: 'trainingIteration', mode: 'max' }).study
    start(counted, 1)
    counted.report(0, {})
    counted.report(0, {})
    expect(counted.best?.bestReport?.iteration).toBe(2)
  })
})

describe('the best trial', () => {
  it.each(['min', 'max'] as const)('is never one of NaN or an infinity (%s)', mode => {
    const { study } = makeStudy({}, { mode })
    start(study, 4)
    for (const [trial, loss] of [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY].entries())
      study.report(trial, { loss })
    expect(study.best).toBeUndefined()
    study.report(3, { loss: 7 })
    study.report(3, { loss: Number.NaN })
    study.report(0, { loss: Number.NaN })
    expect([study.best?.index, study.best?.bestReport?.metrics]).toEqual([3, { loss: 7 }])
  })

  it('is by its best report, not by its last', () => {
    const { study } = makeStudy()
    start(study, 2)
    study.report(0, { loss: 0.1 })
    study.report(0, { loss: 5 })
    study.report(1, { loss: 0.2 })
    expect([study.best?.index, study.best?.bestReport?.iteration, study.best?.lastReport?.iteration]).toEqual([0, 1, 2])
  })

  it('is the first of those that draw level, whoever was there first', () => {
    const { study } = makeStudy()
    start(study, 3)
    for (const trial of [2, 1]) study.report(trial, { loss: 0.5 })
    expect(study.best?.index).toBe(1)
    study.report(0, { loss: 0.5 })
    study.report(2, { loss: 0.5 })
    expect(study.best?.index).toBe(0)
    study.report(2, { loss: 0.4 })
    expect(study.best?.index).toBe(2)
  })

  it('stays the best when it fails afterwards', () => {
    const { study } = makeStudy()
    start(study, 1)
    study.report(0, { loss: 0.5 })
    study.fail(0, new Error('x'))
    expect([study.best?.index, study.best?.status]).toEqual([0, 'error'])
  })
})

describe('the end of a trial', () => {
  it('that never reported the metric is an error that says what it did report', () => {
    const { study } = makeStudy()
    start(study, 3)
    study.report(0, { accuracy: 1, lr: 0.1 })
    study.tell(0)
    study.tell(1, {})
    study.tell(2)
    expect(study.trials.map(({ status, error }) => [status, error])).toEqual([
      [
        'error',
        {
          name: 'TuneError',
          code: 'METRIC_MISSING',
          message:
            "trial 0 never reported the study's metric 'loss' in 1 reports (its last report has 'accuracy', 'lr'): report it, or name another metric",
        },
      ],
      ['error', expect.objectContaining({ message: expect.stringContaining('its reports are empty') })],
      // a trial without any report has nothing to be wrong about
      ['terminated', undefined],
    ])
  })

  it('needs the metric in one of its reports only, and NaN will do', () => {
    const { study } = makeStudy()
    start(study, 1)
    study.report(0, { loss: Number.NaN })
    study.report(0, { other: 1 })
    study.tell(0)
    expect(statuses(study)).toEqual(['terminated'])
  })

  it('asks for no metric where the study has none', () => {
    const { study } = makeStudy({}, { metric: null, mode: null })
    start(study, 1)
    study.tell(0, { whatever: 1 })
    expect([statuses(study), study.best]).toEqual([['terminated'], undefined])
  })

  it('with a last report at which it is stopped has the reason of the stop', () => {
    const { study, events } = makeStudy({ scheduler: schedulerOf(() => ({ type: 'stop', reason: 'too slow' })) })
    start(study, 1)
    study.tell(0, { loss: 1 })
    expect([study.trials[0]?.reason, events.map(({ event }) => event)]).toEqual(['too slow', ['trial', 'report']])
  })

  it('with a last report at which it would pause is an end all the same', () => {
    const { study } = makeStudy({ scheduler: pauseAlways() })
    start(study, 1)
    study.tell(0, { loss: 1 })
    expect(study.counts).toEqual({ pending: 0, running: 0, paused: 0, terminated: 1, error: 0 })
    expect(study.trials[0]?.reason).toBeUndefined()
  })

  it('is told to the searcher and the scheduler once, whatever the end', () => {
    const told: string[] = []
    const searcher: Searcher = { ...counting(), observe: trial => told.push(`searcher ${trial.index} ${trial.status}`) }
    const scheduler: Scheduler = {
      ...pauseAlways(),
      onReport: trial =>
        trial.index === 1
          ? { type: 'stop', reason: 'bad' }
          : trial.index === 2
            ? { type: 'pause', reason: 'wait' }
            : CONTINUE,
      onTrialEnd: trial => told.push(`scheduler ${trial.index} ${trial.status}`),
    }
    const { study } = makeStudy({ searcher, scheduler }, { numSamples: 5 })
    start(study, 5)
    study.tell(0, { loss: 1 })
    study.report(1, { loss: 1 })
    study.report(2, { loss: 1 })
    study.fail(3, new Error('x'))
    study.halt('enough', 'a test')
    expect(told).toEqual(
      [
        [0, 'terminated'],
        [1, 'terminated'],
        [3, 'error'],
        [2, 'terminated'],
        [4, 'terminated'],
      ].flatMap(([index, status]) => [`scheduler ${index} ${status}`, `searcher ${index} ${status}`]),
    )
  })
})

describe('a failure', () => {
  it('is tried again maxFailures times, unseen by the searcher', () => {
    let observed = 0
    const searcher: Searcher = { ...counting(), observe: () => (observed += 1) }
    const { study, events } = makeStudy({ searcher }, { maxFailures: 2 })
    start(study, 1)
    study.report(0, { loss: 3 })
    const answers = [1, 2, 3].map(n => [study.fail(0, new Error(`failure ${n}`)), statuses(study)[0], observed])
    expect(answers).toEqual([
      [true, 'running', 0],
      [true, 'running', 0],
      [false, 'error', 1],
    ])
    expect(study.trials[0]).toMatchObject({ failures: 3, error: { message: 'failure 3' }, iteration: 1 })
    expect(events.flatMap(event => (event.event === 'failure' ? [event.retry] : []))).toEqual([true, true, false])
  })

  it('is tried again for ever with maxFailures -1, and never with 0', () => {
    const forEver = makeStudy({}, { maxFailures: -1 }).study
    start(forEver, 1)
    for (let i = 0; i < 50; i++) expect(forEver.fail(0, 'again')).toBe(true)
    const never = makeStudy().study
    start(never, 1)
    expect(never.fail(0, 'once')).toBe(false)
    expect(never.trials[0]?.error).toEqual({ name: 'Error', message: 'once' })
  })

  it('with failFast ends the study at once', () => {
    const { study, events } = makeStudy({}, { failFast: true, maxFailures: 3 })
    start(study, 3)
    expect(study.fail(1, new Error('x'))).toBe(false)
    expect({ statuses: statuses(study), reason: study.haltReason, next: study.ask() }).toEqual({
      statuses: ['terminated', 'error', 'terminated'],
      reason: 'trial 1 failed, and failFast is set',
      next: { type: 'finished' },
    })
    expect(events.slice(3).map(({ event }) => event)).toEqual(['failure', 'halt', 'finish'])
  })
})

describe('the end of a study', () => {
  it('comes when every sample has ended, and not before', () => {
    const { study, events } = makeStudy({}, { numSamples: 2 })
    start(study, 2)
    expect([study.ask(), study.isFinished]).toEqual([{ type: 'wait' }, false])
    study.tell(0)
    expect(study.ask()).toEqual({ type: 'wait' })
    study.tell(1)
    expect([study.ask(), study.ask(), study.isFinished]).toEqual([{ type: 'finished' }, { type: 'finished' }, true])
    expect(events.filter(({ event }) => event === 'finish')).toHaveLength(1)
  })

  it('comes when the searcher has no more', () => {
    const searcher = searcherOf(({ trialIndex }) =>
      trialIndex < 2 ? { type: 'config', config: {} } : { type: 'finished' },
    )
    const { study } = makeStudy({ searcher }, { numSamples: null })
    expect(study.totalTrials).toBe(Number.POSITIVE_INFINITY)
    start(study, 2)
    study.tell(0)
    study.tell(1)
    expect(study.ask()).toEqual({ type: 'finished' })
  })

  it('ends the paused trials that nobody lets go on', () => {
    const scheduler = schedulerOf(
      () => ({ type: 'pause', reason: 'at a rung' }),
      ({ canStart }) => ({ type: canStart ? 'new' : 'wait' }),
    )
    const { study, events } = makeStudy({ scheduler }, { numSamples: 3 })
    start(study, 3)
    for (const trial of [2, 0, 1]) study.report(trial, { loss: trial })
    expect(study.paused.size).toBe(3)
    expect(study.ask()).toEqual({ type: 'finished' })
    expect(study.counts).toEqual({ pending: 0, running: 0, paused: 0, terminated: 3, error: 0 })
    expect(events.slice(-4)).toEqual([
      ...[0, 1, 2].map(trial => ({
        event: 'end',
        trial,
        decision: { type: 'stop', reason: 'the study ended while it was paused', by: 'study' },
      })),
      { event: 'finish' },
    ])
  })

  it('lets paused trials go on by their index, once no new one starts, if the scheduler has no opinion', () => {
    const { study } = makeStudy({ scheduler: pauseAlways() }, { numSamples: 3 })
    for (const trial of [0, 1, 2]) {
      expect(study.ask()).toMatchObject({ type: 'trial', trial: { index: trial } })
      study.report(trial, { loss: 1 })
    }
    expect(study.ask()).toMatchObject({ type: 'resume', trial: { index: 0, status: 'running' } })
    expect(study.trials[0]?.reason).toBeUndefined()
    expect(study.ask()).toMatchObject({ type: 'resume', trial: { index: 1 } })
  })

  it('by a stopper ends all trials, the paused ones included', () => {
    const stopper: Stopper = {
      name: 'enough',
      options: {},
      onReport: (trial): StopVerdict =>
        trial.index === 2 ? { type: 'stop-study', reason: 'good enough' } : KEEP_GOING,
    }
    const scheduler = schedulerOf(trial => (trial.index === 0 ? { type: 'pause', reason: 'wait' } : CONTINUE))
    const { study, events } = makeStudy({ scheduler, stoppers: [stopper] })
    start(study, 4)
    study.report(0, { loss: 1 })
    study.report(1, { loss: 1 })
    expect(study.report(2, { loss: 0 })).toEqual({ type: 'stop', reason: 'good enough' })
    // trial 3 had reported nothing yet
    expect(study.trials.map(({ status, reason }) => [status, reason])).toEqual(
      Array.from({ length: 4 }, () => ['terminated', 'good enough']),
    )
    expect([study.haltReason, study.ask(), study.isFinished]).toEqual(['good enough', { type: 'finished' }, true])
    expect(events.slice(-3)).toEqual([
      expect.objectContaining({ event: 'report', decision: { type: 'stop', reason: 'good enough', by: 'enough' } }),
      { event: 'halt', reason: 'good enough', by: 'enough', trials: [0, 1, 3] },
      { event: 'finish' },
    ])
  })

  it('by a halt is final: what halts it later changes nothing', () => {
    const { study, events } = makeStudy()
    start(study, 1)
    study.halt('the budget is spent', 'time-budget')
    study.halt('too late', 'a test')
    expect([study.haltReason, study.ask().type]).toEqual(['the budget is spent', 'finished'])
    study.halt('far too late', 'a test')
    expect(events.map(({ event }) => event)).toEqual(['trial', 'halt', 'finish'])
  })
})

describe('a stopper', () => {
  const stopAt = (name: string, iteration: number): Stopper => ({
    name,
    options: {},
    onReport: (_, report): StopVerdict =>
      report.iteration >= iteration ? { type: 'stop-trial', reason: `${name} says so` } : KEEP_GOING,
  })

  it('stops a trial that the scheduler would have paused', () => {
    const { study } = makeStudy({ scheduler: pauseAlways(), stoppers: [stopAt('first', 1)] })
    start(study, 1)
    expect(study.report(0, { loss: 1 })).toEqual({ type: 'stop', reason: 'first says so' })
    expect(study.counts).toMatchObject({ paused: 0, terminated: 1 })
  })

  it('gives the reason if it is the first that stops, and the scheduler does before it', () => {
    const { study } = makeStudy({ stoppers: [stopAt('first', 2), stopAt('second', 1), stopAt('third', 1)] })
    start(study, 1)
    expect(study.report(0, { loss: 1 })).toEqual({ type: 'stop', reason: 'second says so' })
    const scheduler = schedulerOf(() => ({ type: 'stop', reason: 'the scheduler says so' }))
    const other = makeStudy({ scheduler, stoppers: [stopAt('first', 1)] }).study
    start(other, 1)
    expect(other.report(0, { loss: 1 })).toEqual({ type: 'stop', reason: 'the scheduler says so' })
  })
})

describe('a plug-in that breaks its contract is named', () => {
  it('when a searcher waits although nothing is pending', () => {
    const { study } = makeStudy({ searcher: searcherOf(() => ({ type: 'wait' })) })
    expect(() => study.ask()).toThrow(
      tuneError('PLUGIN_FAULT', 'the searcher scripted waits although no trial is pending'),
    )
  })

  it('and not when it waits for a trial that runs', () => {
    const searcher = searcherOf(({ pending }) =>
      pending.size > 0 ? { type: 'wait' } : { type: 'config', config: { x: 1 } },
    )
    const { study } = makeStudy({ searcher })
    start(study, 1)
    expect(study.ask()).toEqual({ type: 'wait' })
    study.tell(0)
    expect(study.ask()).toMatchObject({ type: 'trial', trial: { index: 1 } })
  })

  it('when a searcher suggests what is no plain data', () => {
    const config = { x: Number.NaN, f: () => 1 } as unknown as JsonObject
    const { study } = makeStudy({ searcher: searcherOf(() => ({ type: 'config', config })) })
    expect(() => study.ask()).toThrow(
      tuneError(
        'INVALID_CONFIG',
        "the config that the searcher scripted suggests for trial 0 holds a function (function f) at 'f'",
      ),
    )
    expect(study.trials).toEqual([])
  })

  it.each<[string, NextAction, string]>([
    ['waits although nothing runs', { type: 'wait' }, 'the scheduler scripted waits although nothing runs'],
    ['resumes nobody', { type: 'resume', trialIndex: 3 }, 'the scheduler scripted names trial 3, which is not paused'],
    [
      'stops nobody',
      { type: 'stop', trialIndex: 3, reason: 'x' },
      'the scheduler scripted names trial 3, which is not paused',
    ],
  ])('when a scheduler %s', (_, action, message) => {
    const { study } = makeStudy({ scheduler: schedulerOf(undefined, () => action) })
    expect(() => study.ask()).toThrow(tuneError('PLUGIN_FAULT', message))
  })

  it('when a scheduler resumes a trial that runs', () => {
    let action: NextAction = { type: 'new' }
    const { study } = makeStudy({ scheduler: schedulerOf(undefined, () => action) })
    start(study, 1)
    action = { type: 'resume', trialIndex: 0 }
    expect(() => study.ask()).toThrow(tuneError('PLUGIN_FAULT', 'names trial 0, which is not paused'))
  })

  it('when a scheduler wants a new trial although there is none', () => {
    const { study } = makeStudy({ scheduler: schedulerOf(undefined, () => ({ type: 'new' })) }, { numSamples: 1 })
    start(study, 1)
    expect(() => study.ask()).toThrow(
      tuneError('PLUGIN_FAULT', 'the scheduler scripted wants a new trial although there is none to be had'),
    )
  })

  it('and a scheduler that ends paused trials is asked again', () => {
    const scheduler = schedulerOf(
      () => ({ type: 'pause', reason: 'at a rung' }),
      ({ paused, canStart }) => {
        const [first] = paused.keys()
        if (first !== undefined) return { type: 'stop', trialIndex: first, reason: 'it will not catch up' }
        return { type: canStart ? 'new' : 'wait' }
      },
    )
    const { study } = makeStudy({ scheduler }, { numSamples: 3 })
    start(study, 2)
    study.report(1, { loss: 1 })
    study.report(0, { loss: 1 })
    expect(study.ask()).toMatchObject({ type: 'trial', trial: { index: 2 } })
    expect(study.trials.slice(0, 2).map(({ status, reason }) => [status, reason])).toEqual([
      ['terminated', 'it will not catch up'],
      ['terminated', 'it will not catch up'],
    ])
  })
})

describe("a trial's logical clock", () => {
  it('moves by the growth of the time attribute, never back, and by one where that is missing', () => {
    const { study } = makeStudy({ scheduler: { ...schedulerOf(), timeAttr: 'epoch' } })
    start(study, 1)
    const clocks = [
      { loss: 1, epoch: 2 },
      { loss: 1, epoch: 2 },
      { loss: 1, epoch: 2.5 },
      { loss: 1, epoch: 1 },
      { loss: 1, epoch: Number.NaN },
      { loss: 1, epoch: 4 },
      { loss: 1, epoch: Number.POSITIVE_INFINITY },
      { loss: 1 },
    ].map(metrics => {
      study.report(0, metrics)
      return study.trials[0]?.clock
    })
    expect(clocks).toEqual([2, 2, 2.5, 2.5, 2.5, 2.5, 2.5, 3.5])
  })

  it('starts at the time of the event that freed its place', () => {
    const { study, events } = makeStudy(
      { scheduler: schedulerOf(({ index }) => (index === 1 ? { type: 'pause', reason: 'p' } : CONTINUE)) },
      { numSamples: 3 },
    )
    start(study, 2)
    for (let i = 0; i < 4; i++) study.report(0, { loss: 1 })
    study.report(1, { loss: 1 })
    expect(study.ask()).toMatchObject({ trial: { index: 2, clock: 1 } })
    study.tell(0)
    expect(study.ask()).toMatchObject({ type: 'resume', trial: { index: 1, clock: 4 } })
    expect(events.at(-1)).toEqual({ event: 'resume', trial: 1, clock: 4 })
  })
})

describe('checkpoints of a trial', () => {
  it('are kept oldest first, one for each name, until they are pruned', () => {
    const { study } = makeStudy()
    start(study, 1)
    for (const [name, iteration, score] of [
      ['b', 4, 1],
      ['a', 2, 2],
      ['c', 6, 3],
      ['b', 5, 4],
    ] as const)
      study.addCheckpoint(0, { name, iteration, score })
    expect(study.trials[0]?.checkpoints).toEqual([
      { name: 'a', iteration: 2, score: 2 },
      { name: 'b', iteration: 5, score: 4 },
      { name: 'c', iteration: 6, score: 3 },
    ])
    study.pruneCheckpoints(0, ['a', 'c'])
    expect(study.trials[0]?.checkpoints.map(({ name }) => name)).toEqual(['b'])
  })
})
