import { describe, expect, it } from 'vitest'
import { bracketProbabilities } from '../../../schedulers/asha/brackets.js'
import { CutoffRung } from '../../../schedulers/asha/stopping-bracket.js'
import { type ASHAOptions, ASHAScheduler } from '../../../schedulers/index.js'
import { rungLevels } from '../../../schedulers/kit/rungs.js'
import { Rng } from '../../../src/rng.js'
import { makeReport, makeTrial } from '../make-trial.js'
import { itHolds, type RayTuneFacts } from './facts.js'
import { recordedRuns } from './recorded.js'

type Trace = Pick<RayTuneFacts['asha_traces'][number], 'cfg' | 'mode' | 'events'>

function start(options: ASHAOptions): ASHAScheduler {
  const scheduler = new ASHAScheduler({ metric: 'score', mode: 'max', ...options })
  scheduler.setUp({ metric: undefined, mode: undefined, rng: Rng.from(1) })
  return scheduler
}

/** Plays what the trials of a trace report, and collects decisions and cut-offs in the trace's own form. */
function play({ cfg, mode, events }: Trace) {
  const [maxT, gracePeriod, reductionFactor] = [cfg.max_t, cfg.grace_period, cfg.reduction_factor]
  const scheduler = start({ mode, maxT, gracePeriod, reductionFactor })
  const played = events.map(([index, iteration, score]) => {
    const report = makeReport(iteration, { score })
    const { type } = scheduler.onReport(makeTrial(index, report), report)
    if (type === 'stop') scheduler.onTrialEnd(makeTrial(index, report, 'terminated'))
    return [index, iteration, score, type.toUpperCase()]
  })
  return { events: played, cutoffs: scheduler.rungs().map(({ level, cutoff }) => [level, cutoff]) }
}

function cutoffOf(values: readonly number[], reductionFactor: number): number | undefined {
  const rung = new CutoffRung(1, reductionFactor)
  for (const [index, value] of values.entries()) rung.record(index, value)
  return rung.cutoff()
}

describe('ASHAScheduler of variant stopping, beside golden values of Ray Tune 2.58.0,', () => {
  it('has its cut-offs', () => {
    expect(cutoffOf([], 3)).toBeUndefined()
    expect(cutoffOf([7], 3)).toBe(7)
    expect(cutoffOf([1, 2, 3, 4], 2)).toBe(2.5)
    expect(cutoffOf([5, 1, 9, 3, 7], 3)).toBe(6.333333333333334)
    expect(cutoffOf([0, 0, 1], 3)).toBe(0.3333333333333335)
  })

  it('has its rungs and bracket probabilities', () => {
    const levels = [0, 1, 2].map(bracket => rungLevels({ gracePeriod: 1, reductionFactor: 4, maxT: 100 }, bracket))
    expect(levels).toEqual([
      [1, 4, 16, 64],
      [4, 16, 64],
      [16, 64],
    ])
    const probabilities = bracketProbabilities(levels.map(({ length }) => length))
    expect(probabilities.map(p => Number(p.toFixed(3)))).toEqual([0.665, 0.245, 0.09])
  })

  it('judges a trial at a rung that it jumped over, when its last trials are stopped', () => {
    const outcome = (stopLastTrials: boolean) => {
      const scheduler = start({ maxT: 8, reductionFactor: 2, stopLastTrials })
      const reports: [number, number, number][] = [
        [0, 2, 0.1],
        [1, 1, 0.9],
        [0, 3, 0.1],
      ]
      return reports.map(([index, trainingIteration, score]) => {
        const report = makeReport(1, { trainingIteration, score })
        return scheduler.onReport(makeTrial(index, report), report).type
      })
    }
    expect(outcome(true)).toEqual(['continue', 'continue', 'stop'])
    expect(outcome(false)).toEqual(['continue', 'continue', 'continue'])
  })

  it.each(recordedRuns('asha'))('decides as it did under $options', ({ options, events, cutoffs }) => {
    const scheduler = start({ ...options, timeAttr: 'time' })
    const decided = events.map(event => {
      const { trial, time, value } = event
      const report = makeReport(1, value === undefined ? { time } : { time, score: value })
      const decision = event.isEnd ? 'continue' : scheduler.onReport(makeTrial(trial, report), report).type
      if (event.isEnd || event.endsAfter || decision === 'stop')
        scheduler.onTrialEnd(makeTrial(trial, report, 'terminated'))
      return { ...event, decision }
    })
    expect(decided).toEqual(events)
    // recorded with the sign that Ray Tune gives a metric to be minimized
    const sign = options.mode === 'min' ? -1 : 1
    const ours = scheduler.rungs().map(({ level, cutoff }) => [level, cutoff === undefined ? null : sign * cutoff])
    expect(ours).toEqual(cutoffs)
  })
})

describe('ASHAScheduler of variant stopping, beside the shared record of Ray Tune,', () => {
  itHolds('decides each report of each trace alike, and ends with the same cut-offs', 'asha_traces', traces => {
    for (const trace of traces) expect(play(trace)).toEqual({ events: trace.events, cutoffs: trace.cutoffs })
  })

  itHolds('decides the mirrored traces alike', 'asha_traces', traces => {
    for (const { cfg, events } of traces) {
      const mirrored = play({ cfg, mode: 'min', events: events.map(([i, t, v, d]) => [i, t, -v, d]) })
      expect(mirrored.events.map(event => event[3])).toEqual(events.map(event => event[3]))
    }
  })

  itHolds('lays out the same rungs, but for those that Ray Tune loses', 'asha_milestones', plans => {
    for (const { max_t, grace, rf, brackets, milestones, bracket_probs } of plans) {
      const plan = { gracePeriod: grace, reductionFactor: rf, maxT: max_t }
      // see the list of differences
      if (max_t === 1000 && rf === 10) continue
      const levels = Array.from({ length: brackets }, (_, bracket) => rungLevels(plan, bracket).reverse())
      expect(levels).toEqual(milestones)
      const probabilities = bracketProbabilities(levels.map(({ length }) => length))
      expect(probabilities.map(p => Number(p.toFixed(6)))).toEqual(bracket_probs)
    }
  })

  itHolds('has the same percentiles, bit for bit', 'nanpercentile', percentiles => {
    for (const { values, rf, cutoff } of percentiles) expect(cutoffOf(values, rf)).toBe(cutoff)
  })
})
