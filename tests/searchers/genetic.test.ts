import { describe, expect, it } from 'vitest'
import { mannWhitneyP } from '../../benchmarks/problems/significance.js'
import { Population } from '../../searchers/genetic/population.js'
import { linearRankQuantile, selectRank } from '../../searchers/genetic/selection.js'
import { GeneticSearcher, type GeneticSearcherOptions, RandomSearcher } from '../../searchers/index.js'
import { Rng } from '../../src/rng.js'
import { choice, randint, uniform } from '../../src/space/index.js'
import { describeSearcher } from '../contract/searcher.js'
import { landscapes, regretsOf, rehearse } from './rehearsal.js'

describeSearcher('genetic', options => new GeneticSearcher({ populationSize: 6, startupTrials: 8, ...options }), {
  objectives: 1,
  importable: {
    module: new URL('../../searchers/index.ts', import.meta.url),
    exportName: 'GeneticSearcher',
    options: { populationSize: 6, startupTrials: 8 },
  },
})

describe('a population', () => {
  const valuesAfter = (population: Population, values: readonly number[]) => {
    for (const value of values) population.add({ units: new Float64Array(0), value })
    return population.ranked().map(({ value }) => value)
  }

  it('keeps the best when all are elites', () => {
    expect(valuesAfter(new Population(3, 3), [5, 1, 4, 9, 2, 8])).toEqual([1, 2, 4])
  })

  it('keeps the last when none are', () => {
    expect(valuesAfter(new Population(3, 0), [1, 5, 4, 9, 2, 8])).toEqual([2, 8, 9])
  })

  it('keeps the best and the last of the others, a displaced elite being the last that came', () => {
    // elites 5 and 1; 4 displaces 5, then 9 comes; 2 displaces 4, which makes 5 leave; 8 makes 9 leave
    expect(valuesAfter(new Population(4, 2), [5, 1, 4, 9, 2, 8])).toEqual([1, 2, 4, 8])
  })

  it('ranks the older first among equals', () => {
    const population = new Population(3, 2)
    for (const unit of [0.1, 0.2, 0.3]) population.add({ units: Float64Array.of(unit), value: 7 })
    expect(population.ranked().map(({ units }) => units[0])).toEqual([0.1, 0.2, 0.3])
  })
})

describe('selection', () => {
  const sharesOf = (pick: (rng: Rng) => number, count: number) => {
    const rng = Rng.from(1)
    const counts = new Array<number>(count).fill(0)
    for (let i = 0; i < 20_000; i++) {
      const rank = pick(rng)
      counts[rank] = (counts[rank] ?? 0) + 1
    }
    return counts.map(picked => picked / 20_000)
  }

  it('by tournament picks rank i of n with the probability that the best of k has it', () => {
    // ((n − i)^k − (n − i − 1)^k) / n^k
    const shares = sharesOf(rng => selectRank(5, { type: 'tournament', size: 3 }, rng), 5)
    expect(shares).toEqual([61, 37, 19, 7, 1].map(weight => expect.closeTo(weight / 125, 2)))
  })

  it('by rank falls linearly', () => {
    // s − 2 (s − 1) x over each fifth: 0.2 (1.5 − 0.2 (i + ½)) for s = 1.5 and the i-th of five
    const shares = sharesOf(rng => selectRank(5, { type: 'rank', pressure: 1.5 }, rng), 5)
    expect(shares).toEqual([0.28, 0.24, 0.2, 0.16, 0.12].map(share => expect.closeTo(share, 2)))
    expect(linearRankQuantile(0.3, 1)).toBe(0.3)
  })
})

const pair = { x: uniform(0, 1), y: uniform(0, 1) }

describe('GeneticSearcher', () => {
  it('starts from a sequence that fills the space evenly', () => {
    const { configs } = rehearse(new GeneticSearcher({ startupTrials: 16 }), { definition: pair, trials: 16 })
    const eighths = configs.map(({ x }) => Math.floor(8 * Number(x))).sort((a, b) => a - b)
    expect(eighths).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7])
  })

  it('makes children between their parents when it only crosses over', () => {
    const options: GeneticSearcherOptions = {
      startupTrials: 8,
      populationSize: 8,
      elites: 0,
      crossover: { type: 'blx-alpha', alpha: 0 },
      crossoverProbability: 1,
      mutationProbability: 0,
    }
    const { configs } = rehearse(new GeneticSearcher(options), { definition: pair, trials: 60 })
    for (const [i, { x }] of configs.entries()) {
      if (i < 8) continue
      const parents = configs.slice(i - 8, i).map(config => Number(config.x))
      expect(Number(x)).toBeGreaterThanOrEqual(Math.min(...parents))
      expect(Number(x)).toBeLessThanOrEqual(Math.max(...parents))
    }
  })

  it('tries no config twice while it finds new ones nearby, also with trials open', () => {
    const definition = { a: choice([1, 2, 3, 4, 5]), b: choice(['x', 'y', 'z']), c: randint(0, 4) }
    const objective = ({ a, c }: { a?: unknown; c?: unknown }) => Number(a) + Number(c)
    const { configs } = rehearse(new GeneticSearcher(), { definition, objective, trials: 40, places: 4 })
    expect(new Set(configs.map(config => JSON.stringify(config))).size).toBe(40)
  })

  it('goes on when every config of the space has been tried', () => {
    const definition = { a: choice([1, 2]), b: choice([true, false]) }
    const { configs } = rehearse(new GeneticSearcher(), { definition, trials: 30 })
    expect(new Set(configs.map(config => JSON.stringify(config))).size).toBe(4)
    expect(configs).toHaveLength(30)
  })

  it('has children at once when enough was evaluated elsewhere', () => {
    const searcher = new GeneticSearcher({ populationSize: 4, startupTrials: 4, mutationProbability: 0 })
    searcher.addEvaluated([0.2, 0.21, 0.22, 0.23].map(x => ({ config: { x, y: x + 0.5 }, metrics: { loss: x } })))
    const { configs } = rehearse(searcher, { definition: pair, trials: 5 })
    for (const { x, y } of configs) {
      expect(Number(x)).toBeCloseTo(0.215, 1)
      expect(Number(y)).toBeCloseTo(0.715, 1)
    }
  })

  it('finds better configs than random search', () => {
    for (const [definition, objective] of landscapes()) {
      const plan = { definition, objective, trials: 60, places: 2 }
      const ours = regretsOf(() => new GeneticSearcher(), plan, 10)
      const theirs = regretsOf(() => new RandomSearcher(), plan, 10)
      expect(mannWhitneyP(ours, theirs)).toBeLessThan(0.01)
    }
  })

  it.each<[GeneticSearcherOptions | { [key: string]: unknown }, string]>([
    [{ populationSize: 1 }, 'populationSize is 1; give an integer of at least 2'],
    [{ populationSize: 4, elites: 5 }, 'elites is 5; give an integer from 0 to 4'],
    [{ startupTrials: -1 }, 'startupTrials is -1; give an integer of at least 0'],
    [{ selection: { type: 'tournament', size: 0 } }, 'selection.size is 0; give'],
    [{ selection: { type: 'rank', pressure: 3 } }, 'selection.pressure is 3; give'],
    [{ selection: 'rank' }, 'selection is "rank"; give { type: \'tournament\', size }'],
    [{ crossoverProbability: 2 }, 'crossoverProbability is 2; give a number from 0 to 1'],
    [{ mutationEta: -3 }, 'mutationEta is -3; give'],
    [
      { population: 9 },
      "GeneticSearcher: there is no option 'population'; the options are pointsToEvaluate, populationSize",
    ],
  ])('refuses the options %j', (options, message) => {
    expect(() => new GeneticSearcher(options as GeneticSearcherOptions)).toThrowError(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(message) }),
    )
  })
})
