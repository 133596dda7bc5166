import fc from 'fast-check'
import type { Drill } from './drill-study.js'

/** A number in [0, 1) that looks random, from whole numbers; the same on every machine, and much cheaper than a stream. */
export function scramble(...numbers: readonly number[]): number {
  let state = 0x9e3779b9
  for (const number of numbers) {
    state = Math.imul(state ^ number, 0x85ebca6b)
    state ^= state >>> 13
    state = Math.imul(state, 0xc2b2ae35)
    state ^= state >>> 16
  }
  return (state >>> 0) / 2 ** 32
}

/** What drills are made from. */
export interface DrillPlan {
  readonly seed: number
  readonly trials: number
  readonly places: number
  readonly length: number
  readonly mode: 'min' | 'max'
  /** Of how many values the scores are; few make ties. */
  readonly values: number
  /** The share of reports that lack the metric, and of those where it is NaN or infinite. */
  readonly missing: number
  readonly odd: number
  /** The share of reports in whose stead a trial fails. */
  readonly failing: number
  /** Whether reports take unequal time, in whole units, so that many come at the same time. */
  readonly isUneven: boolean
}

const odds = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
const rate = (most: number) => fc.oneof(fc.constant(0), fc.double({ min: 0, max: most, noNaN: true }))

/** Plans of small drills with everything that may go wrong, which shrink towards one with one trial that goes well. */
export const drillPlans: fc.Arbitrary<DrillPlan> = fc.record({
  seed: fc.nat(0xffff),
  trials: fc.integer({ min: 1, max: 40 }),
  places: fc.integer({ min: 1, max: 16 }),
  length: fc.integer({ min: 1, max: 30 }),
  mode: fc.constantFrom('max' as const, 'min' as const),
  values: fc.constantFrom(2 ** 32, 5, 1),
  missing: rate(0.3),
  odd: rate(0.3),
  failing: rate(0.1),
  isUneven: fc.boolean(),
})

/** The drill of a plan. */
export function toDrill({ seed, values, missing, odd, failing, isUneven, ...drill }: DrillPlan): Drill {
  const score = (trial: number, iteration: number) => {
    const chance = scramble(seed, 1, trial, iteration)
    if (chance < missing) return undefined
    if (chance > 1 - odd) return odds[(trial + iteration) % odds.length]
    return Math.floor(scramble(seed, 2, trial, iteration) * values) / values
  }
  return {
    ...drill,
    score,
    fails: (trial, iteration) => scramble(seed, 3, trial, iteration) < failing,
    duration: (trial, iteration) => (isUneven ? 1 + Math.floor(scramble(seed, 4, trial, iteration) * 3) : 1),
  }
}
