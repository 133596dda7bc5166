import { describe, expect, it } from 'vitest'
import { type ASHAOptions, ASHAScheduler, AsyncHyperBandScheduler } from '../../../schedulers/index.js'
import { TuneError } from '../../../src/errors.js'
import { Rng } from '../../../src/rng.js'
import type { Mode } from '../../../src/trial.js'
import { DrillStudy } from '../../contract/scheduler.js'
import { makeReport, makeTrial } from '../make-trial.js'

function start(options: ASHAOptions = {}, mode: Mode = 'max'): ASHAScheduler {
  const scheduler = new ASHAScheduler(options)
  scheduler.setUp({ metric: 'score', mode, rng: Rng.from(1) })
  return scheduler
}

function tell(scheduler: ASHAScheduler, index: number, iteration: number, score: number) {
  const report = makeReport(iteration, { score })
  return scheduler.onReport(makeTrial(index, report), report)
}

function errorOf(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}

describe('ASHAScheduler', () => {
  it('says why it stops a trial', () => {
    const scheduler = start()
    for (const [index, score] of [0.1, 0.7, 0.6926, 0.2, 0.9].entries()) tell(scheduler, index, 1, score)
    const stop = (reason: string) => ({ type: 'stop', reason })
    expect(tell(scheduler, 5, 1, 0.492)).toEqual(stop('0.4920 is below the cut-off 0.7000 of rung 1 (5 recorded)'))
    expect(tell(scheduler, 6, 1, Number.NaN)).toEqual(
      stop('NaN is not a finite number, and rung 1 has finite results (6 of 6 recorded)'),
    )
    expect(tell(scheduler, 7, 100, 0.1)).toEqual(stop('trainingIteration 100 has reached maxT 100'))
  })

  it('words reasons in the metric as reported, with digits enough to tell value and cut-off apart', () => {
    const scheduler = start({}, 'min')
    tell(scheduler, 0, 1, 0.123456)
    expect(tell(scheduler, 1, 1, 0.123457)).toEqual({
      type: 'stop',
      reason: '0.123457 is above the cut-off 0.123456 of rung 1 (1 recorded)',
    })
  })

  it('says why it pauses a trial', () => {
    expect(tell(start({ variant: 'promotion' }), 0, 1, 0.25)).toEqual({
      type: 'pause',
      reason: '0.2500 is recorded at rung 1 (1 recorded); goes on when among the best 1 in 4',
    })
  })

  it('grants up to the next rung, and goes by the last report that told the time', () => {
    const scheduler = start({ timeAttr: 'epoch', maxT: 20 })
    const grantAfter = (metrics: Record<string, number>) => {
      const report = makeReport(1, metrics)
      scheduler.onReport(makeTrial(0, report), report)
      return scheduler.grant(makeTrial(0, report))
    }
    expect(scheduler.grant(makeTrial(0))).toBe(1)
    expect(grantAfter({ epoch: 1, score: 1 })).toBe(4)
    expect(grantAfter({ epoch: 3, score: 1 })).toBe(4)
    expect(grantAfter({ score: 1 })).toBe(4)
    expect(grantAfter({ epoch: 4, score: 1 })).toBe(16)
    expect(grantAfter({ epoch: 17, score: 1 })).toBe(20)
  })

  it('describes its rungs, highest first', () => {
    const scheduler = start({ maxT: 4, reductionFactor: 2 })
    for (const [index, score] of [0.25, 0.75].entries()) tell(scheduler, index, 1, score)
    tell(scheduler, 1, 2, 0.875)
    expect(scheduler.describe()).toBe(
      'ASHA stopping: rung 4: 0, rung 2: 1 (cut-off 0.8750), rung 1: 2 (cut-off 0.5000)',
    )
    expect(scheduler.rungs().at(-1)).toEqual({ bracket: 0, level: 1, recorded: 2, cutoff: 0.5 })
    expect(start({ brackets: 2, maxT: 4, variant: 'promotion' }).describe()).toBe(
      'ASHA promotion: bracket 0: rung 1: 0',
    )
  })

  it('draws the bracket of a trial from its index alone', () => {
    const rungsAfter = (order: readonly number[]) => {
      const scheduler = start({ brackets: 3 })
      for (const index of order) scheduler.onTrialAdd(makeTrial(index))
      return order.toSorted((a, b) => a - b).map(index => scheduler.grant(makeTrial(index)))
    }
    const indices = Array.from({ length: 200 }, (_, index) => index)
    const grants = rungsAfter(indices)
    expect(rungsAfter(indices.toReversed())).toEqual(grants)
    const share = (level: number) => grants.filter(grant => grant === level).length / 200
    expect([share(1), share(4), share(16)].map(s => Math.round(s * 10) / 10)).toEqual([0.7, 0.2, 0.1])
  })

  it('promotes from the highest rung first, starts new trials otherwise, and waits when there are none', () => {
    const scheduler = start({ variant: 'promotion', maxT: 8, reductionFactor: 2 })
    const paused = (...indices: number[]) => new Map(indices.map(index => [index, makeTrial(index)]))
    for (const index of [0, 1]) tell(scheduler, index, 2, index)
    for (const index of [2, 3]) tell(scheduler, index, 1, index)
    expect(scheduler.next({ paused: paused(0, 1, 2, 3), canStart: true })).toEqual({ type: 'resume', trialIndex: 1 })
    expect(scheduler.next({ paused: paused(0, 2, 3), canStart: true })).toEqual({ type: 'resume', trialIndex: 3 })
    expect(scheduler.next({ paused: paused(0, 2), canStart: true })).toEqual({ type: 'new' })
    expect(scheduler.next({ paused: paused(0, 2), canStart: false })).toEqual({ type: 'wait' })
  })

  it('brings the best of 27 trials to the end by promotion, and no other', () => {
    const study = new DrillStudy(new ASHAScheduler({ variant: 'promotion', maxT: 27, reductionFactor: 3 }), {
      trials: 27,
      places: 1,
      length: 100,
      mode: 'min',
      score: index => index,
    }).run()
    const finished = study.trials.filter(({ iteration }) => iteration === 27).map(({ index }) => index)
    expect(finished).toEqual([0])
    const counts = [1, 3, 9, 27].map(level => study.trials.filter(({ iteration }) => iteration === level).length)
    expect(counts).toEqual([18, 6, 2, 1])
  })

  it('takes metric and mode from its options before the study', () => {
    const scheduler = new ASHAScheduler({ metric: 'loss', mode: 'min' })
    scheduler.setUp({ metric: 'score', mode: 'max', rng: Rng.from(1) })
    const reports = [1, 2].map(loss => makeReport(1, { loss, score: loss }))
    expect(reports.map((report, index) => scheduler.onReport(makeTrial(index, report), report).type)).toEqual([
      'continue',
      'stop',
    ])
  })

  it('asks for a metric or mode that nobody gives', () => {
    const rng = Rng.from(1)
    expect(errorOf(() => new ASHAScheduler().setUp({ metric: 'loss', mode: undefined, rng }))).toEqual(
      new TuneError(
        'INVALID_OPTION',
        "ASHAScheduler compares trials and has no mode; give the study's tuneConfig (or the scheduler) a mode",
      ),
    )
  })

  it('says that it needs setUp', () => {
    expect(errorOf(() => new ASHAScheduler().describe())).toMatchObject({ code: 'PLUGIN_FAULT' })
  })

  it('states its options with their defaults', () => {
    expect(new AsyncHyperBandScheduler().options).toEqual({
      variant: 'stopping',
      timeAttr: 'trainingIteration',
      metric: null,
      mode: null,
      maxT: 100,
      gracePeriod: 1,
      reductionFactor: 4,
      brackets: 1,
      stopLastTrials: true,
    })
  })

  it.each([
    [{ maxT: 0 }, 'maxT is 0; give a number above 0'],
    [{ maxT: Number.NaN }, 'maxT is NaN; give a number above 0'],
    [{ gracePeriod: -1 }, 'gracePeriod is -1; give a number above 0'],
    [{ gracePeriod: 10, maxT: 5 }, 'gracePeriod is 10; give one of at most maxT, which is 5'],
    [{ reductionFactor: 1 }, 'reductionFactor is 1; give a number above 1'],
    [
      { reductionFactor: 1.001 },
      'reductionFactor is 1.001; give a larger one: from gracePeriod 1 to maxT 100 this one makes more than 1000 rungs',
    ],
    [{ brackets: 1.5 }, 'brackets is 1.5; give an integer from 1 to 1000'],
    [{ timeAttr: '' }, 'timeAttr is ""; give the name of a metric that grows with each report'],
  ] as const)('refuses %o', (options, message) => {
    expect(errorOf(() => new ASHAScheduler(options))).toEqual(
      new TuneError('INVALID_OPTION', `ASHAScheduler: ${message}`),
    )
  })

  it('names the options when one is misspelt', () => {
    const misspelt: object = { max_t: 10 }
    expect(errorOf(() => new ASHAScheduler(misspelt))).toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining("there is no option 'max_t'; the options are variant, timeAttr,"),
    })
  })
})
