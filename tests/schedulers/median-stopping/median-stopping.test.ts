import { describe, expect, it } from 'vitest'
import { type MedianStoppingOptions, MedianStoppingRule } from '../../../schedulers/index.js'
import type { JsonObject } from '../../../src/json.js'
import { Rng } from '../../../src/rng.js'
import type { Mode } from '../../../src/trial.js'
import { DrillStudy } from '../../../testing/index.js'
import { makeReport, makeTrial } from '../make-trial.js'

function start(options: MedianStoppingOptions = {}, mode: Mode = 'max'): MedianStoppingRule {
  const rule = new MedianStoppingRule(options)
  rule.setUp({ metric: 'score', mode, rng: Rng.from(1) })
  return rule
}

function tell(rule: MedianStoppingRule, index: number, iteration: number, score: number) {
  return tellAll(rule, index, iteration, { score })
}

function tellAll(rule: MedianStoppingRule, index: number, iteration: number, metrics: JsonObject) {
  const report = makeReport(iteration, metrics)
  return rule.onReport(makeTrial(index, report), report)
}

const paused = (...indices: number[]) => new Map(indices.map(index => [index, makeTrial(index)]))

describe('MedianStoppingRule', () => {
  it('stops a trial whose best is strictly worse than the median of the others’ means, and says so', () => {
    const rule = start()
    const curves = [
      [1, 3],
      [2, 2],
      [0, 8],
    ]
    for (const [index, [first = 0, second = 0]] of curves.entries()) {
      tell(rule, index, 1, first)
      tell(rule, index, 2, second)
    }
    // the means at 1 are 1, 2 and 0; those at 2 are 2, 2 and 4
    expect(tell(rule, 3, 1, 1).type).toBe('continue')
    expect(tell(rule, 3, 2, 1.5)).toEqual({
      type: 'stop',
      reason:
        'its best, 1.500, is below 2, the median of the running means of 3 other trials up to trainingIteration 2',
    })
    expect(tell(rule, 4, 1, 3).type).toBe('continue')
    // its best so far counts, not its last result
    expect(tell(rule, 4, 2, -9).type).toBe('continue')
    expect(rule.describe()).toBe('median stopping: 1 stopped below the median')
  })

  it('words its reason in the metric as reported', () => {
    const rule = start({ minSamplesRequired: 1 }, 'min')
    tell(rule, 0, 1, 0.25)
    expect(tell(rule, 1, 1, 0.5)).toMatchObject({ reason: expect.stringContaining('0.5000, is above 0.2500') })
    expect(tell(rule, 2, 1, Number.NaN)).toEqual({
      type: 'stop',
      reason: 'NaN is not a finite number, and 2 of 2 other trials have finite means up to trainingIteration 1',
    })
  })

  it('judges nobody before the grace period, and leaves earlier results out of the means', () => {
    const rule = start({ gracePeriod: 3, minSamplesRequired: 1 })
    expect(rule.grant(makeTrial(0))).toBe(3)
    for (const [at, score] of [9, 9, 1].entries()) tell(rule, 0, at + 1, score)
    expect([0, 0, 2].map((score, at) => tell(rule, 1, at + 1, score).type)).toEqual(Array(3).fill('continue'))
    expect(rule.grant(makeTrial(1))).toBeGreaterThan(3)
    expect(rule.grant(makeTrial(1))).toBeLessThan(3.001)
    expect([0, 0, 0.5].map((score, at) => tell(rule, 2, at + 1, score).type)).toEqual(['continue', 'continue', 'stop'])
  })

  it('judges nobody with whom too few have come as far', () => {
    const rule = start({ minSamplesRequired: 2 })
    for (const index of [0, 1]) tell(rule, index, 1, 1)
    tell(rule, 0, 2, 1)
    expect(tell(rule, 2, 2, 0).type).toBe('continue')
    expect(tell(rule, 3, 1, 0).type).toBe('stop')
  })

  it('lets a trial below the median rest instead, and judges it no more', () => {
    const rule = start({ minSamplesRequired: 1, hardStop: false })
    tell(rule, 0, 1, 1)
    expect(tell(rule, 1, 1, 0).type).toBe('pause')
    expect(rule.next({ paused: paused(1), canStart: true })).toEqual({ type: 'new' })
    expect(rule.next({ paused: paused(1), canStart: false })).toEqual({ type: 'resume', trialIndex: 1 })
    rule.onTrialResume(makeTrial(1))
    expect(tell(rule, 1, 2, -5).type).toBe('continue')
    expect(rule.grant(makeTrial(1))).toBe(Number.POSITIVE_INFINITY)
    expect(rule.describe()).toBe('median stopping: 1 paused below the median')
  })

  it('has a trial that can’t be judged make room for others once its time slice is over', () => {
    const rule = start({ minTimeSlice: 2, minSamplesRequired: 1 })
    expect(tell(rule, 0, 1, 1)).toEqual({
      type: 'pause',
      reason: 'only 0 of 1 other trials have come to trainingIteration 1, so it lets others run',
    })
    expect(rule.describe()).toBe('median stopping: 0 stopped below the median, 1 waiting for others to come as far')
    rule.onTrialResume(makeTrial(0))
    rule.onTrialAdd(makeTrial(5))
    expect([2, 3, 4].map(time => tell(rule, 0, time, 1).type)).toEqual(['continue', 'continue', 'pause'])
    // nobody else waits, and the searcher had no more when it was last asked
    rule.onTrialResume(makeTrial(0))
    expect(tell(rule, 0, 9, 1).type).toBe('continue')
  })

  it('passes over reports without the metric or the time', () => {
    const rule = start({ minSamplesRequired: 1, timeAttr: 'epoch' })
    tellAll(rule, 0, 1, { epoch: 1, score: 1 })
    expect(tellAll(rule, 1, 1, { epoch: 1 }).type).toBe('continue')
    expect(tellAll(rule, 1, 2, { score: 0 }).type).toBe('continue')
    expect(tellAll(rule, 1, 3, { epoch: Number.NaN, score: 0 }).type).toBe('continue')
    expect(tellAll(rule, 1, 4, { epoch: 1, score: 0 }).type).toBe('stop')
  })

  it('has the median of the means that numpy has, whatever the times', () => {
    const rule = start({ minSamplesRequired: 1, timeAttr: 'epoch' })
    // 0.1 + 0.1 + 0.1 is 0.30000000000000004, and a third of it more than 0.1
    for (const epoch of [1, 2.5, 7]) tellAll(rule, 0, epoch, { epoch, score: 0.1 })
    expect(tellAll(rule, 1, 1, { epoch: 2, score: 0.1 }).type).toBe('continue')
    expect(tellAll(rule, 1, 2, { epoch: 7, score: 0.1 }).type).toBe('stop')
  })

  it('stops half of the trials of a study or more, and never the best one', () => {
    const score = (trial: number) => (trial * 7919) % 101
    const drill = { trials: 100, places: 8, length: 20, mode: 'max', score } as const
    const { trials } = new DrillStudy(new MedianStoppingRule(), drill).run()
    const stopped = trials.filter(({ iteration }) => iteration < 20)
    expect(stopped.length).toBeGreaterThan(50)
    expect(stopped.length).toBeLessThan(90)
    const best = Math.max(...trials.map(({ index }) => score(index)))
    expect(trials.find(({ index }) => score(index) === best)?.iteration).toBe(20)
  })

  it.each([
    [{ gracePeriod: -1 }, 'MedianStoppingRule: gracePeriod is -1; give a number of at least 0'],
    [{ minSamplesRequired: 0 }, 'MedianStoppingRule: minSamplesRequired is 0; give an integer of at least 1'],
    [{ minTimeSlice: Number.NaN }, 'MedianStoppingRule: minTimeSlice is NaN; give a number of at least 0'],
    [{ maxT: 3 } as object, /there is no option 'maxT'; the options are/],
  ])('refuses %o', (options, message) => {
    expect(() => new MedianStoppingRule(options)).toThrow(message)
  })

  it('says what it lacks', () => {
    const context = { metric: undefined, mode: undefined, rng: Rng.from(1) }
    expect(() => new MedianStoppingRule().setUp(context)).toThrow('compares trials and has no metric')
    expect(() => tell(new MedianStoppingRule(), 0, 1, 1)).toThrow('used before setUp')
  })
})
