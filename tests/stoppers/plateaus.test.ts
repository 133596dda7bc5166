import { describe, expect, it } from 'vitest'
import { TuneError } from '../../src/errors.js'
import type { JsonObject } from '../../src/json.js'
import type { Stopper, StopperContext, StopVerdict } from '../../src/stopper.js'
import {
  AllOfStopper,
  ExperimentPlateauStopper,
  FunctionStopper,
  MaximumIterationStopper,
  MetricStopper,
  TimeBudgetStopper,
  TrialPlateauStopper,
} from '../../src/stoppers/index.js'
import { makeReport, makeTrial } from '../schedulers/make-trial.js'

const study: StopperContext = { objectives: [{ metric: 'loss', mode: 'min' }] }
const goOn: StopVerdict = { type: 'continue' }

function tell(stopper: Stopper, iteration: number, metrics: JsonObject, index = 0): StopVerdict | undefined {
  const report = makeReport(iteration, metrics)
  return stopper.onReport?.(makeTrial(index, report), report)
}

/** The types of what a stopper says to one trial's losses. */
function tellLosses(stopper: Stopper, losses: readonly number[]): (string | undefined)[] {
  return losses.map((loss, at) => tell(stopper, at + 1, { loss })?.type)
}

function refusal(act: () => unknown): string | undefined {
  try {
    act()
  } catch (error) {
    return error instanceof TuneError && error.code === 'INVALID_OPTION' ? error.message : String(error)
  }
  return undefined
}

describe('TrialPlateauStopper', () => {
  it('stops a trial whose last results hardly differ, and says so', () => {
    const stopper = new TrialPlateauStopper({ numResults: 3, gracePeriod: 0 })
    stopper.setUp(study)
    expect(tellLosses(stopper, [1, 0.5, 0.5])).toEqual(['continue', 'continue', 'continue'])
    expect(tell(stopper, 4, { loss: 0.5078125 })).toEqual({
      type: 'stop-trial',
      reason: 'the standard deviation of the last 3 values of loss is 0.00368, below 0.01',
    })
    // each trial has values of its own
    expect(tell(stopper, 1, { loss: 0.5 }, 1)).toEqual(goOn)
  })

  it('stops nobody within the grace period, and grants up to the first report that it may stop at', () => {
    const stopper = new TrialPlateauStopper({ metric: 'loss', numResults: 2, gracePeriod: 4 })
    expect(tellLosses(stopper, [1, 1, 1, 1])).toEqual(['continue', 'continue', 'continue', 'stop-trial'])
    expect([0, 2, 7].map(iteration => stopper.grant({ ...makeTrial(0), iteration }))).toEqual([4, 4, 8])
  })

  it('stops only at the threshold or better', () => {
    const losses = [0.5, 0.5, 0.1, 0.1]
    const stopper = new TrialPlateauStopper({ numResults: 2, gracePeriod: 0, metricThreshold: 0.2 })
    stopper.setUp(study)
    expect(tellLosses(stopper, losses)).toEqual(['continue', 'continue', 'continue', 'stop-trial'])
    const upwards = new TrialPlateauStopper({
      metric: 'loss',
      numResults: 2,
      gracePeriod: 0,
      metricThreshold: 0.2,
      mode: 'max',
    })
    expect(tellLosses(upwards, losses)[1]).toBe('stop-trial')
  })

  it('stops nobody while a value among the last is missing, NaN or infinite', () => {
    for (const odd of [{}, { loss: Number.NaN }, { loss: Number.POSITIVE_INFINITY }]) {
      const stopper = new TrialPlateauStopper({ metric: 'loss', numResults: 2, gracePeriod: 0 })
      const verdicts = [{ loss: 1 }, odd, { loss: 1 }, { loss: 1 }].map(
        (metrics, at) => tell(stopper, at + 1, metrics)?.type,
      )
      expect(verdicts).toEqual(['continue', 'continue', 'continue', 'stop-trial'])
    }
  })

  it('begins anew at setUp', () => {
    const stopper = new TrialPlateauStopper({ numResults: 2, gracePeriod: 0 })
    for (const _ of [1, 2]) {
      stopper.setUp(study)
      expect(tellLosses(stopper, [1, 1])).toEqual(['continue', 'stop-trial'])
    }
  })

  it('refuses wrong options, and asks for what it lacks', () => {
    const two: StopperContext = { objectives: [...study.objectives, { metric: 'speed', mode: 'max' }] }
    expect([
      refusal(() => new TrialPlateauStopper({ std: 0 })),
      refusal(() => new TrialPlateauStopper({ numResults: 0 })),
      refusal(() => new TrialPlateauStopper({ patience: 1 } as object)),
      refusal(() => new TrialPlateauStopper().setUp(two)),
      refusal(() => new TrialPlateauStopper({ metric: 'accuracy', metricThreshold: 1 }).setUp(study)),
    ]).toEqual([
      'TrialPlateauStopper: std is 0; give a number above 0',
      'TrialPlateauStopper: numResults is 0; give an integer of at least 1',
      "TrialPlateauStopper: there is no option 'patience'; the options are metric, std, numResults, gracePeriod, metricThreshold, mode",
      'TrialPlateauStopper: it has no metric to watch; give it one, or the study exactly one',
      "TrialPlateauStopper: metricThreshold of 'accuracy' has no direction; give mode 'min' or 'max'",
    ])
    expect(() => tell(new TrialPlateauStopper(), 1, { loss: 1 })).toThrow('used before setUp')
  })
})

describe('ExperimentPlateauStopper', () => {
  it('ends the study when the best values hardly differ, and says so', () => {
    const stopper = new ExperimentPlateauStopper({ top: 2 })
    stopper.setUp(study)
    expect(tellLosses(stopper, [0.9, 0.5, 0.75])).toEqual(['continue', 'continue', 'continue'])
    expect(tell(stopper, 1, { loss: 0.5 }, 1)).toEqual({
      type: 'stop-study',
      reason: 'the standard deviation of the 2 best values of loss is 0.00, at most 0.001',
    })
  })

  it('waits for as many reports as its patience says, and starts over when the best values differ again', () => {
    const stopper = new ExperimentPlateauStopper({ metric: 'loss', mode: 'min', top: 2, patience: 2 })
    const verdicts = tellLosses(stopper, [1, 1, 0.5, 0.5, 0.5, 0.5])
    expect(verdicts.map(type => type === 'stop-study')).toEqual([false, false, false, false, true, true])
  })

  it('follows the direction of the study', () => {
    const stopper = new ExperimentPlateauStopper({ top: 2 })
    stopper.setUp({ objectives: [{ metric: 'loss', mode: 'max' }] })
    expect(tellLosses(stopper, [0, 0.9, 0, 0.9]).at(-1)).toBe('stop-study')
  })

  it('passes over reports without the metric, and takes nothing that is not finite for the best', () => {
    const stopper = new ExperimentPlateauStopper({ metric: 'loss', mode: 'min', top: 2 })
    const odd = [{}, { loss: Number.NEGATIVE_INFINITY }, { loss: Number.NaN }]
    expect(odd.map(metrics => tell(stopper, 1, metrics))).toEqual([goOn, goOn, goOn])
    expect(tellLosses(stopper, [1, 1])).toEqual(['continue', 'stop-study'])
  })

  it('refuses wrong options, and asks for what it lacks', () => {
    expect([
      refusal(() => new ExperimentPlateauStopper({ top: 1 })),
      refusal(() => new ExperimentPlateauStopper({ patience: -1 })),
      refusal(() => new ExperimentPlateauStopper({ metric: 'speed' }).setUp(study)),
    ]).toEqual([
      'ExperimentPlateauStopper: top is 1; give an integer of at least 2',
      'ExperimentPlateauStopper: patience is -1; give an integer of at least 0',
      "ExperimentPlateauStopper: 'speed' has no direction; give mode 'min' or 'max'",
    ])
    expect(() => tell(new ExperimentPlateauStopper(), 1, { loss: 1 })).toThrow('used before setUp')
  })
})

describe('AllOfStopper', () => {
  it('stops a trial when all of its stoppers do, with all of their reasons', () => {
    const stopper = new AllOfStopper(
      new MaximumIterationStopper({ maxIterations: 2 }),
      new MetricStopper({ metric: 'loss', atMost: 0.1 }),
    )
    expect(tell(stopper, 1, { loss: 0 })).toEqual(goOn)
    expect(tell(stopper, 2, { loss: 1 })).toEqual(goOn)
    expect(tell(stopper, 3, { loss: 0 })).toEqual({
      type: 'stop-trial',
      reason: 'iteration 3 has reached the maximum of 2; loss 0 is at most 0.1',
    })
  })

  it('has all of them see every report, and ends the study only when each one does', () => {
    const plateau = () => new ExperimentPlateauStopper({ top: 2 })
    const both = new AllOfStopper(plateau(), plateau())
    const mixed = new AllOfStopper(new FunctionStopper((_, { iteration }) => iteration > 1), plateau())
    for (const stopper of [both, mixed]) stopper.setUp(study)
    expect(tellLosses(both, [1, 1])).toEqual(['continue', 'stop-study'])
    expect(tellLosses(mixed, [1, 1])).toEqual(['continue', 'stop-trial'])
  })

  it('grants as much as the most patient of its stoppers', () => {
    const [ten, bound] = [
      new MaximumIterationStopper({ maxIterations: 10 }),
      new MetricStopper({ metric: 'loss', atMost: 1 }),
    ]
    expect(new AllOfStopper(ten, bound).grant(makeTrial(0))).toBe(10)
    expect(new AllOfStopper(bound).grant({ ...makeTrial(0), iteration: 4 })).toBe(5)
  })

  it('states its stoppers, and refuses none of them or a time budget', () => {
    const plateau = new TrialPlateauStopper()
    expect(new AllOfStopper(plateau).options).toEqual({
      stoppers: [{ name: 'trial-plateau', options: plateau.options }],
    })
    expect(refusal(() => new AllOfStopper())).toMatch(/^AllOfStopper is given no stoppers/)
    expect(refusal(() => new AllOfStopper(new TimeBudgetStopper({ seconds: 1 })))).toMatch(
      /^AllOfStopper is given time-budget/,
    )
  })
})
