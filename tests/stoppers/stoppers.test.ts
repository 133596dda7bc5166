import { describe, expect, it } from 'vitest'
import { TuneError } from '../../src/errors.js'
import type { JsonObject } from '../../src/json.js'
import type { Stopper, StopVerdict } from '../../src/stopper.js'
import {
  CombinedStopper,
  FunctionStopper,
  MaximumIterationStopper,
  MetricStopper,
  TimeBudgetStopper,
} from '../../src/stoppers/index.js'
import { makeReport, makeTrial } from '../schedulers/make-trial.js'

/** What a stopper says to the n-th report of trial 0. */
function tell(stopper: Stopper, iteration: number, metrics: JsonObject = {}): StopVerdict | undefined {
  const report = makeReport(iteration, metrics)
  return stopper.onReport?.(makeTrial(0, report), report)
}

const goOn: StopVerdict = { type: 'continue' }
const stop = (reason: string): StopVerdict => ({ type: 'stop-trial', reason })

describe('MaximumIterationStopper', () => {
  it('stops at its number of reports, and grants up to there', () => {
    const stopper = new MaximumIterationStopper({ maxIterations: 3 })
    expect([1, 2, 3, 4].map(iteration => tell(stopper, iteration)?.type)).toEqual([
      'continue',
      'continue',
      'stop-trial',
      'stop-trial',
    ])
    expect(tell(stopper, 3)).toEqual(stop('iteration 3 has reached the maximum of 3'))
    expect(stopper.grant()).toBe(3)
    expect(stopper.options).toEqual({ maxIterations: 3 })
  })

  it.each([0, -1, 2.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', maxIterations => {
    expect(() => new MaximumIterationStopper({ maxIterations })).toThrow(
      new TuneError(
        'INVALID_OPTION',
        `MaximumIterationStopper: maxIterations is ${maxIterations}; give an integer of at least 1`,
      ),
    )
  })
})

describe('MetricStopper', () => {
  it('stops at an upper bound and below', () => {
    const stopper = new MetricStopper({ metric: 'loss', atMost: 0.1 })
    expect([0.2, 0.1, 0.05, Number.NEGATIVE_INFINITY].map(loss => tell(stopper, 1, { loss }))).toEqual([
      goOn,
      stop('loss 0.1 is at most 0.1'),
      stop('loss 0.05 is at most 0.1'),
      stop('loss -Infinity is at most 0.1'),
    ])
  })

  it('stops at a lower bound and above, also of a nested metric', () => {
    const stopper = new MetricStopper({ metric: 'eval/accuracy', atLeast: 0.98 })
    expect([0.9, 0.98].map(accuracy => tell(stopper, 1, { eval: { accuracy } }))).toEqual([
      goOn,
      stop('eval/accuracy 0.98 is at least 0.98'),
    ])
  })

  it('lets NaN and reports without the metric go on', () => {
    for (const bound of [{ atLeast: 0 }, { atMost: 0 }] as const) {
      const stopper = new MetricStopper({ metric: 'loss', ...bound })
      expect(tell(stopper, 1, { loss: Number.NaN })).toEqual(goOn)
      expect(tell(stopper, 1, { other: 0 })).toEqual(goOn)
    }
  })

  it.each([
    [{ metric: '', atMost: 1 }, 'MetricStopper: metric is ""; name the metric to watch'],
    [{ metric: 'loss', atMost: Number.NaN }, "MetricStopper for 'loss': atMost is NaN; give a finite number"],
    [
      { metric: 'loss' },
      `MetricStopper for 'loss' is given {"metric":"loss"}; give either atLeast or atMost (for both, an array of two stoppers)`,
    ],
    [
      { metric: 'loss', atMost: 1, atLeast: 2 },
      `MetricStopper for 'loss' is given {"metric":"loss","atMost":1,"atLeast":2}; give either atLeast or atMost (for both, an array of two stoppers)`,
    ],
  ])('refuses %o', (options, message) => {
    // @ts-expect-error such options don't compile; plain JavaScript may still pass them
    expect(() => new MetricStopper(options)).toThrow(new TuneError('INVALID_OPTION', message))
  })
})

describe('TimeBudgetStopper', () => {
  it('carries its budget and has no say at reports', () => {
    const stopper: Stopper = new TimeBudgetStopper({ seconds: 60 })
    expect([stopper.budgetSeconds, tell(stopper, 1), stopper.grant?.(makeTrial(0))]).toEqual([60, undefined, Infinity])
  })

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d seconds', seconds => {
    expect(() => new TimeBudgetStopper({ seconds })).toThrow(/^TimeBudgetStopper: seconds is .*; give a number above 0/)
  })
})

describe('FunctionStopper', () => {
  it('stops on true or a reason', () => {
    const stopper = new FunctionStopper(function diverged(trial, { metrics }) {
      if (metrics.loss === 'nan') return `trial ${trial.index} diverged`
      return metrics.loss === 9
    })
    expect([1, 9, 'nan'].map(loss => tell(stopper, 1, { loss }))).toEqual([
      goOn,
      stop('the stop function diverged said so'),
      stop('trial 0 diverged'),
    ])
    expect(stopper.options).toEqual({
      function: 'diverged',
      source: expect.stringMatching(/^function diverged\(trial, \{ metrics \}\) \{/),
    })
  })

  it('refuses other answers, naming trial and report', () => {
    const answering = (answer: unknown) => {
      const stops = () => answer
      // @ts-expect-error such functions don't compile; plain JavaScript may still pass them
      return () => tell(new FunctionStopper(stops), 4)
    }
    expect(answering(1)).toThrow(
      new TuneError(
        'PLUGIN_FAULT',
        'the stop function stops returned 1 at report 4 of trial 0; return true, false or the reason to stop',
      ),
    )
    expect(answering(Promise.resolve(true))).toThrow('a promise (it must not be async)')
  })
})

describe('CombinedStopper', () => {
  const recorder = (verdict: StopVerdict, seen: string[], name: string): Stopper => ({
    name,
    options: {},
    setUp: ({ objectives }) => void seen.push(`${name} ${objectives[0]?.metric}`),
    onReport(_trial, report) {
      seen.push(`${name} ${report.iteration}`)
      return verdict
    },
  })

  it('tells all of its stoppers and gives the first reason', () => {
    const seen: string[] = []
    const combined = new CombinedStopper(
      recorder(goOn, seen, 'a'),
      recorder(stop('b says so'), seen, 'b'),
      recorder(stop('c says so'), seen, 'c'),
    )
    combined.setUp({ objectives: [{ metric: 'loss', mode: 'min' }] })
    expect(tell(combined, 1)).toEqual(stop('b says so'))
    expect(seen).toEqual(['a loss', 'b loss', 'c loss', 'a 1', 'b 1', 'c 1'])
  })

  it('ends the study rather than the trial', () => {
    const study: StopVerdict = { type: 'stop-study', reason: 'enough' }
    const verdicts = [stop('bad'), study, { ...study, reason: 'later' }, stop('also')]
    expect(tell(new CombinedStopper(...verdicts.map(verdict => recorder(verdict, [], 'x'))), 1)).toEqual(study)
  })

  it('grants as much as each of its stoppers does', () => {
    const trial = makeTrial(0, makeReport(2, {}))
    const ten = new MaximumIterationStopper({ maxIterations: 10 })
    const five = new MaximumIterationStopper({ maxIterations: 5 })
    const minute = new TimeBudgetStopper({ seconds: 60 })
    expect(new CombinedStopper(ten, five, minute).grant(trial)).toBe(5)
    expect(new CombinedStopper(ten, new MetricStopper({ metric: 'loss', atMost: 1 })).grant(trial)).toBe(3)
    expect(new CombinedStopper(minute).grant(trial)).toBe(Infinity)
  })

  it('has the smallest budget, if any', () => {
    const budgets = [60, 30].map(seconds => new TimeBudgetStopper({ seconds }))
    expect(new CombinedStopper(...budgets).budgetSeconds).toBe(30)
    expect(new CombinedStopper().budgetSeconds).toBeUndefined()
  })

  it('states the options of its stoppers', () => {
    expect(new CombinedStopper(new TimeBudgetStopper({ seconds: 1 })).options).toEqual({
      stoppers: [{ name: 'time-budget', options: { seconds: 1 } }],
    })
  })
})
