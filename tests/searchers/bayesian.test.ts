import { describe, expect, it } from 'vitest'
import { mannWhitneyP } from '../../benchmarks/problems/significance.js'
import { BayesianSearcher, type BayesianSearcherOptions, RandomSearcher } from '../../searchers/index.js'
import type { JsonObject } from '../../src/json.js'
import { choice, loguniform, randint, type SpaceDefinition, uniform } from '../../src/space/index.js'
import { describeSearcher } from '../contract/searcher.js'
import { landscapes, regretsOf, rehearse } from './rehearsal.js'

describeSearcher('bayesian', options => new BayesianSearcher({ startupTrials: 5, ...options }), {
  trials: 16,
  objectives: 1,
  importable: {
    module: new URL('../../searchers/index.ts', import.meta.url),
    exportName: 'BayesianSearcher',
    options: { startupTrials: 5 },
  },
})

const pair: SpaceDefinition = { x: uniform(0, 1), y: uniform(0, 1) }
const bowl = ({ x, y }: JsonObject) => (Number(x) - 0.3) ** 2 + (Number(y) - 0.8) ** 2

/** The best value of a study. */
const leastOf = (options: BayesianSearcherOptions, plan: Parameters<typeof rehearse>[1]) =>
  Math.min(...rehearse(new BayesianSearcher(options), plan).values)

describe('BayesianSearcher', () => {
  it('starts from a sequence that fills the space evenly', () => {
    const { configs } = rehearse(new BayesianSearcher({ startupTrials: 16 }), { definition: pair, trials: 16 })
    const eighths = configs.map(({ x }) => Math.floor(8 * Number(x))).sort((a, b) => a - b)
    expect(eighths).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7])
  })

  it.each<[string, BayesianSearcherOptions]>([
    ['expected improvement', {}],
    ['expected improvement over fantasies', { fantasies: 4 }],
    ['a confidence bound', { acquisition: { type: 'confidence-bound', kappa: 2 } }],
    ['Thompson sampling', { acquisition: { type: 'thompson-sampling' } }],
    ['warped inputs', { isInputWarped: true }],
    ['results always warped', { outputWarping: 'always' }],
    ['results never warped', { outputWarping: 'never', noise: 0 }],
    ['a trust region', { trustRegion: 'always' }],
    ['a model of few observations', { maxObservations: 10 }],
  ])('closes in on an optimum with %s, trials being open', (_, options) => {
    const plan = { definition: pair, objective: bowl, trials: 28, places: 3 }
    expect(leastOf(options, plan)).toBeLessThan(0.005)
  })

  it('finds the optimum to many digits when nothing disturbs it', () => {
    expect(leastOf({}, { definition: pair, objective: bowl, trials: 30 })).toBeLessThan(1e-5)
  })

  it('finds better configs than random search, in mixed spaces too', () => {
    for (const [definition, objective] of landscapes()) {
      const plan = { definition, objective, trials: 24, places: 2 }
      const ours = regretsOf(() => new BayesianSearcher(), plan, 5)
      const theirs = regretsOf(() => new RandomSearcher(), plan, 15)
      expect(mannWhitneyP(ours, theirs)).toBeLessThan(0.01)
    }
  })

  it('finds what a condition hides', () => {
    const definition = {
      optimizer: choice([
        { name: 'sgd', momentum: uniform(0, 1) },
        { name: 'adam', lr: loguniform(1e-4, 1) },
      ]),
    }
    const objective = ({ optimizer }: JsonObject) => {
      const { name, momentum, lr } = optimizer as { name: string; momentum?: number; lr?: number }
      return name === 'sgd' ? 1 + ((momentum ?? 0) - 0.5) ** 2 : (Math.log10(lr ?? 1) + 2) ** 2
    }
    expect(leastOf({}, { definition, objective, trials: 25 })).toBeLessThan(0.01)
  })

  it('tries no config twice while there are new ones, and then goes on', () => {
    const definition = { a: choice([1, 2, 3]), b: choice(['x', 'y']), c: randint(0, 3) }
    const objective = ({ a, c }: JsonObject) => Number(a) + Number(c)
    const { configs } = rehearse(new BayesianSearcher({ startupTrials: 4 }), {
      definition,
      objective,
      trials: 22,
      places: 3,
    })
    expect(new Set(configs.slice(0, 18).map(config => JSON.stringify(config))).size).toBe(18)
    expect(configs).toHaveLength(22)
  })

  it('finds the best of many configs without numbers', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const definition = Object.fromEntries(names.map(name => [name, choice([0, 1, 2, 3])]))
    const objective = (config: JsonObject) => names.filter((name, i) => Number(config[name]) !== i % 4).length
    expect(leastOf({}, { definition, objective, trials: 45 })).toBe(0)
  })

  it('searches near the best config when there are many parameters', () => {
    const names = Array.from({ length: 24 }, (_, i) => `p${i}`)
    const definition = Object.fromEntries(names.map(name => [name, uniform(0, 1)]))
    const objective = (config: JsonObject) => names.reduce((sum, name) => sum + (Number(config[name]) - 0.6) ** 2, 0)
    const plan = { definition, objective, trials: 40 }
    expect(leastOf({ startupTrials: 16 }, plan)).toBeLessThan(
      Math.min(...rehearse(new RandomSearcher(), { ...plan, trials: 400 }).values),
    )
  })

  it('proposes from a model at once when enough was evaluated elsewhere', () => {
    const searcher = new BayesianSearcher({ startupTrials: 8, outputWarping: 'never' })
    const earlier = Array.from({ length: 12 }, (_, i) => ({ x: (i % 4) / 3, y: Math.floor(i / 4) / 2 }))
    searcher.addEvaluated(earlier.map(config => ({ config, metrics: { loss: bowl(config) } })))
    const { values } = rehearse(searcher, { definition: pair, objective: bowl, trials: 2 })
    expect(values[1]).toBeLessThan(0.02)
  })

  it.each<[BayesianSearcherOptions | { [key: string]: unknown }, string]>([
    [{ startupTrials: 0 }, 'startupTrials is 0; give an integer of at least 1'],
    [{ acquisition: 'ei' }, 'acquisition is "ei"; give { type: \'expected-improvement\' }'],
    [{ acquisition: { type: 'confidence-bound', kappa: -1 } }, 'acquisition.kappa is -1; give a number of at least 0'],
    [{ outputWarping: true }, "outputWarping is true; give 'alternate', 'always' or 'never'"],
    [{ isInputWarped: 'yes' }, 'isInputWarped is "yes"; give true or false'],
    [{ noise: 2 }, "noise is 2; give 'learn' or a number from 0 to 1"],
    [{ fantasies: 1.5 }, 'fantasies is 1.5; give an integer of at least 0'],
    [{ trustRegion: 'no' }, "trustRegion is \"no\"; give 'auto', 'always' or 'never'"],
    [{ maxObservations: 5 }, 'maxObservations is 5; give an integer of at least 10'],
    [{ kappa: 2 }, "BayesianSearcher: there is no option 'kappa'; the options are pointsToEvaluate, startupTrials"],
  ])('refuses the options %j', (options, message) => {
    expect(() => new BayesianSearcher(options as BayesianSearcherOptions)).toThrowError(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(message) }),
    )
  })
})
