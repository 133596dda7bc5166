import { describe, expect, it } from 'vitest'
import { TuneError } from '../../src/errors.js'
import { assertJson, type JsonObject } from '../../src/json.js'
import { Rng } from '../../src/rng.js'
import type { Decision, NextAction, Scheduler } from '../../src/scheduler.js'
import { type Mode, readMetric, type Trial, type TrialReport, type TrialStatus } from '../../src/trial.js'

/** What the suite can't know of a scheduler by itself. */
export interface SchedulerTraits {
  /** Whether trials fall into brackets of different rungs, so that ties between trials of different brackets mean nothing. */
  readonly hasBrackets?: boolean
  /** Rungs, with how many of `n` trials that reached one may pass it when the best trials come first. */
  readonly rungs?: readonly { readonly level: number; readonly keepsAtMost: (n: number) => number }[]
}

/** A study for tests: trials report `score` each unit of virtual time, until they end by themselves after `length` reports. */
export interface Drill {
  readonly trials: number
  readonly places: number
  readonly length: number
  readonly mode: Mode
  /** The score of a trial's report; undefined leaves the metric out. */
  readonly score: (trialIndex: number, iteration: number) => number | undefined
  /** Whether a trial fails for good instead of making this report. */
  readonly fails?: (trialIndex: number, iteration: number) => boolean
}

/** One thing that happened in a drill, in commit order. */
export type DrillStep =
  | { readonly type: 'add' | 'resume' | 'end' | 'fail'; readonly trial: number }
  | { readonly type: 'stop'; readonly trial: number; readonly reason: string }
  | { readonly type: 'report'; readonly trial: number; readonly iteration: number; readonly decision: Decision }

type Runner = { -readonly [K in keyof Trial]: Trial[K] }

/** A study on a virtual clock: commits the report with the smallest (clock, trial index) next and lets the scheduler fill free places. */
export class DrillStudy {
  readonly steps: DrillStep[] = []
  readonly trials: Runner[] = []
  /** What broke the scheduler's contract, in words. */
  readonly faults: string[] = []
  readonly #running = new Map<number, Runner>()
  readonly #paused = new Map<number, Runner>()
  readonly #scheduler: Scheduler
  readonly #drill: Drill
  #clock = 0

  constructor(scheduler: Scheduler, drill: Drill) {
    this.#scheduler = scheduler
    this.#drill = drill
    scheduler.setUp({ metric: 'score', mode: drill.mode, rng: Rng.from(7).fork('scheduler') })
  }

  /** Takes steps again that an earlier run took, without asking the scheduler for anything but its decisions. */
  replay(steps: readonly DrillStep[]): this {
    for (const step of steps) {
      if (step.type === 'add') this.#add()
      else if (step.type === 'resume') this.#resume(step.trial)
      else if (step.type === 'stop') this.#end(step.trial, step)
      else this.#advance(step.trial)
    }
    return this
  }

  /** Goes on until nothing is left to do, or `limit` steps are taken. */
  run(limit = 100_000): this {
    while (this.steps.length < limit) {
      this.#fillPlaces(limit)
      const [first] = [...this.#running.values()].sort((a, b) => a.clock - b.clock || a.index - b.index)
      if (!first) return this
      if (this.steps.length < limit) this.#advance(first.index)
    }
    return this
  }

  /** What each trial came to, by index. */
  outcomes(): { status: TrialStatus; iteration: number }[] {
    return this.trials.map(({ status, iteration }) => ({ status, iteration }))
  }

  #fillPlaces(limit: number): void {
    while (this.#running.size < this.#drill.places && this.steps.length < limit) {
      const canStart = this.trials.length < this.#drill.trials
      const action = this.#next(canStart)
      if (action.type === 'wait') return
      if (action.type === 'new') {
        if (!canStart) return void this.faults.push('next: new, though canStart is false')
        this.#add()
      } else if (!this.#paused.has(action.trialIndex)) {
        return void this.faults.push(`next: ${action.type} of trial ${action.trialIndex}, which is not paused`)
      } else if (action.type === 'resume') {
        this.#resume(action.trialIndex)
      } else {
        if (action.reason === '') this.faults.push(`next: stop of trial ${action.trialIndex} without a reason`)
        this.#end(action.trialIndex, { type: 'stop', trial: action.trialIndex, reason: action.reason })
      }
    }
  }

  #next(canStart: boolean): NextAction {
    if (this.#scheduler.next) return this.#scheduler.next({ paused: this.#paused, canStart })
    if (canStart) return { type: 'new' }
    const [first] = [...this.#paused.keys()].sort((a, b) => a - b)
    return first === undefined ? { type: 'wait' } : { type: 'resume', trialIndex: first }
  }

  #add(): void {
    const index = this.trials.length
    const none = { lastReport: undefined, bestReport: undefined, error: undefined, reason: undefined }
    const state = { status: 'running', iteration: 0, checkpoints: [], failures: 0, clock: this.#clock } as const
    const id = `trial-${index}`
    const trial: Runner = { index, id, name: id, directory: id, config: {}, ...state, ...none }
    this.trials.push(trial)
    this.#running.set(index, trial)
    this.steps.push({ type: 'add', trial: index })
    this.#scheduler.onTrialAdd?.(trial)
  }

  #resume(index: number): void {
    const trial = this.#trial(index)
    this.#paused.delete(index)
    this.#running.set(index, trial)
    trial.status = 'running'
    trial.clock = Math.max(trial.clock, this.#clock)
    this.steps.push({ type: 'resume', trial: index })
    this.#scheduler.onTrialResume?.(trial)
  }

  #end(index: number, step: DrillStep): void {
    const trial = this.#trial(index)
    this.#running.delete(index)
    this.#paused.delete(index)
    trial.status = step.type === 'fail' ? 'error' : 'terminated'
    if (step.type !== 'report') this.steps.push(step)
    this.#scheduler.onTrialEnd?.(trial)
  }

  /** Commits what a running trial does next: a report, its end, or its failure. */
  #advance(index: number): void {
    const trial = this.#trial(index)
    const iteration = trial.iteration + 1
    this.#clock = trial.clock
    if (this.#drill.fails?.(index, iteration)) this.#end(index, { type: 'fail', trial: index })
    else if (iteration > this.#drill.length) this.#end(index, { type: 'end', trial: index })
    else this.#commitReport(trial, iteration)
  }

  #commitReport(trial: Runner, iteration: number): void {
    const { index } = trial
    const { timeAttr } = this.#scheduler
    const granted = this.#scheduler.grant?.(trial) ?? Number.NEGATIVE_INFINITY
    const before = trial.lastReport ? readMetric(trial.lastReport, timeAttr) : 0
    if (this.#scheduler.grant && !(granted > (before ?? 0)))
      this.faults.push(`trial ${index} at ${before} has the grant ${granted}, which is not ahead`)

    const report = this.#report(index, iteration)
    trial.iteration = iteration
    trial.lastReport = report
    this.#clock = trial.clock = trial.clock + 1
    const decision = this.#scheduler.onReport(trial, report)
    const step: DrillStep = { type: 'report', trial: index, iteration, decision }
    this.steps.push(step)
    if (decision.type === 'continue') return
    if (decision.reason === '') this.faults.push(`${decision.type} of trial ${index} without a reason`)
    if (!((readMetric(report, timeAttr) ?? 0) >= granted))
      this.faults.push(`${decision.type} of trial ${index} at ${iteration}, below its grant ${granted}`)
    if (decision.type === 'stop') {
      this.#end(index, step)
    } else {
      this.#running.delete(index)
      this.#paused.set(index, trial)
      trial.status = 'paused'
    }
  }

  #report(index: number, iteration: number): TrialReport {
    const score = this.#drill.score(index, iteration)
    const timing = { timestampMs: iteration * 1000, timeThisIterS: 1, timeTotalS: iteration }
    const plain: TrialReport = { iteration, metrics: score === undefined ? {} : { score }, timing }
    if (readMetric(plain, this.#scheduler.timeAttr) !== undefined) return plain
    const metrics: JsonObject = { ...plain.metrics, [this.#scheduler.timeAttr]: iteration }
    return { ...plain, metrics }
  }

  #trial(index: number): Runner {
    const trial = this.trials[index]
    if (!trial) throw new Error(`the drill has no trial ${index}`)
    return trial
  }
}

const plainScore = (trial: number, iteration: number) => Rng.from(1).fork(trial).uniform() + iteration / 100
const ordinary: Drill = { trials: 40, places: 4, length: 30, mode: 'max', score: plainScore }
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

/** Declares the tests that every scheduler must pass; `create` makes a new one that takes metric and mode from the study. */
export function describeScheduler(name: string, create: () => Scheduler, traits: SchedulerTraits = {}): void {
  const play = (drill: Partial<Drill> = {}) => new DrillStudy(create(), { ...ordinary, ...drill }).run()

  describe(`${name} keeps the scheduler contract:`, () => {
    it('has a name, and options that are plain data', () => {
      const scheduler = create()
      expect(scheduler.name).not.toBe('')
      expect(scheduler.timeAttr).not.toBe('')
      expect(() => assertJson(scheduler.options, 'INVALID_OPTION', 'options')).not.toThrow()
    })

    it('works without a metric or says which option is missing', () => {
      try {
        create().setUp({ metric: undefined, mode: undefined, rng: Rng.from(1) })
      } catch (error) {
        expect(error).toSatisfy(e => e instanceof TuneError && e.code === 'INVALID_OPTION')
      }
    })

    it.each([1, 4, 16, 40])('starts and finishes every trial, or leaves it paused, with %i places', places => {
      const study = play({ places })
      expect(study.faults).toEqual([])
      expect(study.trials).toHaveLength(40)
      expect(study.outcomes().filter(({ status }) => status !== 'terminated' && status !== 'paused')).toEqual([])
    })

    it('lets a lone trial get somewhere', () => {
      const study = play({ trials: 1, places: 1 })
      expect(study.faults).toEqual([])
      expect(study.outcomes()[0]?.iteration).toBeGreaterThan(0)
    })

    it('copes with trials that fail or report no metric', () => {
      const study = play({
        score: (trial, iteration) => ((trial + iteration) % 3 === 0 ? undefined : plainScore(trial, iteration)),
        fails: (trial, iteration) => trial % 5 === 4 && iteration === 1 + (trial % 7),
      })
      expect(study.faults).toEqual([])
      expect(study.outcomes().filter(({ status }) => status === 'running')).toEqual([])
    })

    it('decides the same when the same events are folded, wherever a study was cut', () => {
      const { steps } = play()
      for (const cut of [0, 1, 7, 50, Math.floor(steps.length / 2), steps.length]) {
        const resumed = new DrillStudy(create(), ordinary).replay(steps.slice(0, cut))
        expect(resumed.steps).toEqual(steps.slice(0, cut))
        expect(resumed.run().steps).toEqual(steps)
      }
    })

    it('starts anew at each setUp', () => {
      const scheduler = create()
      const first = new DrillStudy(scheduler, ordinary).run()
      expect(new DrillStudy(scheduler, ordinary).run().steps).toEqual(first.steps)
    })

    it('decides the same about a metric and its negative under the other mode', () => {
      const plain = play({ mode: 'max' })
      const negated = play({ mode: 'min', score: (t, i) => -plainScore(t, i) })
      const withoutReasons = ({ steps }: DrillStudy) =>
        steps.map(step =>
          step.type === 'report' ? { ...step, decision: step.decision.type } : { ...step, reason: '' },
        )
      expect(withoutReasons(negated)).toEqual(withoutReasons(plain))
    })

    it.each(
      [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].flatMap(odd => [
        { odd, mode: 'min' as const, places: 1 },
        { odd, mode: 'max' as const, places: 4 },
      ]),
    )(
      'lets trials of metric $odd get no further than finite ones (mode $mode, $places places)',
      ({ odd, ...drill }) => {
        const study = play({ ...drill, score: (t, i) => (t % 2 === 0 ? odd : plainScore(t, i)) })
        expect(study.faults).toEqual([])
        const finite = study.trials.filter(t => t.index % 2 === 1).map(t => t.iteration)
        const others = study.trials.filter(t => t.index % 2 === 0).map(t => t.iteration)
        expect(Math.max(...others)).toBeLessThanOrEqual(Math.max(...finite))
        expect(sum(others)).toBeLessThanOrEqual(sum(finite))
      },
    )

    it('describes itself in words, if at all', () => {
      const scheduler = create()
      new DrillStudy(scheduler, ordinary).run(60)
      if (scheduler.describe) expect(scheduler.describe()).toMatch(/\w/)
    })

    it.skipIf(traits.hasBrackets)('prefers the smaller trial index among trials that tie', () => {
      const iterations = play({ score: () => 0.5 }).trials.map(trial => trial.iteration)
      expect(iterations).toEqual(iterations.toSorted((a, b) => b - a))
    })

    it.runIf(traits.rungs).each(traits.rungs ?? [])('keeps no more than its rule says at rung $level', rung => {
      const { trials } = play({ places: 1, score: trial => -trial })
      const reached = trials.filter(trial => trial.iteration >= rung.level).length
      const passed = trials.filter(trial => trial.iteration > rung.level).length
      expect(passed).toBeLessThanOrEqual(rung.keepsAtMost(reached))
    })
  })
}
