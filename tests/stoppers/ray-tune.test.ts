import { describe, expect, it } from 'vitest'
import type { Stopper } from '../../src/stopper.js'
import { ExperimentPlateauStopper, MaximumIterationStopper, TrialPlateauStopper } from '../../src/stoppers/index.js'
import { makeReport, makeTrial } from '../schedulers/make-trial.js'
import { itHolds } from '../schedulers/ray-tune/facts.js'
import { recordedRuns } from '../schedulers/ray-tune/recorded.js'

/** Whether a stopper says stop to each of these values. */
function stops(stopper: Stopper, values: readonly number[]): boolean[] {
  return values.map((score, index) => {
    const report = makeReport(index + 1, { score })
    return stopper.onReport?.(makeTrial(0, report), report).type !== 'continue'
  })
}

describe('Stoppers', () => {
  it.each([...recordedRuns('trial-plateau'), ...recordedRuns('experiment-plateau')])(
    'decide as Ray Tune 2.58.0 did ($of, $options)',
    ({ of, options, events }) => {
      const Plateau = of === 'trial-plateau' ? TrialPlateauStopper : ExperimentPlateauStopper
      const values = events.map(({ value }) => value ?? Number.NaN)
      const expected = events.map(({ decision }) => decision === 'stop')
      expect(stops(new Plateau({ metric: 'score', ...options }), values)).toEqual(expected)
    },
  )

  itHolds('see the trial plateau of the shared record of Ray Tune', 'trial_plateau', trace => {
    const stopper = new TrialPlateauStopper({ metric: 'score' })
    const values = trace.map(([value]) => value)
    expect(stops(stopper, values)).toEqual(trace.map(([, stopped]) => stopped))
  })

  itHolds('see the experiment plateau of the shared record of Ray Tune', 'experiment_plateau', trace => {
    const stopper = new ExperimentPlateauStopper({ metric: 'score', top: 3, mode: 'min' })
    const values = trace.map(([value]) => value)
    expect(stops(stopper, values)).toEqual(trace.map(([, stopped]) => stopped))
  })

  itHolds('count reports as the shared record of Ray Tune does', 'max_iter', trace => {
    expect(stops(new MaximumIterationStopper({ maxIterations: 3 }), Array(trace.length).fill(0))).toEqual(trace)
  })
})
