import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseStrategy } from '../../searchers/auto/choose.js'
import { type Facts, factsOf } from '../../searchers/auto/facts.js'
import { choice, gridSearch, loguniform, randint, Space, type SpaceDefinition, uniform } from '../../src/space/index.js'
import { contextOf } from './scribe.js'

const ordinary: Facts = {
  objectives: 1,
  numSamples: 100,
  points: 0,
  places: 4,
  evaluated: 0,
  observations: 0,
  gridSize: 1,
  configs: Number.POSITIVE_INFINITY,
  parameters: 6,
  choices: 1,
  conditional: 0,
}

describe('chooseStrategy', () => {
  it.each<[string, string, Partial<Facts>]>([
    ['bayesian', 'few trials', {}],
    ['bayesian', 'many trials, of which few have ended', { numSamples: 5000, observations: 499 }],
    ['tpe', 'many observations', { numSamples: 700, observations: 500 }],
    ['tpe', 'many observations, and choices', { numSamples: 5000, observations: 500 }],
    [
      'cma-es',
      'many observations of numbers, and samples for many more',
      { numSamples: 5000, observations: 500, choices: 0 },
    ],
    ['tpe', 'many observations of numbers, and few samples left', { numSamples: 700, observations: 500, choices: 0 }],
    ['bayesian', 'mostly conditional parameters', { conditional: 4 }],
    ['tpe', 'hundreds of parameters', { parameters: 300 }],
    ['tpe', 'very many places', { places: 100, numSamples: 1000 }],
    ['sobol', 'as many places as samples', { places: 100 }],
    ['tpe', 'as many places as samples, and something known', { places: 100, evaluated: 20, observations: 20 }],
    ['sobol', 'very few samples', { numSamples: 8 }],
    ['bayesian', 'few samples', { numSamples: 9 }],
    ['bayesian', 'very few samples, and something known', { numSamples: 8, evaluated: 20, observations: 20 }],
    ['grid', 'samples for all configs', { configs: 100 }],
    ['bayesian', 'one sample too few for all configs', { configs: 101 }],
    ['bayesian', 'samples for all configs but for the given points', { configs: 100, points: 1 }],
    ['grid', 'endless samples of finitely many configs', { configs: 256, numSamples: Number.POSITIVE_INFINITY }],
    ['bayesian', 'more configs than would be tried in no order', { configs: 257, numSamples: 1000 }],
    ['random', 'grids', { gridSize: 6, configs: 10 }],
    ['sobol', 'no metric', { objectives: 0 }],
    ['random', 'no metric, and very many parameters', { objectives: 0, parameters: 2000 }],
    ['tpe', 'two metrics', { objectives: 2 }],
    ['nsga2', 'two metrics and many samples', { objectives: 2, numSamples: 500 }],
  ])('chooses %s for %s', (strategy, _, facts) => {
    expect(chooseStrategy({ ...ordinary, ...facts }).strategy).toBe(strategy)
  })

  it('says why, with the numbers it went by', () => {
    const reasonOf = (facts: Partial<Facts>) => chooseStrategy({ ...ordinary, ...facts }).reason
    expect(reasonOf({ configs: 12 })).toBe('the space has 12 configs, and 100 samples cover them all')
    expect(reasonOf({ conditional: 5, choices: 2, parameters: 300 })).toBe(
      '300 parameters (2 choices, 5 conditional) are many for a Gaussian process',
    )
    expect(reasonOf({})).toBe('6 parameters (1 choice) and fewer than 500 observations suit a Gaussian process')
  })

  it('changes once at most as observations come in', () => {
    const anyFacts = fc.record({
      objectives: fc.nat(3),
      numSamples: fc.constantFrom(1, 10, 300, 10_000, Number.POSITIVE_INFINITY),
      points: fc.nat(3),
      places: fc.constantFrom(1, 8, 100),
      evaluated: fc.constantFrom(0, 50),
      gridSize: fc.constantFrom(1, 4),
      configs: fc.constantFrom(1, 50, Number.POSITIVE_INFINITY),
      parameters: fc.nat(300),
      choices: fc.nat(10),
      conditional: fc.nat(10),
    })
    const property = fc.property(anyFacts, facts => {
      const chosen = Array.from({ length: 60 }, (_, i) => chooseStrategy({ ...facts, observations: 10 * i }).strategy)
      const changes = chosen.filter((strategy, i) => i > 0 && strategy !== chosen[i - 1])
      expect(changes.length).toBeLessThanOrEqual(1)
    })
    fc.assert(property, { seed: 1, numRuns: 200 })
  })
})

describe('factsOf', () => {
  const read = (definition: SpaceDefinition, points = 0, evaluated = 0) =>
    factsOf({ ...contextOf([{ metric: 'loss', mode: 'min' }], 20), space: Space.of(definition) }, points, evaluated)

  it('counts parameters, choices, conditions and configs', () => {
    const optimizer = choice([{ name: 'sgd', momentum: choice([0, 0.9]) }, { name: 'adam' }])
    expect(read({ optimizer, layers: randint(1, 4), seed: choice([7]), epochs: 3 }, 2, 5)).toEqual({
      objectives: 1,
      numSamples: 20,
      points: 2,
      places: 8,
      evaluated: 5,
      observations: 5,
      gridSize: 1,
      configs: 9,
      parameters: 3,
      choices: 2,
      conditional: 1,
    })
  })

  it('takes continuous spaces, grids and spaces too large to number for endless', () => {
    const digits = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`d${i}`, randint(0, 10)]))
    for (const definition of [{ x: uniform(0, 1) }, { lr: loguniform(1e-3, 1), n: randint(0, 3) }, digits])
      expect(read(definition).configs).toBe(Number.POSITIVE_INFINITY)
    expect(read({ g: gridSearch([1, 2]), n: randint(0, 3) })).toMatchObject({
      configs: Number.POSITIVE_INFINITY,
      gridSize: 2,
    })
  })
})
