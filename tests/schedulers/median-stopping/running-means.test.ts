import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RunningMeans } from '../../../schedulers/median-stopping/running-means.js'

interface Result {
  readonly trial: number
  readonly time: number
  readonly score: number
}

/** What is known of the others by going through all results again. */
function naive(results: readonly Result[], gracePeriod: number, time: number, trialIndex: number) {
  const trials = new Set(results.map(({ trial }) => trial))
  trials.delete(trialIndex)
  const means: number[] = []
  for (const trial of trials) {
    const own = results.filter(each => each.trial === trial)
    const counted = own.filter(each => each.time >= gracePeriod && each.time <= time)
    if (counted.length === 0 || !own.some(each => each.time >= time)) continue
    means.push(counted.reduce((sum, { score }) => sum + score, 0) / counted.length)
  }
  const sorted = Float64Array.from(means).sort()
  const half = sorted.length >> 1
  const upper = sorted[half] ?? Number.NaN
  const median = sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2
  return { trials: means.length, finite: means.filter(Number.isFinite).length, median }
}

// whole scores of few values, so that sums are exact in any order
const score = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: -4, max: 4 }) }, fc.constant(Number.NEGATIVE_INFINITY))
const steps = fc.array(fc.record({ trial: fc.integer({ min: 0, max: 5 }), step: fc.nat(2), score }), { maxLength: 60 })

describe('RunningMeans', () => {
  it('knows of the others what going through all results again tells', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom(0, 1, 3), (all, gracePeriod) => {
        const means = new RunningMeans(gracePeriod)
        const times = Array<number>(6).fill(0)
        const results: Result[] = []
        for (const { trial, step, score: value } of all) {
          const time = (times[trial] ?? 0) + step
          times[trial] = time
          const { trials, finite, median } = means.othersAt(time, trial)
          const expected = naive(results, gracePeriod, time, trial)
          expect({ trials, finite }).toEqual({ trials: expected.trials, finite: expected.finite })
          if (Number.isFinite(expected.median)) expect(median).toBeCloseTo(expected.median, 9)
          else expect(median).toBe(expected.median)
          means.record(trial, time, value)
          results.push({ trial, time, score: value })
        }
      }),
    )
  })

  it('knows the best and the last time of a trial', () => {
    const means = new RunningMeans(0)
    expect([means.best(0), means.lastTime(0)]).toEqual([-Infinity, -Infinity])
    for (const [time, value] of [1, 5, 3].entries()) means.record(0, time, value)
    expect([means.best(0), means.lastTime(0)]).toEqual([5, 2])
  })
})
