import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CutoffRung, StoppingBracket } from '../../../schedulers/asha/stopping-bracket.js'

const worst = Number.NEGATIVE_INFINITY

/** The percentile by sorting all values, as numpy computes it. */
function naiveCutoff(values: readonly number[], reductionFactor: number): number {
  const sorted = Float64Array.from(values).sort()
  const position = (sorted.length - 1) * (((1 - 1 / reductionFactor) * 100) / 100)
  const [low = Number.NaN, high = low] = sorted.subarray(Math.floor(position))
  const t = position - Math.floor(position)
  return t < 0.5 ? low + (high - low) * t : high - (high - low) * (1 - t)
}

const bracket = (options: Partial<ConstructorParameters<typeof StoppingBracket>[0]> = {}) =>
  new StoppingBracket({ levels: [1, 3], reductionFactor: 3, maxT: 9, stopLastTrials: true, ...options })

const scores = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -1e6, max: 1e6, noNaN: true })), {
  minLength: 1,
  maxLength: 80,
})
const factors = fc.double({ min: 1.01, max: 20, noNaN: true })

describe('CutoffRung', () => {
  it('has the percentile that sorting gives, after every record', () => {
    fc.assert(
      fc.property(scores, factors, (values, reductionFactor) => {
        const rung = new CutoffRung(1, reductionFactor)
        for (const [index, value] of values.entries()) {
          rung.record(index, value)
          expect(rung.cutoff()).toBeCloseTo(naiveCutoff(values.slice(0, index + 1), reductionFactor), 6)
        }
        expect(rung.cutoff()).toSatisfy(cutoff => cutoff === naiveCutoff(values, reductionFactor))
      }),
    )
  })

  it('counts results that are not finite among the worst', () => {
    const rung = new CutoffRung(1, 2)
    for (const [index, value] of [worst, 4, 2, worst, 3].entries()) rung.record(index, value)
    expect([rung.recorded, rung.finite, rung.cutoff()]).toEqual([5, 3, 2])
    rung.record(5, worst)
    expect(rung.cutoff()).toBe(worst)
  })
})

describe('StoppingBracket', () => {
  it('lets the first at a rung go on, and those at the cut-off or better', () => {
    const rungs = bracket()
    const judged = [0.5, 0.5, 0.4, 0.6].map((score, index) => rungs.judge(index, 1, score))
    expect(judged).toEqual([
      { type: 'continue' },
      { type: 'continue' },
      { type: 'below-cutoff', level: 1, cutoff: 0.5, recorded: 2 },
      { type: 'continue' },
    ])
  })

  it('lets at most one in reductionFactor (and the first) pass when the best come first', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), values => {
        const rungs = bracket()
        const judged = values.toSorted((a, b) => b - a).map((score, index) => rungs.judge(index, 1, score).type)
        expect(judged.filter(type => type === 'continue').length).toBeLessThanOrEqual(Math.max(1, values.length / 3))
      }),
    )
  })

  it('stops a trial without a finite metric once a finite one is recorded', () => {
    const rungs = bracket()
    expect(rungs.judge(0, 1, worst)).toEqual({ type: 'continue' })
    expect(rungs.judge(1, 1, worst)).toEqual({ type: 'continue' })
    expect(rungs.judge(2, 1, -1e9)).toEqual({ type: 'continue' })
    expect(rungs.judge(3, 1, worst)).toEqual({ type: 'not-finite', level: 1, finite: 1, recorded: 3 })
    expect(rungs.judge(0, 3, worst)).toEqual({ type: 'continue' })
  })

  it('is done with a trial at maxT, and records it there when it has ended', () => {
    const rungs = bracket({ levels: [1, 3, 9] })
    expect(rungs.judge(0, 9, 0.5)).toEqual({ type: 'finished' })
    rungs.end(0, { time: 9, score: 0.5 })
    expect(rungs.summarize()).toEqual([
      { level: 9, recorded: 1, cutoff: 0.5 },
      { level: 3, recorded: 0, cutoff: undefined },
      { level: 1, recorded: 0, cutoff: undefined },
    ])
  })

  it('decides next at the next rung, then at maxT or never', () => {
    const decisions = (rungs: StoppingBracket) =>
      [Number.NEGATIVE_INFINITY, 0, 1, 2, 3, 8].map(time => {
        if (time > 0) rungs.judge(0, time, 1)
        return rungs.nextDecision(0, time)
      })
    expect(decisions(bracket())).toEqual([1, 1, 3, 3, 9, 9])
    expect(decisions(bracket({ stopLastTrials: false }))).toEqual([1, 1, 3, 3, Infinity, Infinity])
  })

  it('may decide at the very next report while a rung that was reached has no result', () => {
    const rungs = bracket()
    rungs.judge(0, 4, 1)
    expect(rungs.nextDecision(0, 4)).toBeCloseTo(4, 10)
    rungs.judge(0, 5, 1)
    expect(rungs.nextDecision(0, 5)).toBe(9)
  })
})
