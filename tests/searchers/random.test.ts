import { describe, expect, it } from 'vitest'
import { RandomSearcher, type RandomSearcherOptions } from '../../searchers/index.js'
import type { JsonObject } from '../../src/json.js'
import { Rng } from '../../src/rng.js'
import { choice, gridSearch, Space, type SpaceDefinition, uniform } from '../../src/space/index.js'
import { describeSearcher } from '../contract/searcher.js'

describeSearcher('random', options => new RandomSearcher(options))

function start(definition: SpaceDefinition, numSamples: number, options: RandomSearcherOptions = {}) {
  const warnings: string[] = []
  const searcher = new RandomSearcher(options)
  searcher.setUp({
    space: Space.of(definition),
    objectives: [],
    metric: undefined,
    mode: undefined,
    numSamples,
    maxConcurrentTrials: 1,
    rng: Rng.from(1).fork('searcher'),
    onWarning: message => warnings.push(message),
  })
  const suggest = (trialIndex: number): JsonObject => {
    const suggestion = searcher.suggest({ trialIndex, rng: Rng.from(1).fork(trialIndex), pending: new Map() })
    if (suggestion.type !== 'config')
      throw new Error(`expected a config of trial ${trialIndex}, got ${suggestion.type}`)
    return suggestion.config
  }
  const all = () => Array.from({ length: searcher.total() }, (_, i) => suggest(i))
  return { searcher, suggest, all, warnings }
}

const grid = { a: gridSearch([1, 2]), b: gridSearch(['x', 'y', 'z']) }

describe('RandomSearcher', () => {
  it('tries the whole grid for each sample, the first key varying fastest', () => {
    const { all, searcher } = start(grid, 2)
    const once = [
      { a: 1, b: 'x' },
      { a: 2, b: 'x' },
      { a: 1, b: 'y' },
      { a: 2, b: 'y' },
      { a: 1, b: 'z' },
      { a: 2, b: 'z' },
    ]
    expect(searcher.total()).toBe(12)
    expect(all()).toEqual([...once, ...once])
  })

  it('draws random values anew for each cell of the grid', () => {
    const { all } = start({ ...grid, lr: uniform(0, 1) }, 2)
    expect(new Set(all().map(({ lr }) => lr)).size).toBe(12)
  })

  it('shares a draw among the cells of a sample when told so', () => {
    const { all } = start({ ...grid, lr: uniform(0, 1) }, 2, { constantGridSearch: true })
    const rates = all().map(({ lr }) => lr)
    expect(new Set(rates.slice(0, 6)).size).toBe(1)
    expect(new Set(rates).size).toBe(2)
  })

  // totals as Ray Tune 2.58 counts them (_count_variants): each point stands for one sample, whose grid lacks what the point presets
  it.each<[number, JsonObject[], number]>([
    [1, [], 6],
    [3, [], 18],
    [3, [{ a: 1 }], 3 + 2 * 6],
    [3, [{ a: 1, b: 'y' }, { lr: 0.5 }], 1 + 6 + 6],
    [1, [{ a: 1, b: 'y' }, { b: 'x' }, { a: 2 }], 1 + 2 + 3],
    [Number.POSITIVE_INFINITY, [{ a: 1 }], Number.POSITIVE_INFINITY],
  ])('counts the trials of %d samples with the points %j', (numSamples, pointsToEvaluate, total) => {
    expect(start({ ...grid, lr: uniform(0, 1) }, numSamples, { pointsToEvaluate }).searcher.total()).toBe(total)
  })

  it('tries a point with every cell of the grid that it leaves open', () => {
    const { suggest } = start({ ...grid, lr: uniform(0, 1) }, 3, {
      pointsToEvaluate: [
        { a: 2, lr: 0.5 },
        { b: 'z', a: 1 },
      ],
    })
    expect([0, 1, 2].map(suggest)).toEqual([
      { a: 2, b: 'x', lr: 0.5 },
      { a: 2, b: 'y', lr: 0.5 },
      { a: 2, b: 'z', lr: 0.5 },
    ])
    expect(suggest(3)).toMatchObject({ a: 1, b: 'z' })
    expect(suggest(4)).toMatchObject({ a: 1, b: 'x' })
  })

  it('samples the rest of the sub-space that a point chose', () => {
    const optimizer = choice([
      { name: 'sgd', momentum: uniform(0, 1) },
      { name: 'adam', beta: uniform(0.8, 1) },
    ])
    const { suggest } = start({ optimizer }, 1, { pointsToEvaluate: [{ optimizer: { name: 'adam' } }] })
    expect(suggest(0)).toEqual({ optimizer: { name: 'adam', beta: expect.closeTo(0.9, 0) } })
  })

  it('tries a point outside the space all the same, with a warning', () => {
    const { suggest, warnings } = start({ lr: uniform(0, 1) }, 1, { pointsToEvaluate: [{ lr: 7 }] })
    expect(suggest(0)).toEqual({ lr: 7 })
    expect(warnings).toEqual(["'lr' starts from 7, which is not in uniform(0, 1); it is tried all the same"])
  })

  it.each([
    [{ pointsToEvaluate: { lr: 1 } }, 'RandomSearcher: pointsToEvaluate is {"lr":1}; give an array of configs'],
    [{ constantGridSearch: 1 }, 'RandomSearcher: constantGridSearch is 1; give true or false'],
    [
      { points: [] },
      "RandomSearcher: there is no option 'points'; the options are pointsToEvaluate, constantGridSearch",
    ],
  ])('refuses the options %j', (options, message) => {
    expect(() => new RandomSearcher(options as never)).toThrowError(
      expect.objectContaining({ code: 'INVALID_OPTION', message }),
    )
  })

  it('refuses questions before it was set up', () => {
    expect(() => new RandomSearcher().total()).toThrowError(expect.objectContaining({ code: 'PLUGIN_FAULT' }))
  })

  it('suggests the millionth trial without the ones before it', () => {
    const { suggest } = start({ lr: uniform(0, 1) }, Number.POSITIVE_INFINITY)
    expect(suggest(1e6)).toEqual(suggest(1e6))
  })
})
