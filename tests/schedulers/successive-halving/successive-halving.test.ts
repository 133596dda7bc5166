import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type SuccessiveHalvingOptions, SuccessiveHalvingScheduler } from '../../../schedulers/index.js'
import { Rng } from '../../../src/rng.js'
import { DrillStudy } from '../../../testing/index.js'
import { makeReport, makeTrial } from '../make-trial.js'

function play(options: SuccessiveHalvingOptions, trials: number, score: (trial: number, time: number) => number) {
  const drill = { trials, places: 3, length: 1000, mode: 'max', score } as const
  return new DrillStudy(new SuccessiveHalvingScheduler(options), drill).run()
}

describe('SuccessiveHalvingScheduler', () => {
  it('halves brackets of the number of trials that leaves one for maxT', () => {
    expect(new SuccessiveHalvingScheduler().options).toEqual({
      timeAttr: 'trainingIteration',
      metric: null,
      mode: null,
      maxT: 100,
      gracePeriod: 1,
      reductionFactor: 4,
      numTrials: 256,
      stopLastTrials: true,
    })
    const numTrials = (options: SuccessiveHalvingOptions) => new SuccessiveHalvingScheduler(options).options.numTrials
    expect(numTrials({ maxT: 27, reductionFactor: 3 })).toBe(27)
    expect(numTrials({ maxT: 1000, reductionFactor: 10 })).toBe(1000)
    expect(numTrials({ maxT: 5, gracePeriod: 5 })).toBe(1)
    expect(numTrials({ maxT: 4, reductionFactor: 1.5 })).toBe(6)
  })

  it('lets the best third of a bracket go on at each rung', () => {
    // trial 26 is the best throughout
    const { trials } = play({ maxT: 27, reductionFactor: 3 }, 27, trial => trial)
    const counts = new Map<number, number>()
    for (const { iteration } of trials) counts.set(iteration, (counts.get(iteration) ?? 0) + 1)
    expect([...counts].sort(([a], [b]) => a - b)).toEqual([
      [1, 18],
      [3, 6],
      [9, 2],
      [27, 1],
    ])
    expect(trials.at(-1)?.iteration).toBe(27)
  })

  it('promotes exactly the best 1 in reductionFactor of each full bracket, ties by trial index', () => {
    const scores = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(scores, fc.integer({ min: 2, max: 5 }), (values, reductionFactor) => {
        const options = { maxT: reductionFactor, reductionFactor, numTrials: values.length }
        const { trials } = play(options, values.length, trial => values[trial] ?? 0)
        const ranked = values.map((value, index) => ({ value, index })).sort((a, b) => b.value - a.value)
        const best = ranked.slice(0, Math.max(1, Math.floor(values.length / reductionFactor))).map(({ index }) => index)
        const promoted = trials.filter(({ iteration }) => iteration > 1).map(({ index }) => index)
        expect(promoted).toEqual(best.sort((a, b) => a - b))
      }),
      { numRuns: 50 },
    )
  })

  it('halves a study that is smaller than a bracket', () => {
    const { trials } = play({ maxT: 9, reductionFactor: 3 }, 4, trial => trial)
    expect(trials.map(({ iteration }) => iteration)).toEqual([1, 1, 1, 9])
  })

  it('ends a bracket in which no result is finite', () => {
    const { trials, steps } = play({ maxT: 9, reductionFactor: 3 }, 4, () => Number.NaN)
    expect(trials.map(({ iteration, status }) => [iteration, status])).toEqual(Array(4).fill([1, 'terminated']))
    expect(steps.at(-1)).toMatchObject({
      reason: 'NaN is not a finite number, and only finite results go on from rung 1',
    })
  })

  it('counts a result past the next rung there as well, so that a trial does not run for it again', () => {
    const scheduler = new SuccessiveHalvingScheduler({ maxT: 27, reductionFactor: 3, numTrials: 9 })
    scheduler.setUp({ metric: 'score', mode: 'max', rng: Rng.from(1) })
    for (let index = 0; index < 9; index++) scheduler.onTrialAdd(makeTrial(index))
    const decisions = Array.from({ length: 9 }, (_, index) => {
      const report = makeReport(1, { trainingIteration: 10, score: index })
      return scheduler.onReport(makeTrial(index, report), report).type
    })
    // at time 10 the rungs 1, 3 and 9 are all decided
    expect(decisions).toEqual([...Array(8).fill('pause'), 'continue'])
    expect(scheduler.grant(makeTrial(8))).toBe(27)
    const paused = new Map(Array.from({ length: 8 }, (_, index) => [index, makeTrial(index)]))
    expect(scheduler.next({ paused, canStart: true }).type).toBe('stop')
    expect(scheduler.describe()).toBe('successive halving: bracket 0: rung 27: 0 of 1 there')
  })

  it('lets trials run on past maxT when it is not to stop the last ones', () => {
    const options = { maxT: 9, reductionFactor: 3, numTrials: 9, stopLastTrials: false }
    const drill = { trials: 9, places: 2, length: 20, mode: 'max', score: (trial: number) => trial } as const
    const { trials } = new DrillStudy(new SuccessiveHalvingScheduler(options), drill).run()
    expect(trials.map(({ iteration }) => iteration)).toEqual([1, 1, 1, 1, 1, 1, 3, 3, 20])
  })

  it.each([
    [{ numTrials: 0 }, 'SuccessiveHalvingScheduler: numTrials is 0; give an integer of at least 1'],
    [
      { gracePeriod: 10, maxT: 5 },
      'SuccessiveHalvingScheduler: gracePeriod is 10; give one of at most maxT, which is 5',
    ],
    [{ reductionFactor: 1.0001, maxT: 1000 }, /makes more than 1000 rungs/],
    [{ brackets: 2 } as object, /there is no option 'brackets'; the options are/],
  ])('refuses %o', (options, message) => {
    expect(() => new SuccessiveHalvingScheduler(options)).toThrow(message)
  })

  it('says what it lacks', () => {
    const setUp = () => new SuccessiveHalvingScheduler().setUp({ metric: 'score', mode: undefined, rng: Rng.from(1) })
    expect(setUp).toThrow(
      "SuccessiveHalvingScheduler compares trials and has no mode; give the study's tuneConfig (or the scheduler) a mode",
    )
    expect(() => new SuccessiveHalvingScheduler().onTrialAdd(makeTrial(0))).toThrow('used before setUp')
  })
})
