import { describe, expect, it } from 'vitest'
import { GridSearcher, type GridSearcherOptions } from '../../searchers/index.js'
import { Rng } from '../../src/rng.js'
import {
  choice,
  gridSearch,
  loguniform,
  qrandint,
  qrandn,
  randint,
  randn,
  Space,
  type SpaceDefinition,
  sampleFrom,
  uniform,
} from '../../src/space/index.js'
import { describeSearcher } from '../contract/searcher.js'

describeSearcher('grid', options => new GridSearcher({ pointsPerDimension: 3, ...options }))

function configsOf(definition: SpaceDefinition, options: GridSearcherOptions = {}, numSamples = 1) {
  const searcher = new GridSearcher(options)
  searcher.setUp({
    space: Space.of(definition),
    objectives: [],
    metric: undefined,
    mode: undefined,
    numSamples,
    maxConcurrentTrials: 1,
    rng: Rng.from(1),
    onWarning: () => undefined,
  })
  return Array.from({ length: searcher.total() }, (_, trialIndex) => {
    const suggestion = searcher.suggest({ trialIndex, rng: Rng.from(1).fork(trialIndex), pending: new Map() })
    if (suggestion.type !== 'config')
      throw new Error(`expected a config of trial ${trialIndex}, got ${suggestion.type}`)
    return suggestion.config
  })
}

describe('GridSearcher', () => {
  it('tries every combination, the first key varying fastest', () => {
    expect(configsOf({ c: choice([true, false]), b: randint(0, 2), a: gridSearch([1, 2]) })).toEqual([
      { a: 1, b: 0, c: true },
      { a: 2, b: 0, c: true },
      { a: 1, b: 1, c: true },
      { a: 2, b: 1, c: true },
      { a: 1, b: 0, c: false },
      { a: 2, b: 0, c: false },
      { a: 1, b: 1, c: false },
      { a: 2, b: 1, c: false },
    ])
  })

  it('adds up the sub-spaces of a choice instead of multiplying them', () => {
    const optimizer = choice([
      { name: 'sgd', momentum: choice([0, 0.9]) },
      { name: 'adam', beta: qrandint(1, 3) },
      'none',
    ])
    expect(configsOf({ optimizer })).toEqual([
      { optimizer: { name: 'sgd', momentum: 0 } },
      { optimizer: { name: 'sgd', momentum: 0.9 } },
      { optimizer: { name: 'adam', beta: 1 } },
      { optimizer: { name: 'adam', beta: 2 } },
      { optimizer: { name: 'adam', beta: 3 } },
      { optimizer: 'none' },
    ])
  })

  it('repeats the grid for each sample', () => {
    expect(configsOf({ a: choice([1, 2]) }, {}, 2)).toEqual([{ a: 1 }, { a: 2 }, { a: 1 }, { a: 2 }])
  })

  it('spreads points evenly over continuous parameters, ends included, without dust', () => {
    const values = (definition: SpaceDefinition, pointsPerDimension: number) =>
      configsOf(definition, { pointsPerDimension }).map(({ x }) => x)
    expect(values({ x: uniform(-1, 2) }, 4)).toEqual([-1, 0, 1, 2])
    expect(values({ x: loguniform(1e-4, 1e-1) }, 4)).toEqual([0.0001, 0.001, 0.01, 0.1])
    expect(values({ x: uniform(0, 1) }, 1)).toEqual([0.5])
    // quartiles of the standard normal distribution, from SciPy's norm.ppf([0.25, 0.75])
    expect(values({ x: randn(0, 1) }, 2)).toEqual([
      expect.closeTo(-0.6744897501960817, 14),
      expect.closeTo(0.6744897501960817, 14),
    ])
  })

  it('tries each rounded value of a quantised normal parameter once', () => {
    expect(configsOf({ x: qrandn(0, 1, 1) }, { pointsPerDimension: 9 }).map(({ x }) => x)).toEqual([-2, -1, 0, 1, 2])
  })

  it('names the continuous parameter for which it was given no number of points', () => {
    expect(() => configsOf({ opt: { lr: loguniform(1e-4, 1) } })).toThrowError(
      "'opt/lr' is loguniform(0.0001, 1), which has no end of values; say with pointsPerDimension how many to try",
    )
  })

  it.each([0, -1, 1.5, Number.NaN])('refuses %d points', pointsPerDimension => {
    expect(() => configsOf({ x: uniform(0, 1) }, { pointsPerDimension })).toThrowError(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    )
  })

  it('refuses a grid that is too large to number', () => {
    const digits = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`d${i}`, randint(0, 10)]))
    expect(() => configsOf(digits)).toThrowError(/about 1.0e\+20 configs/)
  })

  it('refuses points that are no list, options that it has not, and questions before it was set up', () => {
    expect(() => new GridSearcher({ pointsToEvaluate: 3 as never })).toThrowError(/array of configs/)
    expect(() => new GridSearcher({ points: [] } as never)).toThrowError(
      /^GridSearcher: there is no option 'points'; the opt/,
    )
    expect(() => new GridSearcher().total()).toThrowError(expect.objectContaining({ code: 'PLUGIN_FAULT' }))
  })

  it('tries points before the grid and computes what depends on it', () => {
    const definition = { a: choice([1, 2]), double: sampleFrom((config: { a: number }) => config.a * 2) }
    expect(configsOf(definition, { pointsToEvaluate: [{ a: 2 }] })).toEqual([
      { a: 2, double: 4 },
      { a: 1, double: 2 },
      { a: 2, double: 4 },
    ])
  })
})
