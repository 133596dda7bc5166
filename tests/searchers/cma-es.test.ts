import { describe, expect, it } from 'vitest'
import { mannWhitneyP } from '../../benchmarks/problems/significance.js'
import { CMAESSearcher, type CMAESSearcherOptions, RandomSearcher } from '../../searchers/index.js'
import type { JsonObject } from '../../src/json.js'
import { choice, randint, uniform } from '../../src/space/index.js'
import { describeSearcher } from '../contract/searcher.js'
import { landscapes, regretsOf, rehearse } from './rehearsal.js'

describeSearcher('cma-es', options => new CMAESSearcher({ populationSize: 4, startupTrials: 4, ...options }), {
  objectives: 1,
  importable: {
    module: new URL('../../searchers/index.ts', import.meta.url),
    exportName: 'CMAESSearcher',
    options: { populationSize: 4, startupTrials: 4 },
  },
})

const pair = { x: uniform(0, 1), y: uniform(0, 1) }
const numbers = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`x${i}`, uniform(-1, 1)]))
const squares = (config: JsonObject) =>
  Object.values(config).reduce<number>((sum, x) => sum + (Number(x) - 0.3) ** 2, 0)

describe('CMAESSearcher', () => {
  it('starts from a sequence that fills the space evenly', () => {
    const { configs } = rehearse(new CMAESSearcher({ startupTrials: 16 }), { definition: pair, trials: 16 })
    const eighths = configs.map(({ x }) => Math.floor(8 * Number(x))).sort((a, b) => a - b)
    expect(eighths).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7])
  })

  it('draws pairs on opposite sides of the middle without such a start', () => {
    const { configs } = rehearse(new CMAESSearcher({ startupTrials: 0, sigma0: 0.1 }), { definition: pair, trials: 4 })
    const [first, second, third, fourth] = configs.map(({ x, y }) => [Number(x) - 0.5, Number(y) - 0.5])
    expect(second).toEqual(first?.map(value => expect.closeTo(-value, 12)))
    expect(fourth).toEqual(third?.map(value => expect.closeTo(-value, 12)))
  })

  it('starts around the best point to evaluate', () => {
    const pointsToEvaluate = [
      { x: 0.1, y: 0.2 },
      { x: 0.8, y: 0.9 },
    ]
    const searcher = new CMAESSearcher({ pointsToEvaluate, startupTrials: 0, sigma0: 0.02 })
    const { configs } = rehearse(searcher, { definition: pair, trials: 6 })
    for (const { x, y } of configs.slice(2)) {
      expect(Math.abs(Number(x) - 0.1)).toBeLessThan(0.1)
      expect(Math.abs(Number(y) - 0.2)).toBeLessThan(0.1)
    }
  })

  it('starts where the best of what was evaluated elsewhere are', () => {
    const searcher = new CMAESSearcher()
    const grid = Array.from({ length: 400 }, (_, i) => ({
      x: ((i % 20) + 0.5) / 20,
      y: (Math.floor(i / 20) + 0.5) / 20,
    }))
    searcher.addEvaluated(
      grid.map(config => ({ config, metrics: { loss: (config.x - 0.7) ** 2 + (config.y - 0.2) ** 2 } })),
    )
    const { configs } = rehearse(searcher, { definition: pair, trials: 24 })
    const mean = (name: 'x' | 'y') => configs.reduce((sum, config) => sum + Number(config[name]), 0) / configs.length
    expect(mean('x')).toBeCloseTo(0.7, 0)
    expect(mean('y')).toBeCloseTo(0.2, 0)
  })

  it('suggests the same for any rising transformation of the metric', () => {
    const plan = { definition: numbers(5), trials: 60 }
    const plain = rehearse(new CMAESSearcher(), { ...plan, objective: squares })
    const risen = rehearse(new CMAESSearcher(), { ...plan, objective: config => Math.exp(3 * squares(config)) - 1e6 })
    expect(risen.configs).toEqual(plain.configs)
  })

  it('follows a valley that is no axis of the space', () => {
    // a rotated ellipsoid whose axes differ by a factor of 100 in length
    const objective = ({ x, y }: JsonObject) =>
      (Number(x) + Number(y) - 1.1) ** 2 * 1e4 + (Number(x) - Number(y) - 0.3) ** 2
    const options: CMAESSearcherOptions = { startupTrials: 0, restarts: 'none' }
    const { values } = rehearse(new CMAESSearcher(options), { definition: pair, objective, trials: 400 })
    expect(Math.min(...values)).toBeLessThan(1e-8)
  })

  it('never waits for a generation to be complete', () => {
    for (const places of [2, 8, 64]) {
      const { configs } = rehearse(new CMAESSearcher(), {
        definition: numbers(6),
        objective: squares,
        trials: 200,
        places,
      })
      expect(configs).toHaveLength(200)
    }
  })

  it('gets integers right with a small step too', () => {
    const definition = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`n${i}`, randint(-10, 11)]))
    const objective = (config: JsonObject) =>
      Object.values(config).reduce<number>((sum, n, i) => sum + 10 ** i * (Number(n) - i) ** 2, 0)
    const { values } = rehearse(new CMAESSearcher(), { definition, objective, trials: 400 })
    expect(Math.min(...values)).toBe(0)
  })

  it('tries no config twice while it finds new ones nearby, also with trials open', () => {
    const definition = { a: choice([1, 2, 3, 4, 5]), b: choice(['x', 'y', 'z']), c: randint(0, 4) }
    const objective = ({ a, c }: JsonObject) => Number(a) + Number(c)
    const { configs } = rehearse(new CMAESSearcher(), { definition, objective, trials: 40, places: 4 })
    expect(new Set(configs.map(config => JSON.stringify(config))).size).toBe(40)
  })

  it('goes on when every config of the space has been tried', () => {
    const definition = { a: choice([1, 2]), b: choice([true, false]) }
    const { configs } = rehearse(new CMAESSearcher(), { definition, trials: 30 })
    expect(new Set(configs.map(config => JSON.stringify(config))).size).toBe(4)
    expect(configs).toHaveLength(30)
  })

  it('looks elsewhere once a run has converged, unless it is told not to', () => {
    const objective = ({ x }: JsonObject) => Math.cos(6 * Math.PI * Number(x)) - Number(x)
    const far = (restarts: 'bipop' | 'none') => {
      const searcher = new CMAESSearcher({ restarts, startupTrials: 0, sigma0: 0.02, pointsToEvaluate: [{ x: 0.18 }] })
      const { configs } = rehearse(searcher, { definition: { x: uniform(0, 1) }, objective, trials: 200 })
      return configs.filter(({ x }) => Number(x) > 0.4).length
    }
    expect(far('none')).toBe(0)
    expect(far('bipop')).toBeGreaterThan(10)
  })

  it('goes on when all trials fail', () => {
    const objective = () => Number.NaN
    const { configs } = rehearse(new CMAESSearcher(), { definition: numbers(3), objective, trials: 60 })
    expect(new Set(configs.map(config => JSON.stringify(config))).size).toBe(60)
  })

  it('finds better configs than random search', () => {
    for (const [definition, objective] of landscapes()) {
      const plan = { definition, objective, trials: 100, places: 2 }
      const ours = regretsOf(() => new CMAESSearcher(), plan, 10)
      const theirs = regretsOf(() => new RandomSearcher(), plan, 10)
      expect(mannWhitneyP(ours, theirs)).toBeLessThan(0.01)
    }
  })

  it.each<[CMAESSearcherOptions | { [key: string]: unknown }, string]>([
    [{ populationSize: 1 }, 'populationSize is 1; give an integer of at least 2'],
    [{ startupTrials: 2.5 }, 'startupTrials is 2.5; give an integer of at least 0'],
    [{ sigma0: 0 }, 'sigma0 is 0; give a number above 0 and at most 1'],
    [{ separable: 'yes' }, 'separable is "yes"; give true, false or \'auto\''],
    [{ restarts: true }, "restarts is true; give 'bipop', 'ipop' or 'none'"],
    [
      { sigma: 1 },
      "CMAESSearcher: there is no option 'sigma'; the options are pointsToEvaluate, populationSize, sigma0",
    ],
  ])('refuses the options %j', (options, message) => {
    expect(() => new CMAESSearcher(options as CMAESSearcherOptions)).toThrowError(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(message) }),
    )
  })
})
