import { describe, expect, it } from 'vitest'
import { bracketProbabilities, rungLevels } from '../../../schedulers/asha/rungs.js'
import { CutoffRung } from '../../../schedulers/asha/stopping-bracket.js'
import { ASHAScheduler } from '../../../schedulers/index.js'
import { Rng } from '../../../src/rng.js'
import { makeReport, makeTrial } from '../make-trial.js'
import { type RayTuneTrace, rayTune } from './ray-tune.js'

/** Plays what the trials of a trace report, and collects decisions and cut-offs in the trace's own form. */
function play({ cfg, mode, events }: Pick<RayTuneTrace, 'cfg' | 'mode' | 'events'>) {
  const scheduler = new ASHAScheduler({
    maxT: cfg.max_t,
    gracePeriod: cfg.grace_period,
    reductionFactor: cfg.reduction_factor,
  })
  scheduler.setUp({ metric: 'score', mode, rng: Rng.from(1) })
  const played = events.map(([index, iteration, score]) => {
    const report = makeReport(iteration, { score })
    const { type } = scheduler.onReport(makeTrial(index, report), report)
    if (type === 'stop') scheduler.onTrialEnd(makeTrial(index, report, 'terminated'))
    return [index, iteration, score, type === 'stop' ? 'STOP' : 'CONTINUE']
  })
  return { events: played, cutoffs: scheduler.rungs().map(({ level, cutoff }) => [level, cutoff]) }
}

function cutoffOf(values: readonly number[], reductionFactor: number): number | undefined {
  const rung = new CutoffRung(1, reductionFactor)
  for (const [index, value] of values.entries()) rung.record(index, value)
  return rung.cutoff()
}

/** Where we differ on purpose: Ray's logarithm loses the rung at 1000. */
const isRoundingBug = (plan: { max_t: number; rf: number }) => plan.max_t === 1000 && plan.rf === 10

describe('the stopping rule as golden values of Ray Tune 2.58.0', () => {
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

  it('makes the rung at 1000 that Ray Tune loses to rounding', () => {
    expect(rungLevels({ gracePeriod: 1, reductionFactor: 10, maxT: 1000 }, 0)).toEqual([1, 10, 100, 1000])
  })

  it('judges nine trials at rung 1 as Ray Tune does', () => {
    const scores = [0.1313, 0.8524, 0.7653, 0.2596, 0.492, 0.4505, 0.6562, 0.7883, 0.1005]
    const { events, cutoffs } = play({
      cfg: { max_t: 9, grace_period: 1, reduction_factor: 3 },
      mode: 'max',
      events: scores.map((score, index) => [index, 1, score, '']),
    })
    expect(events.filter(([, , , decision]) => decision === 'STOP').map(([index]) => index)).toEqual([3, 4, 5, 8])
    expect(cutoffs.at(-1)).toEqual([1, 0.6925666666666668])
  })

  it('judges a trial at a rung that it jumped over, when its last trials are stopped', () => {
    const outcome = (stopLastTrials: boolean) => {
      const scheduler = new ASHAScheduler({ maxT: 8, reductionFactor: 2, stopLastTrials })
      scheduler.setUp({ metric: 'score', mode: 'max', rng: Rng.from(1) })
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
})

// recorded outside the repository, so a checkout of it alone has only the golden values above
describe.skipIf(rayTune === undefined)('the stopping rule beside all that was recorded of Ray Tune', () => {
  it('decides every report of every trace alike, and ends with the same cut-offs', () => {
    const traces = rayTune?.asha_traces ?? []
    expect(traces.length).toBeGreaterThan(0)
    for (const trace of traces) expect(play(trace)).toEqual({ events: trace.events, cutoffs: trace.cutoffs })
  })

  it('decides the mirrored traces alike', () => {
    for (const { cfg, events } of rayTune?.asha_traces ?? []) {
      const mirrored = play({ cfg, mode: 'min', events: events.map(([i, t, v, d]) => [i, t, -v, d]) })
      expect(mirrored.events.map(event => event[3])).toEqual(events.map(event => event[3]))
    }
  })

  it('lays out the same rungs, but for the one that Ray Tune loses', () => {
    const plans = rayTune?.asha_milestones ?? []
    expect(plans.filter(isRoundingBug).map(({ milestones }) => milestones)).toEqual([[[100, 10, 1]]])
    for (const { max_t, grace, rf, brackets, milestones, bracket_probs } of plans.filter(p => !isRoundingBug(p))) {
      const plan = { gracePeriod: grace, reductionFactor: rf, maxT: max_t }
      const levels = Array.from({ length: brackets }, (_, bracket) => rungLevels(plan, bracket).reverse())
      expect(levels).toEqual(milestones)
      const probabilities = bracketProbabilities(levels.map(({ length }) => length))
      expect(probabilities.map(p => Number(p.toFixed(6)))).toEqual(bracket_probs)
    }
  })

  it('has the same percentiles, bit for bit', () => {
    for (const { values, rf, cutoff } of rayTune?.nanpercentile ?? []) expect(cutoffOf(values, rf)).toBe(cutoff)
  })
})
