import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mannWhitneyP } from '../../benchmarks/problems/significance.js'
import { NSGA2Searcher, type NSGA2SearcherOptions, RandomSearcher } from '../../searchers/index.js'
import { type Individual, Population } from '../../searchers/nsga2/population.js'
import type { JsonObject } from '../../src/json.js'
import { hypervolume } from '../../src/math/hypervolume.js'
import { dominates } from '../../src/math/pareto.js'
import type { Searcher } from '../../src/searcher.js'
import { choice, randint, Space, type SpaceDefinition, uniform } from '../../src/space/index.js'
import { SearchDrill } from '../../testing/search-drill.js'
import { describeSearcher } from '../contract/searcher.js'
import { rehearse } from './rehearsal.js'

describeSearcher('nsga2', options => new NSGA2Searcher({ populationSize: 6, startupTrials: 8, ...options }), {
  objectives: 'any',
  importable: {
    module: new URL('../../searchers/index.ts', import.meta.url),
    exportName: 'NSGA2Searcher',
    options: { populationSize: 6, startupTrials: 8 },
  },
})

const individual = (...values: number[]): Individual => ({
  units: new Float64Array(0),
  values: Float64Array.from(values),
})

function populate(size: number, rows: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const population = new Population(size, rows[0]?.length ?? 1)
  for (const row of rows) population.add(individual(...row))
  return population.ranked().map(({ values }) => [...values])
}

describe('a population of several objectives', () => {
  it('ranks by front, then the ends of a front first and its crowds last', () => {
    // on the first front (1, 3) has the neighbours (0, 4) and (4, 0), and (0.5, 3.5) lies between (0, 4) and (1, 3)
    const rows = [
      [5, 5],
      [0.5, 3.5],
      [4, 0],
      [1, 3],
      [0, 4],
      [4.5, 4.5],
    ] as const
    expect(populate(6, rows)).toEqual([
      [0, 4],
      [4, 0],
      [1, 3],
      [0.5, 3.5],
      [4.5, 4.5],
      [5, 5],
    ])
  })

  it('lets go of the worst: of the last front, then where the crowd is thickest, then the oldest', () => {
    expect(
      populate(2, [
        [1, 1],
        [2, 2],
        [0, 3],
      ]),
    ).toEqual([
      [0, 3],
      [1, 1],
    ])
    expect(
      populate(3, [
        [0, 4],
        [4, 0],
        [2, 2],
        [1.9, 2.2],
      ]),
    ).toEqual([
      [4, 0],
      [0, 4],
      [2, 2],
    ])
    const alike = Array.from({ length: 5 }, () => individual(1, 1))
    const population = new Population(3, 2)
    for (const one of alike) population.add(one)
    const kept = population.ranked()
    expect([kept[0] === alike[4], kept[1] === alike[3], kept[2] === alike[2]]).toEqual([true, true, true])
  })

  it('keeps the best values of a single objective', () => {
    expect(populate(3, [[5], [1], [4], [9], [2], [8]])).toEqual([[1], [2], [4]])
  })

  it('never loses a point that nothing dominates while it has room for all of them', () => {
    const value = fc.integer({ min: 0, max: 9 })
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 40 }), rows => {
        const front = rows.filter(row => !rows.some(other => dominates(other, row)))
        fc.pre(front.length <= 12)
        const kept = populate(12, rows).map(String)
        for (const row of front) expect(kept).toContain(String(row))
      }),
    )
  })
})

const pair = { x: uniform(0, 1), y: uniform(0, 1) }
const variables = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`x${i}`, uniform(0, 1)]))

/** A study of two objectives that are minimized. */
interface Plan {
  readonly definition: SpaceDefinition
  readonly objective: (config: JsonObject) => readonly [number, number]
  readonly trials: number
  readonly seed?: number
}

function search(searcher: Searcher, { definition, objective, trials, seed = 1 }: Plan) {
  const { configs, faults } = new SearchDrill(searcher, {
    space: Space.of(definition),
    objectives: [
      { metric: 'loss', mode: 'min' },
      { metric: 'cost', mode: 'max' },
    ],
    numSamples: trials,
    trials,
    places: 4,
    ends: 'in order',
    seed,
    secondsPerReport: 1,
    outcome: ({ config }) => {
      const [loss, cost] = objective(config)
      return { reports: [{ loss, cost: -cost }], end: 'completed' }
    },
  }).run()
  if (faults.length > 0) throw new Error(faults.join('\n'))
  return { configs, values: configs.map(objective) }
}

/** How much lies outside the front that a study found, under the point (1.1, 8). */
function lossOf(make: () => Searcher, plan: Plan, seed: number): number {
  const { values } = search(make(), { ...plan, seed })
  return -hypervolume(Float64Array.from(values.flat()), values.length, Float64Array.of(1.1, 8))
}

/** Zitzler, Deb and Thiele, Comparison of Multiobjective Evolutionary Algorithms (2000), section 5: ZDT1 and ZDT2. */
function zdt(power: number): (config: JsonObject) => readonly [number, number] {
  return config => {
    const [first = 0, ...others] = Object.values(config).map(Number)
    const g = 1 + (9 * others.reduce((sum, value) => sum + value, 0)) / others.length
    return [first, g * (1 - (first / g) ** power)]
  }
}

describe('NSGA2Searcher', () => {
  it('starts from a sequence that fills the space evenly', () => {
    const { configs } = rehearse(new NSGA2Searcher({ startupTrials: 16 }), { definition: pair, trials: 16 })
    const eighths = configs.map(({ x }) => Math.floor(8 * Number(x))).sort((a, b) => a - b)
    expect(eighths).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7])
  })

  it('spreads over the whole of a Pareto front', () => {
    const objective = ({ x, y }: JsonObject) => [Number(x) + Number(y), 1 - Number(x) + Number(y)] as const
    const { configs } = search(new NSGA2Searcher(), { definition: pair, objective, trials: 200 })
    const near = configs.filter(({ y }) => Number(y) < 0.1)
    expect(near.length).toBeGreaterThan(100)
    expect(new Set(near.map(({ x }) => Math.min(9, Math.floor(10 * Number(x))))).size).toBeGreaterThanOrEqual(9)
  })

  it('finds a larger hypervolume than random search', () => {
    for (const power of [0.5, 2]) {
      const plan = { definition: variables(8), objective: zdt(power), trials: 200 }
      const seeds = [0, 1, 2, 3, 4]
      const ours = seeds.map(seed => lossOf(() => new NSGA2Searcher(), plan, seed))
      const theirs = seeds.map(seed => lossOf(() => new RandomSearcher(), plan, seed))
      expect(mannWhitneyP(ours, theirs)).toBeLessThan(0.01)
    }
  })

  it('tries no config twice while it finds new ones nearby, also with trials open', () => {
    const definition = { a: choice([1, 2, 3, 4, 5]), b: choice(['x', 'y', 'z']), c: randint(0, 4) }
    const objective = ({ a, c }: JsonObject) => [Number(a), Number(c)] as const
    const { configs } = search(new NSGA2Searcher(), { definition, objective, trials: 40 })
    expect(new Set(configs.map(config => JSON.stringify(config))).size).toBe(40)
  })

  it('has children at once when enough was evaluated elsewhere', () => {
    const searcher = new NSGA2Searcher({ populationSize: 4, startupTrials: 4, mutationProbability: 0 })
    const evaluated = [0.2, 0.21, 0.22, 0.23].map(x => ({ config: { x, y: x + 0.5 }, metrics: { loss: x, cost: x } }))
    searcher.addEvaluated(evaluated)
    const objective = ({ x, y }: JsonObject) => [Number(x), Number(y)] as const
    const { configs } = search(searcher, { definition: pair, objective, trials: 4 })
    for (const { x, y } of configs) {
      expect(Math.abs(Number(x) - 0.215)).toBeLessThan(0.15)
      expect(Math.abs(Number(y) - 0.715)).toBeLessThan(0.15)
    }
  })

  it.each<[NSGA2SearcherOptions | { [key: string]: unknown }, string]>([
    [{ populationSize: 1 }, 'populationSize is 1; give an integer of at least 2'],
    [{ startupTrials: -1 }, 'startupTrials is -1; give an integer of at least 0'],
    [{ crossover: { type: 'sbx', eta: 0 } }, 'crossover.eta is 0; give a number above 0'],
    [{ crossoverProbability: 2 }, 'crossoverProbability is 2; give a number from 0 to 1'],
    [{ mutationProbability: -1 }, 'mutationProbability is -1; give a number from 0 to 1'],
    [{ elites: 3 }, "NSGA2Searcher: there is no option 'elites'; the options are pointsToEvaluate, populationSize"],
  ])('refuses the options %j', (options, message) => {
    expect(() => new NSGA2Searcher(options as NSGA2SearcherOptions)).toThrowError(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(message) }),
    )
  })
})
