import fc from 'fast-check'
import { median } from 'simple-statistics'
import { describe, expect, it } from 'vitest'
import { mannWhitneyP } from '../../benchmarks/problems/significance.js'
import { RandomSearcher, TPESearcher, type TPESearcherOptions } from '../../searchers/index.js'
import type { Observation } from '../../searchers/kit/observation.js'
import { drawUnits } from '../../searchers/kit/units.js'
import { listBlocks } from '../../searchers/tpe/blocks.js'
import { Density } from '../../searchers/tpe/density.js'
import { evenScale, gapScale, type Kernels } from '../../searchers/tpe/kernels.js'
import { normalMass } from '../../searchers/tpe/normal-table.js'
import { FrontRanking, type Ranking, SoleRanking } from '../../searchers/tpe/ranking.js'
import type { JsonObject } from '../../src/json.js'
import { hypervolume } from '../../src/math/hypervolume.js'
import { normalCdf } from '../../src/math/normal.js'
import { Rng } from '../../src/rng.js'
import type { Searcher } from '../../src/searcher.js'
import { choice, lograndint, randint, Space, uniform } from '../../src/space/index.js'
import { SearchDrill } from '../../testing/search-drill.js'
import { describeSearcher } from '../contract/searcher.js'
import { landscapes, regretsOf, rehearse } from './rehearsal.js'

describeSearcher('tpe', options => new TPESearcher({ startupTrials: 5, ...options }), {
  objectives: 'any',
  importable: {
    module: new URL('../../searchers/index.ts', import.meta.url),
    exportName: 'TPESearcher',
    options: { startupTrials: 5 },
  },
})

describe('the table of the normal distribution', () => {
  it('gives the mass of intervals, small ones and those in the tails too', () => {
    const near = { min: -7, max: 7, noNaN: true }
    const property = fc.property(fc.double(near), fc.double({ min: 1e-3, max: 3, noNaN: true }), (a, width) => {
      const b = a + width
      const expected = a > 0 ? normalCdf(-a) - normalCdf(-b) : normalCdf(b) - normalCdf(a)
      expect(Math.abs(normalMass(a, b) / expected - 1)).toBeLessThan(a < -6 || b > 6 ? 0.02 : 1e-3)
    })
    fc.assert(property, { seed: 1, numRuns: 500 })
  })

  it('gives the whole of it', () => {
    expect(normalMass(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)).toBe(1)
    expect(normalMass(Number.NEGATIVE_INFINITY, 0)).toBeCloseTo(0.5, 12)
    expect(normalMass(9, 10)).toBe(0)
  })
})

describe('the width of a kernel', () => {
  const widths = (scale: Kernels['scale'], ...centres: number[]) => {
    const into = new Float64Array(centres.length)
    scale(Float64Array.from(centres), centres.length, into)
    return Array.from(into, width => Number(width.toFixed(9)))
  }

  it('is a share of the larger gap to its neighbours', () => {
    expect(widths(gapScale(0.01), 0.5, 0.1, 0.9, 0.6)).toEqual([0.28, 0.28, 0.21, 0.21])
  })

  it('of a lone kernel is a share of the way to the farther bound', () => {
    expect(widths(gapScale(0.01), 0.9)).toEqual([0.63])
  })

  it('is not below the least', () => {
    expect(widths(gapScale(0.3), 0.5, 0.5, 0.55)).toEqual([0.3, 0.3, 0.3])
  })

  it('does not hang on trials that lack the parameter', () => {
    expect(widths(gapScale(0.01), 0.5, Number.NaN, 0.1)).toEqual([0.28, 0, 0.28])
  })

  it('falls with the number of bad trials', () => {
    expect(widths(evenScale(100), 0.5, 0.6)).toEqual([0.052232403, 0.052232403])
  })
})

describe('a density', () => {
  const mixed = Space.of({
    kind: choice(['a', { y: uniform(0, 1), n: randint(0, 4) }, 'c']),
    m: lograndint(1, 40),
    x: uniform(0, 1),
  })
  const densityOf = (space: Space, count: number, seed: number): Density => {
    const rng = Rng.from(seed)
    const points = Array.from({ length: count }, () => drawUnits(rng, space))
    const weights = Float64Array.from(points, () => rng.uniform() + 0.1)
    return new Density(space.dimensions, { points, weights, priorWeight: 1, scale: gapScale(0.05) })
  }

  it('integrates to 1 over a conditional space', () => {
    const density = densityOf(mixed, 6, 1)
    const rng = Rng.from(2)
    const draws = 40_000
    let sum = 0
    for (let i = 0; i < draws; i++) {
      const units = drawUnits(rng, mixed)
      // drawn from the uniform density, under which an integer or a choice has a probability
      const uniformLog = mixed.dimensions.reduce((log, dimension) => {
        const unit = units[dimension.index] ?? Number.NaN
        if (dimension.type === 'continuous' || Number.isNaN(unit)) return log
        const { lower, upper } = dimension.cell(unit)
        return log + Math.log(upper - lower)
      }, 0)
      sum += Math.exp(density.logAt(units) - uniformLog) / draws
    }
    expect(sum).toBeCloseTo(1, 1)
  })

  it('is that of one kernel and the prior, by hand', () => {
    const space = Space.of({ x: uniform(0, 1) })
    const kernels = {
      points: [Float64Array.of(0.3)],
      weights: Float64Array.of(3),
      priorWeight: 1,
      scale: gapScale(0.1),
    }
    const density = new Density(space.dimensions, kernels)
    // SciPy 1.14: 0.75 * truncnorm(-0.3/0.49, 0.7/0.49, 0.3, 0.49).pdf(0.4) + 0.25 * truncnorm(-0.5, 0.5, 0.5, 1).pdf(0.4)
    expect(Math.exp(density.logAt(Float64Array.of(0.4)))).toBeCloseTo(1.174646634580123, 5)
  })

  it('gives wide and narrow cells of an integer the same mass either way', () => {
    const space = Space.of({ n: randint(0, 400) })
    const massOf = (scale: number) => {
      const kernels = {
        points: [Float64Array.of(0.50125)],
        weights: Float64Array.of(1),
        priorWeight: 1e-9,
        scale: gapScale(scale),
      }
      return Math.exp(
        new Density(space.dimensions, { ...kernels, scale: (_, __, into) => void into.fill(scale) }).logAt(
          Float64Array.of(0.50625),
        ),
      )
    }
    const exact = (scale: number) => normalCdf(0.00625 / scale) - normalCdf(0.00375 / scale)
    // a quarter of the scale is the border between density and mass
    for (const scale of [0.005, 0.0099, 0.0101, 0.05]) expect(massOf(scale) / exact(scale)).toBeCloseTo(1, 2)
  })

  it('draws what its kernels are near, inside the space', () => {
    const space = Space.of({ x: uniform(0, 1) })
    const kernels = { points: [Float64Array.of(0.02)], weights: Float64Array.of(1), priorWeight: 1e-9 }
    const density = new Density(space.dimensions, { ...kernels, scale: (_, __, into) => void into.fill(0.05) })
    const xs = Array.from({ length: 101 }, (_, i) => density.draw(0, 0, i / 101))
    expect(Math.min(...xs)).toBeCloseTo(0, 3)
    expect(Math.max(...xs)).toBeLessThan(0.2)
    expect(xs).toEqual([...xs].sort((a, b) => a - b))
  })
})

const observed = (trialIndex: number, values: readonly number[] | undefined, more: Partial<Observation> = {}) => ({
  trialIndex,
  config: {},
  units: new Float64Array(0),
  values: values && Float64Array.from(values),
  state: values === undefined ? ('failed' as const) : ('completed' as const),
  iteration: 1,
  ...more,
})

describe('a ranking', () => {
  const splitOf = (ranking: Ranking, observations: readonly Observation[], size: number) => {
    for (const observation of observations) ranking.add(observation)
    const { below, merits, above } = ranking.split(size)
    const indices = (of: readonly Observation[]) => of.map(({ trialIndex }) => trialIndex)
    return { below: indices(below), merits: [...merits], above: indices(above) }
  }

  it('by one value has the best first and failed trials last, and weighs by improvement', () => {
    const trials = [observed(0, [4]), observed(1, undefined), observed(2, [1]), observed(3, [3]), observed(4, [9])]
    // 4 is the first that isn't good: improvements of 3 and 1
    expect(splitOf(new SoleRanking(), trials, 2)).toEqual({ below: [2, 3], merits: [1.5, 0.5], above: [0, 4, 1] })
  })

  it('by one value has stopped trials after the others, the longest first', () => {
    const stopped = (iteration: number) => ({ state: 'stopped' as const, iteration })
    const trials = [
      observed(0, [1], stopped(2)),
      observed(1, [7]),
      observed(2, [3], stopped(5)),
      observed(3, undefined),
    ]
    expect(splitOf(new SoleRanking(), trials, 2)).toEqual({ below: [1, 2], merits: [1, 1], above: [0, 3] })
  })

  it('takes no failed trial for good', () => {
    const trials = [observed(0, undefined), observed(1, [2]), observed(2, undefined)]
    expect(splitOf(new SoleRanking(), trials, 2)).toEqual({ below: [1], merits: [1], above: [0, 2] })
    expect(splitOf(new SoleRanking(), trials.slice(0, 1), 2)).toEqual({ below: [], merits: [], above: [0] })
  })

  it('weighs equal and huge values', () => {
    const huge = [1.7e308, -1.7e308, 1.7e308].map((value, i) => observed(i, [value]))
    expect(splitOf(new SoleRanking(), huge, 1).merits).toEqual([1])
    expect(
      splitOf(
        new SoleRanking(),
        [0, 1, 2].map(i => observed(i, [5])),
        2,
      ).merits,
    ).toEqual([1, 1])
  })

  it('by several values goes by fronts, and cuts a front by the volume', () => {
    const front = [
      [0, 1],
      [0.1, 0.9],
      [0.5, 0.4],
      [1, 0],
    ].map((values, i) => observed(i, values))
    const trials = [...front, observed(4, [0.6, 0.6]), observed(5, undefined)]
    const split = splitOf(new FrontRanking(), trials, 2)
    expect(split.below).toContain(2)
    expect(split.below).toHaveLength(2)
    expect(split.above.at(-1)).toBe(5)
    expect([...split.below, ...split.above].sort()).toEqual([0, 1, 2, 3, 4, 5])
    expect(splitOf(new FrontRanking(), trials, 4)).toMatchObject({ below: [0, 1, 2, 3], above: [4, 5] })
  })
})

describe('parameters are modelled', () => {
  const { dimensions } = Space.of({ k: choice(['a', { y: uniform(0, 1), z: uniform(0, 1) }]), x: uniform(0, 1) })
  const keysOf = (model: 'multivariate' | 'grouped' | 'univariate') =>
    listBlocks(dimensions, model).map(block => block.map(({ key }) => key))

  it.each([
    ['multivariate', [['k', 'k[1]/y', 'k[1]/z', 'x']]],
    [
      'grouped',
      [
        ['k', 'x'],
        ['k[1]/y', 'k[1]/z'],
      ],
    ],
    ['univariate', [['k'], ['k[1]/y'], ['k[1]/z'], ['x']]],
  ] as const)('in sets: %s', (model, expected) => {
    expect(keysOf(model)).toEqual(expected)
  })
})

describe('TPESearcher', () => {
  const bowl = { x: uniform(-5, 10), y: uniform(-5, 10) }
  const distance = ({ x, y }: { x?: unknown; y?: unknown }) => (Number(x) - 2) ** 2 + (Number(y) - 7) ** 2

  it.each(['multivariate', 'grouped', 'univariate'] as const)('closes in on the optimum, %s', model => {
    const plan = { definition: bowl, objective: distance, trials: 120, seed: 3 }
    expect(Math.min(...rehearse(new TPESearcher({ model }), plan).values)).toBeLessThan(0.05)
  })

  it('finds better configs than random search', () => {
    for (const [definition, objective] of landscapes()) {
      const plan = { definition, objective, trials: 60, places: 2 }
      const ours = regretsOf(() => new TPESearcher(), plan, 10)
      const theirs = regretsOf(() => new RandomSearcher(), plan, 10)
      expect(mannWhitneyP(ours, theirs)).toBeLessThan(0.01)
    }
  })

  it('dominates more of two objectives than random search', () => {
    const volumeOf = (make: () => Searcher, seed: number) => {
      const both = ({ x, y }: JsonObject) => ({
        near: distance({ x, y }),
        cost: Math.abs(Number(x) + 1) + Math.abs(Number(y) - 7),
      })
      const { configs } = new SearchDrill(make(), {
        space: Space.of(bowl),
        objectives: [
          { metric: 'near', mode: 'min' },
          { metric: 'cost', mode: 'min' },
        ],
        numSamples: 60,
        trials: 60,
        places: 2,
        ends: 'in order',
        seed,
        secondsPerReport: 1,
        outcome: ({ config }) => ({ reports: [both(config)], end: 'completed' }),
      }).run()
      const points = Float64Array.from(configs.flatMap(config => Object.values(both(config))))
      return hypervolume(points, configs.length, Float64Array.of(10, 5))
    }
    const seeds = Array.from({ length: 8 }, (_, seed) => seed)
    const ours = seeds.map(seed => -volumeOf(() => new TPESearcher(), seed))
    const theirs = seeds.map(seed => -volumeOf(() => new RandomSearcher(), seed))
    expect(mannWhitneyP(ours, theirs)).toBeLessThan(0.01)
  })

  it('tries every config of a small space once before it repeats one, also with trials open', () => {
    const definition = { a: choice([1, 2, 3, 4, 5]), b: choice(['x', 'y', 'z']), c: randint(0, 4) }
    const { configs } = rehearse(new TPESearcher(), { definition, trials: 50, places: 4 })
    expect(new Set(configs.map(config => JSON.stringify(config))).size).toBe(50)
  })

  it('tries places apart from those of pending trials', () => {
    const spread = (constantLiar: boolean) => {
      const searcher = new TPESearcher({ constantLiar, startupTrials: 8 })
      const { configs } = rehearse(searcher, { definition: bowl, objective: distance, trials: 64, places: 16 })
      const last = configs.slice(-16)
      const gaps = last.map((a, i) =>
        Math.min(
          ...last.filter((_, j) => j !== i).map(b => Math.hypot(Number(a.x) - Number(b.x), Number(a.y) - Number(b.y))),
        ),
      )
      return gaps.reduce((sum, gap) => sum + gap, 0)
    }
    expect(spread(true)).toBeGreaterThan(spread(false))
  })

  it('learns from configs that were evaluated elsewhere', () => {
    const searcher = new TPESearcher()
    const earlier = Array.from({ length: 40 }, (_, i) => ({
      x: i % 2 ? 2 + i / 200 : (i % 15) - 5,
      y: i % 2 ? 7 : (i % 13) - 4,
    }))
    searcher.addEvaluated(earlier.map(config => ({ config, metrics: { loss: distance(config) } })))
    const { values } = rehearse(searcher, { definition: bowl, objective: distance, trials: 10 })
    // of the whole box it is 45
    expect(median(values.slice())).toBeLessThan(15)
  })

  it.each<[{ readonly [option: string]: unknown }, string]>([
    [{ startupTrials: -1 }, 'startupTrials is -1; give an integer of at least 0'],
    [{ candidates: 0 }, 'candidates is 0; give an integer of at least 1'],
    [{ gamma: 1 }, 'gamma is 1; give a number above 0 and below 1'],
    [{ maxGood: 0 }, 'maxGood is 0; give an integer of at least 1'],
    [{ weights: 'recent' }, "weights is \"recent\"; give 'graded' or 'equal'"],
    [{ priorWeight: 0 }, 'priorWeight is 0; give a number above 0'],
    [{ magicClip: 1 }, 'magicClip is 1; give true or false'],
    [{ constantLiar: 'no' }, 'constantLiar is "no"; give true or false'],
    [{ model: 'joint' }, "give 'multivariate', 'grouped' or 'univariate'"],
    [
      { nStartupTrials: 10 },
      "TPESearcher: there is no option 'nStartupTrials'; the options are pointsToEvaluate, startupTrials",
    ],
  ])('refuses the options %j', (options, message) => {
    expect(() => new TPESearcher(options as TPESearcherOptions)).toThrowError(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(message) }),
    )
  })
})
