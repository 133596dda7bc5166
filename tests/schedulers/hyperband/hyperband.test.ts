import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HyperBandForBOHB, type HyperBandOptions, HyperBandScheduler } from '../../../schedulers/index.js'
import { Rng } from '../../../src/rng.js'
import { makeReport, makeTrial } from '../make-trial.js'
import { playRandomStudy } from '../random-study.js'

/** A number in [0, 1) that looks random, by whole-number arithmetic alone. */
const score = (trial: number, time: number) => ((trial * 2654435761 + time * 40503) % 1000003) / 1000003

function start(options: HyperBandOptions = {}, trials = 0): HyperBandScheduler {
  const scheduler = new HyperBandScheduler(options)
  scheduler.setUp({ metric: 'score', mode: 'max', rng: Rng.from(1) })
  for (let index = 0; index < trials; index++) scheduler.onTrialAdd(makeTrial(index))
  return scheduler
}

function tell(scheduler: HyperBandScheduler, index: number, time: number, value: number) {
  const report = makeReport(time, { score: value })
  return scheduler.onReport(makeTrial(index, report), report)
}

describe('HyperBandScheduler', () => {
  it('lets trials of full brackets run equally far in whatever order they report', () => {
    const plan = { trials: 143, failureRate: 0, waitRate: 0, score }
    const play = (seed: number, places: number) => playRandomStudy(start(), { ...plan, seed, places }).times
    const first = play(0, 1)
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 40 }), (seed, places) => {
        expect(play(seed, places)).toEqual(first)
      }),
      { numRuns: 10 },
    )
  })

  it('pauses the trials of a round until the last one is there, then cuts all but the best', () => {
    const scheduler = start({ maxT: 9 }, 8)
    const pause = (reason: string) => ({ type: 'pause', reason })
    expect(tell(scheduler, 3, 3, 0.25)).toEqual(
      pause('0.2500 is recorded at rung 3 (1 of 5 there); goes on when among the best 2'),
    )
    tell(scheduler, 4, 3, 0.75)
    tell(scheduler, 5, 3, Number.NaN)
    tell(scheduler, 6, 3, 0.25)
    expect(tell(scheduler, 7, 3, 0.125)).toEqual({
      type: 'stop',
      reason: '0.1250 ranks 4 of 5 at rung 3; the best 2 go on',
    })

    const paused = new Map([3, 4, 5, 6].map(index => [index, makeTrial(index)]))
    const asked = () => {
      const action = scheduler.next({ paused, canStart: true })
      if (action.type === 'stop' || action.type === 'resume') paused.delete(action.trialIndex)
      if (action.type === 'stop') scheduler.onTrialEnd(makeTrial(action.trialIndex))
      if (action.type === 'resume') scheduler.onTrialResume(makeTrial(action.trialIndex))
      return action
    }
    expect([asked(), asked(), asked(), asked(), asked()]).toEqual([
      { type: 'stop', trialIndex: 6, reason: '0.2500 ranks 3 of 5 at rung 3; the best 2 go on' },
      { type: 'stop', trialIndex: 5, reason: 'NaN is not a finite number, and only finite results go on from rung 3' },
      { type: 'resume', trialIndex: 4 },
      { type: 'resume', trialIndex: 3 },
      { type: 'new' },
    ])
    expect(tell(scheduler, 4, 9, 0.5)).toEqual({
      type: 'stop',
      reason: 'trainingIteration 9 has reached 9, where its bracket ends',
    })
  })

  it('grants up to the end of the round', () => {
    const scheduler = start({ maxT: 9 }, 17)
    expect([0, 3, 8].map(index => scheduler.grant(makeTrial(index)))).toEqual([9, 3, 1])
    const unmeasured = makeReport(1, {})
    scheduler.onReport(makeTrial(8, unmeasured), unmeasured)
    expect(scheduler.grant(makeTrial(8, unmeasured))).toBeGreaterThan(1)
    expect(scheduler.grant(makeTrial(8, unmeasured))).toBeLessThan(1.001)
    expect(start({ maxT: 9, stopLastTrials: false }, 1).grant(makeTrial(0))).toBe(Number.POSITIVE_INFINITY)
  })

  it('decides a bracket with the trials that it has when the searcher has no more', () => {
    const scheduler = start({ maxT: 9 }, 7)
    const paused = new Map([3, 4, 5, 6].map(index => [index, makeTrial(index)]))
    for (const index of paused.keys()) tell(scheduler, index, 3, index / 10)
    expect(scheduler.next({ paused, canStart: true })).toEqual({ type: 'new' })
    expect(scheduler.next({ paused, canStart: false })).toEqual({ type: 'resume', trialIndex: 6 })
    scheduler.onTrialResume(makeTrial(6))
    paused.delete(6)
    expect(scheduler.next({ paused, canStart: true })).toEqual({
      type: 'stop',
      trialIndex: 4,
      reason: '0.4000 ranks 3 of 4 at rung 3; the best 2 go on',
    })
    expect(scheduler.brackets().map(({ s, isOpen, racing }) => [s, isOpen, racing])).toEqual([
      [0, false, 3],
      [1, false, 2],
    ])
  })

  it('fills the places of trials that fail while their bracket is open, and goes on without those that fail later', () => {
    const scheduler = start({ maxT: 9 }, 7)
    scheduler.onTrialEnd(makeTrial(3, undefined, 'error'))
    for (const index of [7, 8, 9]) scheduler.onTrialAdd(makeTrial(index))
    expect(scheduler.brackets().map(({ s, racing }) => [s, racing])).toEqual([
      [0, 3],
      [1, 5],
      [2, 1],
    ])
    for (const index of [4, 5, 6, 7]) tell(scheduler, index, 3, index / 10)
    scheduler.onTrialEnd(makeTrial(8, undefined, 'error'))
    const paused = new Map([4, 5, 6, 7].map(index => [index, makeTrial(index)]))
    expect(scheduler.next({ paused, canStart: true })).toMatchObject({ type: 'stop', trialIndex: 5 })
  })

  it('takes no others in for trials that end by themselves', () => {
    const scheduler = start({ maxT: 9 }, 2)
    scheduler.onTrialEnd(makeTrial(0, makeReport(5, { score: 1 }), 'terminated'))
    for (const index of [2, 3]) scheduler.onTrialAdd(makeTrial(index))
    expect(scheduler.brackets().map(({ s, racing }) => [s, racing])).toEqual([
      [0, 2],
      [1, 1],
    ])
  })

  it('says which brackets are under way', () => {
    const scheduler = start({ maxT: 9 }, 6)
    tell(scheduler, 3, 3, 0.5)
    expect(scheduler.describe()).toBe(
      'HyperBand: band 0 s=0: rung 9: 0 of 3 there; band 0 s=1: rung 3: 1 of 3 there, room for 5 in all',
    )
    expect(start().describe()).toBe('HyperBand: no bracket under way')
  })

  it.each([
    [{ maxT: 0.5 }, 'HyperBandScheduler: maxT is 0.5; give a number of at least 1'],
    [{ reductionFactor: 1 }, 'HyperBandScheduler: reductionFactor is 1; give a number above 1'],
    [{ maxT: 1e9, reductionFactor: 1.001 }, /makes more than 1000 brackets/],
    [{ metric: '' }, /metric is "?'?/],
    [{ eta: 3 } as object, /there is no option 'eta'; the options are/],
  ])('refuses %o', (options, message) => {
    expect(() => new HyperBandScheduler(options)).toThrow(message)
  })

  it('names in errors the class that was constructed', () => {
    expect(() => new HyperBandForBOHB({ maxT: 0 })).toThrow('HyperBandForBOHB: maxT is 0; give a number of at least 1')
  })

  it('is told by its name from the one for BOHB, which starts with the largest bracket', () => {
    const scheduler = new HyperBandForBOHB({ maxT: 9 })
    expect([new HyperBandScheduler().name, scheduler.name]).toEqual(['hyperband', 'hyperband-bohb'])
    scheduler.setUp({ metric: 'score', mode: 'min', rng: Rng.from(1) })
    scheduler.onTrialAdd(makeTrial(0))
    expect(scheduler.brackets()).toEqual([
      { opened: 0, band: 0, s: 2, size: 9, level: 1, racing: 1, waiting: 0, isOpen: true },
    ])
    expect(scheduler.options).toMatchObject({ maxT: 9, reductionFactor: 3, bracketOrder: 'largest-first' })
  })
})
