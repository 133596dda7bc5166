import { describe, expect, it } from 'vitest'
import { type MedianStoppingOptions, MedianStoppingRule } from '../../../schedulers/index.js'
import { Rng } from '../../../src/rng.js'
import { makeReport, makeTrial } from '../make-trial.js'
import { itHolds } from './facts.js'
import { recordedRuns } from './recorded.js'

function start(options: MedianStoppingOptions): MedianStoppingRule {
  const rule = new MedianStoppingRule({ metric: 'score', mode: 'max', timeAttr: 'time', ...options })
  rule.setUp({ metric: undefined, mode: undefined, rng: Rng.from(1) })
  return rule
}

describe('MedianStoppingRule', () => {
  it.each(recordedRuns('median-stopping'))('decides as Ray Tune 2.58.0 did under $options', ({ options, events }) => {
    const rule = start(options)
    const decided = events.map(event => {
      const report = makeReport(1, { time: event.time, score: event.value ?? Number.NaN })
      const trial = makeTrial(event.trial, report)
      const decision = event.isEnd ? 'continue' : rule.onReport(trial, report).type
      if (event.isEnd) rule.onTrialEnd({ ...trial, status: 'terminated' })
      if (decision === 'pause') rule.onTrialResume(trial)
      return { ...event, decision }
    })
    expect(decided).toEqual(events)
  })

  itHolds('decides each report of the traces in the shared record of Ray Tune alike', 'median_stopping', traces => {
    for (const { cfg, events } of traces) {
      const { mode, grace_period: gracePeriod, min_samples_required: minSamplesRequired, hard_stop: hardStop } = cfg
      const rule = start({ mode, gracePeriod, minSamplesRequired, hardStop })
      const decided = events.map(([kind, index, time, score]) => {
        const report = makeReport(1, { time, score })
        return [kind, index, time, score, rule.onReport(makeTrial(index, report), report).type.toUpperCase()]
      })
      expect(decided).toEqual(events)
    }
  })
})
