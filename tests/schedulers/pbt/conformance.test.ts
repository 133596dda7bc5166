import { describe, expect, it } from 'vitest'
import { compileMutations, type Mutation } from '../../../schedulers/pbt/mutations.js'
import { quantileSize, Ranking } from '../../../schedulers/pbt/ranking.js'
import type { JsonObject, JsonValue } from '../../../src/json.js'
import { Rng } from '../../../src/rng.js'
import { uniform } from '../../../src/space/index.js'
import { rayTune } from './ray-tune.js'

/** The trials of the lower and the upper quantile, each from the worst to the best, when trial i has the score i. */
function quantiles(population: number, fraction: number): [lower: string[], upper: string[]] {
  const ranking = new Ranking()
  for (let i = 0; i < population; i++) ranking.record(i, i)
  const size = quantileSize(population, fraction)
  const list = (start: number, end: number) =>
    ranking
      .between(start, end)
      .map(({ trialIndex }) => `t${trialIndex}`)
      .reverse()
  return [list(population - size, population), list(0, size)]
}

/** Everything that a mutation of `v` comes to, in order. */
function outcomes(config: JsonObject, mutation: Mutation, resampleProbability: number) {
  const [mutator] = compileMutations('test', { v: mutation }, undefined)
  const rules = { resampleProbability, perturbationFactors: [1.2, 0.8] }
  const value: JsonValue = config.v ?? null
  const changes = Array.from({ length: 60 }, (_, i) => mutator?.explore(value, config, rules, Rng.from(1).fork(i)))
  const list = (texts: readonly string[]) => [...new Set(texts)].sort()
  return {
    values: list(changes.map(change => JSON.stringify({ v: change?.value }))),
    ops: list(changes.map(change => JSON.stringify({ v: change?.operation }))),
  }
}

/** Ray Tune's JSON has a space after a colon, and its numbers may differ in the last digit. */
const plain = (texts: readonly string[]) => texts.map(text => JSON.stringify(JSON.parse(text))).sort()

describe('population-based training as golden values of Ray Tune 2.58.0', () => {
  it.each([
    [1, 0.5, [], []],
    [2, 0.25, ['t0'], ['t1']],
    [3, 0.5, ['t0'], ['t2']],
    [5, 0.5, ['t0', 't1'], ['t3', 't4']],
    [10, 0.25, ['t0', 't1', 't2'], ['t7', 't8', 't9']],
  ])('takes as quantiles of %i trials at %f: %j and %j', (population, fraction, lower, upper) => {
    expect(quantiles(population, fraction)).toEqual([lower, upper])
  })

  it('shifts a value to a neighbour in its list, and not beyond its ends', () => {
    expect(outcomes({ v: 4 }, [3, 4, 8, 10], 0)).toEqual({
      values: ['{"v":3}', '{"v":8}'],
      ops: ['{"v":"shift left"}', '{"v":"shift right"}'],
    })
    expect(outcomes({ v: 10 }, [3, 4, 8, 10], 0)).toEqual({
      values: ['{"v":10}', '{"v":8}'],
      ops: ['{"v":"shift left"}', '{"v":"shift right (noop)"}'],
    })
  })

  it('multiplies numbers, and keeps whole ones whole', () => {
    const whole: Mutation = (_, rng) => rng.integer(0, 100)
    expect(outcomes({ v: 10 }, whole, 0).values).toEqual(['{"v":12}', '{"v":8}'])
    expect(outcomes({ v: 3 }, whole, 0).values).toEqual(['{"v":2}', '{"v":3}'])
    expect(outcomes({ v: 0.5 }, uniform(0, 1), 0)).toEqual({
      values: ['{"v":0.4}', '{"v":0.6}'],
      ops: ['{"v":"* 0.8"}', '{"v":"* 1.2"}'],
    })
  })

  it('stays within the bounds where Ray Tune leaves them', () => {
    expect(outcomes({ v: 0.9 }, uniform(0, 1), 0).values).toEqual(['{"v":0.7200000000000001}', '{"v":1}'])
  })
})

// recorded outside the repository, so a checkout of it alone has only the golden values above
describe.skipIf(rayTune === undefined)('population-based training beside all that was recorded of Ray Tune', () => {
  it('has the same quantiles', () => {
    const recorded = rayTune?.pbt_quantiles ?? []
    expect(recorded.length).toBeGreaterThan(0)
    for (const [population, fraction, lower, upper] of recorded)
      expect(quantiles(population, fraction)).toEqual([lower, upper])
  })

  it('explores to the same values by the same operations', () => {
    const mutations: Record<string, Mutation> = {
      fn: (_, rng) => rng.integer(0, 100),
      'uniform(0,1) float': uniform(0, 1),
    }
    const recorded = rayTune?.pbt_explore ?? []
    expect(recorded.length).toBeGreaterThan(0)
    for (const { config, mut, resample, values, ops } of recorded) {
      const mutation = typeof mut === 'string' ? mutations[mut] : mut
      if (mutation === undefined) throw new Error(`unknown mutation ${JSON.stringify(mut)}`)
      expect(outcomes(config, mutation, resample)).toEqual({ values: plain(values), ops: plain(ops) })
    }
  })
})
