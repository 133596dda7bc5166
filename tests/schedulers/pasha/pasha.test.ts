import { describe, expect, it } from 'vitest'
import { ASHAScheduler, type PASHAOptions, PASHAScheduler } from '../../../schedulers/index.js'
import { Rng } from '../../../src/rng.js'
import type { Scheduler } from '../../../src/scheduler.js'
import { DrillStudy } from '../../../testing/index.js'
import { makeReport, makeTrial } from '../make-trial.js'

function start(options: PASHAOptions = {}): PASHAScheduler {
  const scheduler = new PASHAScheduler(options)
  scheduler.setUp({ metric: 'score', mode: 'max', rng: Rng.from(1) })
  return scheduler
}

function tell(scheduler: PASHAScheduler, index: number, iteration: number, score: number) {
  const report = makeReport(iteration, { score })
  return scheduler.onReport(makeTrial(index, report), report)
}

const paused = (...indices: number[]) => new Map(indices.map(index => [index, makeTrial(index)]))

/** A study of 81 trials, the later the better. */
function play(scheduler: Scheduler, score: (trial: number, iteration: number) => number) {
  const { trials } = new DrillStudy(scheduler, { trials: 81, places: 4, length: 81, mode: 'max', score }).run()
  const consumed = trials.reduce((sum, { iteration }) => sum + iteration, 0)
  const furthest = Math.max(...trials.map(({ iteration }) => iteration))
  const winners = trials.filter(({ iteration }) => iteration === furthest).map(({ index }) => index)
  return { consumed, furthest, winners }
}

describe('PASHAScheduler', () => {
  it('goes no further than the second rung while rankings agree', () => {
    const scheduler = new PASHAScheduler({ maxT: 81 })
    const { furthest, consumed, winners } = play(scheduler, trial => trial)
    expect([furthest, scheduler.limit]).toEqual([3, 3])
    expect(winners).toContain(80)
    const asha = play(new ASHAScheduler({ variant: 'promotion', maxT: 81, reductionFactor: 3 }), trial => trial)
    expect(consumed).toBeLessThan(asha.consumed / 3)
    expect(scheduler.describe()).toMatch(
      /^PASHA: up to 3 of 81, epsilon 0, rung 27: 0, rung 9: 0, rung 3: \d+, rung 1: 81$/,
    )
  })

  it('goes on as far as maxT while they do not', () => {
    const scheduler = new PASHAScheduler({ maxT: 81 })
    // the order turns at each rung, by less and less
    const turns = (iteration: number) => [3, 9, 27, 81].filter(rung => rung <= iteration).length
    const { furthest } = play(scheduler, (trial, iteration) => ((-1) ** turns(iteration) * trial) / iteration)
    expect([furthest, scheduler.limit]).toEqual([81, 81])
  })

  it('pauses trials at each rung, and goes one rung higher when the ranking changes at the highest', () => {
    const scheduler = start({ maxT: 27 })
    for (const index of [0, 1, 2, 3, 4, 5]) tell(scheduler, index, 1, index)
    const everyone = paused(0, 1, 2, 3, 4, 5)
    expect(scheduler.next({ paused: everyone, canStart: true })).toEqual({ type: 'resume', trialIndex: 5 })
    expect(scheduler.limit).toBe(3)
    expect(tell(scheduler, 5, 3, 1)).toEqual({
      type: 'pause',
      reason:
        '1 is recorded at rung 3 (1 recorded); goes on when among the best 1 in 3 and the ranking there, the highest so far, changes',
    })
    expect(tell(scheduler, 4, 3, 2)).toEqual({
      type: 'pause',
      reason: '2 is recorded at rung 3 (2 recorded); goes on when among the best 1 in 3',
    })
    expect(scheduler.limit).toBe(9)
    tell(scheduler, 3, 3, 0)
    expect(scheduler.next({ paused: paused(3, 4, 5), canStart: true })).toEqual({ type: 'resume', trialIndex: 4 })
    expect(scheduler.grant(makeTrial(4))).toBe(9)
  })

  it('takes what curves cross by for noise', () => {
    const scheduler = start({ maxT: 27 })
    // two trials that change places at each report, by 0.5 in the end
    for (const index of [0, 1, 2]) tell(scheduler, index, 1, index === 2 ? -9 : index * 0.25)
    for (const [time, [first = 0, second = 0]] of [
      [0, 0.5],
      [0.5, 0],
    ].entries()) {
      tell(scheduler, 0, time + 2, second)
      tell(scheduler, 1, time + 2, first)
    }
    expect(scheduler.epsilon).toBe(0.5)
    expect(scheduler.limit).toBe(3)
  })

  it('waits when there is nobody to promote and nobody to start', () => {
    expect(start().next({ paused: new Map(), canStart: true })).toEqual({ type: 'new' })
    expect(start().next({ paused: paused(0), canStart: false })).toEqual({ type: 'wait' })
  })

  it('never promotes a metric that is not finite', () => {
    const scheduler = start({ maxT: 27 })
    for (const index of [0, 1, 2]) tell(scheduler, index, 1, Number.NaN)
    expect(scheduler.next({ paused: paused(0, 1, 2), canStart: true })).toEqual({ type: 'new' })
  })

  it.each([
    [{ maxT: 0 }, 'PASHAScheduler: maxT is 0; give a number above 0'],
    [{ reductionFactor: 1 }, 'PASHAScheduler: reductionFactor is 1; give a number above 1'],
    [{ brackets: 2 } as object, /there is no option 'brackets'; the options are/],
  ])('refuses %o', (options, message) => {
    expect(() => new PASHAScheduler(options)).toThrow(message)
  })

  it('says what it lacks', () => {
    const context = { metric: undefined, mode: undefined, rng: Rng.from(1) }
    expect(() => new PASHAScheduler().setUp(context)).toThrow('compares trials and has no metric')
    expect(() => new PASHAScheduler().limit).toThrow('used before setUp')
  })
})
