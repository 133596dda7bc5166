import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TuneError } from '../src/errors.js'
import { assertJson } from '../src/json.js'
import { Rng } from '../src/rng.js'
import type { NextAction, NextRequest, Scheduler } from '../src/scheduler.js'
import type { Trial } from '../src/trial.js'
import { type Drill, DrillStudy, drillSpace } from './drill-study.js'
import { drillPlans, scramble, toDrill } from './random-drills.js'

/** What the suite can't know of a scheduler by itself. */
export interface SchedulerTraits {
  /** Whether trials fall into brackets of different rungs, so that ties between trials of different brackets mean nothing. @defaultValue false */
  readonly hasBrackets?: boolean
  /** Rungs, with how many of `n` trials that reached one may pass it when the best trials come first. @defaultValue not checked */
  readonly rungs?: readonly { readonly level: number; readonly keepsAtMost: (n: number) => number }[]
  /**
   * Whether it compares trials only when all of a round are there, so that it doesn't matter which of them is first: rungs keep what they
   * say whoever comes first, and trials come equally far however long their reports take.
   *
   * @defaultValue false
   */
  readonly isSynchronous?: boolean
  /** Whether it resumes or ends every trial that it has paused, so that none is left when the study is over. @defaultValue false */
  readonly settlesAll?: boolean
}

const plainScore = (trial: number, iteration: number) => scramble(1, trial) + iteration / 100
const ordinary: Drill = { trials: 40, places: 4, length: 30, mode: 'max', score: plainScore }
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
/** How many random drills each property is tried on. */
const runs = { numRuns: 20 }

/**
 * Declares the tests that every scheduler must pass. Its decisions are a function of what it was told, so that a study that is folded again
 * goes on alike; each but `continue` has a reason and comes at a report that reaches the trial's grant; no trial is left waiting for ever;
 * it doesn't matter how paused trials are listed; ties are settled by trial index; failed trials, missing metrics, NaN and infinities harm no
 * one else and never win; rungs keep what their rule says.
 *
 * Some of it is tried on random studies, which fast-check shrinks to a small one where they fail.
 *
 * ```ts
 * // my-scheduler.test.ts, run by vitest; fast-check must be installed too
 * import { describeScheduler } from 'tunewright/testing'
 * import { MyScheduler } from './my-scheduler.js'
 *
 * describeScheduler('my scheduler', () => new MyScheduler({ patience: 3 }))
 * ```
 *
 * @param create - makes a new scheduler that takes metric and mode from the study; called many times
 */
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
        create().setUp({ metric: undefined, mode: undefined, space: drillSpace, rng: Rng.from(1) })
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

    it('starves no trial of any study, and folds to the same state wherever it was cut', () => {
      fc.assert(
        fc.property(drillPlans, fc.double({ min: 0, max: 1, noNaN: true }), (plan, share) => {
          const drill = toDrill(plan)
          const study = new DrillStudy(create(), drill).run()
          expect(study.faults).toEqual([])
          expect(study.trials).toHaveLength(plan.trials)
          const left = traits.settlesAll ? ['running', 'paused'] : ['running']
          expect(study.outcomes().filter(({ status }) => left.includes(status))).toEqual([])

          const cut = Math.floor(share * study.steps.length)
          const [first, second] = [create(), create()]
          const stopped = new DrillStudy(first, drill).run(cut)
          const resumed = new DrillStudy(second, drill).replay(study.steps.slice(0, cut))
          expect(resumed.grants()).toEqual(stopped.grants())
          expect(second.describe?.()).toBe(first.describe?.())
          expect(resumed.run().steps).toEqual(study.steps)
        }),
        runs,
      )
    })

    it('takes trials up again that had ended, and starves none of them', () => {
      fc.assert(
        fc.property(
          drillPlans,
          fc.integer({ min: 1, max: 9 }),
          fc.double({ min: 0, max: 1, noNaN: true }),
          (plan, tenths, share) => {
            const drill = { ...toDrill(plan), reopens: (trial: number) => scramble(plan.seed, 8, trial) < tenths / 10 }
            const study = new DrillStudy(create(), drill).run()
            expect(study.faults).toEqual([])
            const left = traits.settlesAll ? ['running', 'paused'] : ['running']
            expect(study.outcomes().filter(({ status }) => left.includes(status))).toEqual([])
            const cut = Math.floor(share * study.steps.length)
            expect(new DrillStudy(create(), drill).replay(study.steps.slice(0, cut)).run().steps).toEqual(study.steps)
          },
        ),
        runs,
      )
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

    it.skipIf(traits.hasBrackets)('lets no trial without a finite result get further than those that have some', () => {
      fc.assert(
        fc.property(drillPlans, fc.integer({ min: 1, max: 9 }), (plan, tenths) => {
          const { score, ...drill } = toDrill({ ...plan, missing: 0, odd: 0, failing: 0 })
          const isOdd = (trial: number) => trial > 0 && scramble(plan.seed, 5, trial) < tenths / 10
          const odds = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
          const mixed = (t: number, i: number) => (isOdd(t) ? odds[t % 3] : score(t, i))
          const { trials, faults } = new DrillStudy(create(), { ...drill, score: mixed }).run()
          expect(faults).toEqual([])
          const furthest = (odd: boolean) =>
            Math.max(0, ...trials.filter(({ index }) => isOdd(index) === odd).map(({ iteration }) => iteration))
          expect(furthest(true)).toBeLessThanOrEqual(furthest(false))
        }),
        runs,
      )
    })

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

    it.runIf(traits.isSynchronous)('lets trials run equally far however long their reports take', () => {
      fc.assert(
        fc.property(drillPlans, fc.nat(99), fc.integer({ min: 1, max: 16 }), (plan, pace, places) => {
          const drill = toDrill({ ...plan, failing: 0, isUneven: false })
          const duration = (t: number, i: number) => 1 + Math.floor(scramble(pace, t, i) * 9)
          const even = new DrillStudy(create(), drill).run()
          expect(new DrillStudy(create(), { ...drill, places, duration }).run().outcomes()).toEqual(even.outcomes())
        }),
        runs,
      )
    })

    it.runIf(traits.isSynchronous && traits.rungs)('keeps no more than its rule says at any rung of any study', () => {
      fc.assert(
        fc.property(drillPlans, plan => {
          const { trials } = new DrillStudy(create(), toDrill({ ...plan, missing: 0 })).run()
          for (const { level, keepsAtMost } of traits.rungs ?? []) {
            const reached = trials.filter(({ iteration }) => iteration >= level).length
            const passed = trials.filter(({ iteration }) => iteration > level).length
            expect(passed, `of ${reached} at rung ${level}`).toBeLessThanOrEqual(keepsAtMost(reached))
          }
        }),
        runs,
      )
    })

    it('decides the same in whatever order paused trials are listed', () => {
      fc.assert(
        fc.property(drillPlans, fc.nat(99), (plan, seed) => {
          const drill = toDrill(plan)
          const shuffled = listing(create(), paused =>
            [...paused].sort(([a], [b]) => scramble(seed, a) - scramble(seed, b)),
          )
          expect(new DrillStudy(shuffled, drill).run().steps).toEqual(new DrillStudy(create(), drill).run().steps)
        }),
        runs,
      )
    })

    it('changes nothing when it is asked what to do with a free place', () => {
      const { steps } = play()
      const asked = new DrillStudy(askedTwice(create()), ordinary).run()
      expect(asked.faults).toEqual([])
      expect(asked.steps).toEqual(steps)
    })

    it.runIf(traits.settlesAll).each([1, 2, 5, 13, 40, 100])(
      'resumes or ends whom it has paused, of %i trials',
      trials => {
        for (const places of [1, 3, 50]) {
          const fails = (trial: number, iteration: number) => (trial + iteration) % 11 === 0
          const study = play({ trials, places, fails })
          expect(study.faults).toEqual([])
          expect(study.outcomes().filter(({ status }) => status === 'paused')).toEqual([])
        }
      },
    )
  })
}

/** The same scheduler, but asked twice each time that a place is free, first as if no trial could start. */
function askedTwice(scheduler: Scheduler): Scheduler {
  return withNext(scheduler, (request, ask) => {
    const before = ask(request)
    ask({ ...request, canStart: false })
    const action = ask(request)
    expect(before).toEqual(action)
    return action
  })
}

/** The same scheduler, but told of paused trials in another order. */
function listing(scheduler: Scheduler, order: (paused: NextRequest['paused']) => [number, Trial][]): Scheduler {
  return withNext(scheduler, (request, ask) => ask({ ...request, paused: new Map(order(request.paused)) }))
}

type Next = NonNullable<Scheduler['next']>

function withNext(scheduler: Scheduler, next: (request: NextRequest, ask: Next) => NextAction): Scheduler {
  const ask = scheduler.next?.bind(scheduler)
  if (ask === undefined) return scheduler
  const overlay: Partial<Scheduler> = { next: request => next(request, ask) }
  return new Proxy(scheduler, {
    get: (target, key) => {
      const value: unknown = Reflect.get(Reflect.has(overlay, key) ? overlay : target, key)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
