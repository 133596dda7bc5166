import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PromotionBracket } from '../../../schedulers/kit/promotion-bracket.js'

const options = { levels: [1, 3, 9], reductionFactor: 3, maxT: 9, stopLastTrials: true }

/** Takes every promotion that is on offer at a rung, in order. */
function promoteAll(bracket: PromotionBracket, rung: number, paused: Set<number>): number[] {
  const promoted: number[] = []
  for (;;) {
    const next = bracket.promotable(rung, index => paused.has(index))
    if (next === undefined) return promoted
    paused.delete(next)
    promoted.push(next)
  }
}

const scores = fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 60 })

describe('PromotionBracket', () => {
  it('pauses each trial at each rung below maxT, and is done with it there', () => {
    const bracket = new PromotionBracket(options)
    const judged = [1, 2, 3, 4, 8, 9].map(time => bracket.judge(0, time, 0.5))
    expect(judged).toEqual([
      { type: 'pause', level: 1, recorded: 1 },
      { type: 'continue' },
      { type: 'pause', level: 3, recorded: 1 },
      { type: 'continue' },
      { type: 'continue' },
      { type: 'finished' },
    ])
  })

  it('promotes exactly the best one in reductionFactor of what is recorded, ties by trial index', () => {
    fc.assert(
      fc.property(scores, fc.integer({ min: 2, max: 5 }), (values, reductionFactor) => {
        const bracket = new PromotionBracket({ ...options, reductionFactor })
        for (const [index, score] of values.entries()) bracket.judge(index, 1, score)
        const ranked = values.map((score, index) => ({ score, index })).sort((a, b) => b.score - a.score)
        const best = ranked.slice(0, Math.floor(values.length / reductionFactor)).map(({ index }) => index)
        expect(promoteAll(bracket, 0, new Set(values.keys()))).toEqual(best)
      }),
    )
  })

  it('never promotes a trial that is not among the best at that moment, nor twice', () => {
    fc.assert(
      fc.property(scores, values => {
        const bracket = new PromotionBracket(options)
        const paused = new Set<number>()
        const promoted: number[] = []
        for (const [index, score] of values.entries()) {
          bracket.judge(index, 1, score)
          paused.add(index)
          const ranked = values
            .slice(0, index + 1)
            .map((each, i) => ({ each, i }))
            .sort((a, b) => b.each - a.each)
          const best = new Set(ranked.slice(0, Math.floor((index + 1) / 3)).map(({ i }) => i))
          const now = promoteAll(bracket, 0, paused)
          expect(now.filter(i => !best.has(i))).toEqual([])
          promoted.push(...now)
          // whoever is among the best has been promoted by now
          expect([...best].filter(i => !promoted.includes(i))).toEqual([])
        }
        expect(new Set(promoted).size).toBe(promoted.length)
      }),
    )
  })

  it('counts metrics that are not finite, and never promotes them', () => {
    const bracket = new PromotionBracket(options)
    const values = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, -9, Number.NEGATIVE_INFINITY, 1, -8]
    for (const [index, score] of values.entries()) bracket.judge(index, 1, score)
    expect(promoteAll(bracket, 0, new Set(values.keys()))).toEqual([4, 5])
    const allWorst = new PromotionBracket(options)
    for (const index of [0, 1, 2]) allWorst.judge(index, 1, Number.NEGATIVE_INFINITY)
    expect(promoteAll(allWorst, 0, new Set([0, 1, 2]))).toEqual([])
  })

  it('passes over trials that ended while they were paused, but keeps their results', () => {
    const bracket = new PromotionBracket(options)
    for (const index of [0, 1, 2]) bracket.judge(index, 1, -index)
    bracket.end(0)
    expect(promoteAll(bracket, 0, new Set([1, 2]))).toEqual([])
    for (const index of [3, 4, 5]) bracket.judge(index, 1, -index)
    expect(promoteAll(bracket, 0, new Set([1, 2, 3, 4, 5]))).toEqual([1])
  })

  it('records a trial that jumped over rungs at the highest one only', () => {
    const bracket = new PromotionBracket(options)
    expect(bracket.nextDecision(0, 0)).toBe(1)
    expect(bracket.judge(0, 5, 1)).toEqual({ type: 'pause', level: 3, recorded: 1 })
    expect(bracket.summarize().map(({ level, recorded }) => [level, recorded])).toEqual([
      [3, 1],
      [1, 0],
    ])
    expect(bracket.nextDecision(0, 5)).toBe(9)
  })
})
