import { describe, expect, it } from 'vitest'
import { layOutBand } from '../../../schedulers/hyperband/brackets.js'
import {
  ASHAScheduler,
  HyperBandScheduler,
  MedianStoppingRule,
  SuccessiveHalvingScheduler,
} from '../../../schedulers/index.js'
import { rungLevels } from '../../../schedulers/kit/rungs.js'
import { Rng } from '../../../src/rng.js'
import type { Scheduler } from '../../../src/scheduler.js'
import { ExperimentPlateauStopper, MetricStopper } from '../../../src/stoppers/index.js'
import { makeReport, makeTrial } from '../make-trial.js'

function setUp<T extends Scheduler>(scheduler: T): T {
  scheduler.setUp({ metric: 'score', mode: 'max', rng: Rng.from(1) })
  return scheduler
}

function tell(scheduler: Scheduler, index: number, iteration: number, score: number): string {
  const report = makeReport(iteration, { score })
  return scheduler.onReport(makeTrial(index, report), report).type
}

/** All that Ray Tune's schedulers and stoppers do otherwise, on purpose; each case says what Ray Tune does instead. */
describe('What differs from Ray Tune 2.58.0 on purpose:', () => {
  // Ray counts rungs with logarithms: log(1000) / log(10) is 2.9999999999999996, and the rung at 1000 is lost
  it('ASHA has each rung that is a whole power, whatever its logarithm is rounded to', () => {
    expect(rungLevels({ gracePeriod: 1, reductionFactor: 10, maxT: 1000 }, 0)).toEqual([1, 10, 100, 1000])
    expect(rungLevels({ gracePeriod: 1, reductionFactor: 3, maxT: 243 }, 0)).toEqual([1, 3, 9, 27, 81, 243])
  })

  // Ray leaves NaN out of the percentile, and never stops a trial for it
  it('ASHA stops a trial whose metric is NaN or infinite where a finite result is recorded', () => {
    const scheduler = setUp(new ASHAScheduler())
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    expect(tell(scheduler, 0, 1, 0.5)).toBe('continue')
    expect(odd.map((score, at) => tell(scheduler, at + 1, 1, score))).toEqual(['stop', 'stop', 'stop'])
  })

  // Ray draws from numpy's global generator, so that a run can't be repeated
  it('ASHA draws the bracket of a trial from the seed of the study', () => {
    const grants = () => {
      const scheduler = setUp(new ASHAScheduler({ brackets: 3 }))
      return Array.from({ length: 50 }, (_, index) => scheduler.grant(makeTrial(index)))
    }
    expect(new Set(grants()).size).toBe(3)
    expect(grants()).toEqual(grants())
  })

  // Ray has int(729 · 3⁻⁶) = int(0.9999999999999999), and leaves out a bracket that starts with 0
  it('HyperBand has the longest bracket where maxT is a power of reductionFactor', () => {
    expect(layOutBand(729, 3).at(-1)).toEqual({
      s: 6,
      rounds: [729, 243, 81, 27, 9, 3, 1].map((trials, k) => ({ trials, level: 3 ** k })),
    })
    expect(layOutBand(49, 7).map(({ rounds }) => rounds[0]?.level)).toEqual([49, 7, 1])
  })

  // Ray cuts a bracket as soon as those that have come are at the milestone, so that the outcome depends on the number of workers
  it('HyperBand waits until a bracket is full before it cuts any of its trials', () => {
    const scheduler = setUp(new HyperBandScheduler({ maxT: 9 }))
    for (let index = 0; index < 7; index++) scheduler.onTrialAdd(makeTrial(index))
    const paused = new Map([3, 4, 5, 6].map(index => [index, makeTrial(index)]))
    for (const index of paused.keys()) expect(tell(scheduler, index, 3, index)).toBe('pause')
    expect(scheduler.next({ paused, canStart: true })).toEqual({ type: 'new' })
  })

  // Ray waits for ever where nobody fills the bracket (its issue 6780)
  it('HyperBand decides a bracket that nobody fills with the trials that it has', () => {
    const scheduler = setUp(new HyperBandScheduler({ maxT: 9 }))
    for (let index = 0; index < 5; index++) scheduler.onTrialAdd(makeTrial(index))
    for (const index of [3, 4]) tell(scheduler, index, 3, index)
    const paused = new Map([3, 4].map(index => [index, makeTrial(index)]))
    expect(scheduler.next({ paused, canStart: false })).toEqual({ type: 'resume', trialIndex: 4 })
  })

  // Ray keeps those that came last
  it('HyperBand keeps the smaller trial index among equal results', () => {
    const scheduler = setUp(new SuccessiveHalvingScheduler({ maxT: 2, reductionFactor: 2, numTrials: 2 }))
    for (const index of [0, 1]) scheduler.onTrialAdd(makeTrial(index))
    expect([tell(scheduler, 0, 1, 0.5), tell(scheduler, 1, 1, 0.5)]).toEqual(['pause', 'stop'])
  })

  // Ray has a trial wait there for the others of its bracket, though nothing is left to decide
  it('HyperBand ends a trial as soon as it has reached the last level', () => {
    const scheduler = setUp(new HyperBandScheduler({ maxT: 9 }))
    for (let index = 0; index < 3; index++) scheduler.onTrialAdd(makeTrial(index))
    expect(tell(scheduler, 0, 9, 0)).toBe('stop')
  })

  // Ray: timeAttr time_total_s, grace_period 60, min_time_slice 0, which go by the wall clock and pause at any report
  it('the median rule counts reports, judges from the first on, and makes no trial wait unless it is told', () => {
    expect(new MedianStoppingRule().options).toMatchObject({
      timeAttr: 'trainingIteration',
      gracePeriod: 1,
      minTimeSlice: Number.POSITIVE_INFINITY,
    })
  })

  // in Ray one NaN makes the median NaN, which stops everybody else
  it('the median rule takes a metric that is NaN or infinite for the worst of all', () => {
    const rule = setUp(new MedianStoppingRule({ minSamplesRequired: 2 }))
    for (const [index, score] of [Number.NaN, 1, 0.5].entries()) tell(rule, index, 1, score)
    expect([tell(rule, 3, 1, 0.6), tell(rule, 4, 1, Number.NaN)]).toEqual(['continue', 'stop'])
  })

  // in Ray the mean of no results is NaN, and stops everybody else
  it('the median rule leaves out trials that have no result between the grace period and the time', () => {
    const rule = setUp(new MedianStoppingRule({ minSamplesRequired: 1, gracePeriod: 2 }))
    for (const [index, time] of [1, 5].entries()) tell(rule, 0, time, index)
    expect(tell(rule, 1, 3, -9)).toBe('continue')
  })

  // in Ray the last report counts again when its trial is stopped or completes: here the mean of trial 0 would be 2 / 3 and trial 1 go on
  it('the median rule counts each report once', () => {
    const rule = setUp(new MedianStoppingRule({ minSamplesRequired: 1 }))
    const last = makeReport(2, { score: 0 })
    tell(rule, 0, 1, 2)
    tell(rule, 0, 2, 0)
    rule.onTrialEnd(makeTrial(0, last, 'terminated'))
    expect([tell(rule, 1, 2, 0.9)]).toEqual(['stop'])
  })

  // Ray's stop={'loss': 0.1} stops as soon as the loss is 0.1 or more, whatever the mode
  it('a metric bound has a direction', () => {
    const report = makeReport(1, { loss: 0.5 })
    expect(new MetricStopper({ metric: 'loss', atMost: 0.1 }).onReport(makeTrial(0), report).type).toBe('continue')
  })

  // Ray takes min unless it is told, and one NaN in its list of the best keeps it from ever stopping
  it('the experiment plateau has the direction of the study, and leaves out what is not finite', () => {
    const stopper = new ExperimentPlateauStopper({ top: 2 })
    stopper.setUp({ objectives: [{ metric: 'score', mode: 'max' }] })
    const verdicts = [0.1, 0.9, Number.NaN, 0.9].map(
      score => stopper.onReport(makeTrial(0), makeReport(1, { score })).type,
    )
    expect(verdicts).toEqual(['continue', 'continue', 'continue', 'stop-study'])
  })
})
