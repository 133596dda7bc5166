import { mean } from 'simple-statistics'
import { describe, expect, it } from 'vitest'
import { ASHAScheduler, HyperBandForBOHB, HyperBandScheduler } from '../../schedulers/index.js'
import { KernelDensity } from '../../searchers/bohb/kernel-density.js'
import { Levels } from '../../searchers/bohb/levels.js'
import { BOHBSearcher, type BOHBSearcherOptions, RandomSearcher } from '../../searchers/index.js'
import { type Scheduler, type Searcher, Simulation, Tuner } from '../../src/index.js'
import { Rng } from '../../src/rng.js'
import { choice, loguniform, randint, Space, uniform } from '../../src/space/index.js'
import { describeSearcher } from '../contract/searcher.js'
import { landscapes, rehearse } from './rehearsal.js'

describeSearcher('bohb', options => new BOHBSearcher({ minPointsInModel: 3, ...options }), {
  objectives: 1,
  importable: {
    module: new URL('../../searchers/index.ts', import.meta.url),
    exportName: 'BOHBSearcher',
    options: { minPointsInModel: 3 },
  },
})

const kernels = { minBandwidth: 1e-3, bandwidthFactor: 3 }

describe('a kernel density', () => {
  const points = (...rows: number[][]) => rows.map(row => Float64Array.from(row))

  it('has the values of its formula', () => {
    const space = Space.of({ x: uniform(0, 1), y: uniform(0, 1) })
    const density = new KernelDensity(points([0.2, 0.9], [0.4, 0.7], [0.7, 0.95]), space, kernels)
    // SciPy: mean over the points of prod truncnorm.pdf with h = 1.06 * std * 3 ** (-1 / 6)
    expect(density.logAt(Float64Array.of(0.3, 0.8))).toBeCloseTo(1.3142684229249006, 10)
  })

  it.each([
    ['numbers', { x: uniform(0, 1), y: loguniform(1, 10) }],
    ['choices', { x: choice(['a', 'b', 'c', 'd']), y: choice([1, 2]) }],
  ])('of %s integrates to 1', (_, definition) => {
    const space = Space.of(definition)
    const rng = Rng.from(1)
    const centres = Array.from({ length: 5 }, () => space.encode(space.sample(rng)))
    const density = new KernelDensity(centres, space, { ...kernels, minBandwidth: 0.1 })
    const isGrid = space.dimensions.every(({ type }) => type === 'categorical')
    const cells = space.dimensions.map(({ size }) => Math.min(200, size))
    let sum = 0
    for (let i = 0; i < (cells[0] ?? 0); i++)
      for (let j = 0; j < (cells[1] ?? 0); j++)
        sum += Math.exp(density.logAt(Float64Array.of((i + 0.5) / (cells[0] ?? 1), (j + 0.5) / (cells[1] ?? 1))))
    expect(isGrid ? sum : sum / 200 ** 2).toBeCloseTo(1, 4)
  })

  it('takes a parameter that a point lacks for uniform, and leaves out what the config lacks', () => {
    const space = Space.of({ kind: choice(['none', { rate: uniform(0, 1) }]) })
    const density = new KernelDensity(points([0.25, Number.NaN], [0.75, 0.5]), space, kernels)
    const [chosen, other] = [Math.exp(density.logAt(Float64Array.of(0.25, Number.NaN))), 1]
    const atRate = (rate: number) => Math.exp(density.logAt(Float64Array.of(0.75, rate)))
    let mass = 0
    for (let i = 0; i < 10_000; i++) mass += atRate((i + 0.5) / 10_000) / 10_000
    expect(chosen + mass).toBeCloseTo(other, 6)
  })

  it('draws configs of the space near its points', () => {
    const space = Space.of({ n: randint(0, 5), x: uniform(0, 1) })
    const density = new KernelDensity(points([0.5, 0.2], [0.5, 0.3]), space, kernels)
    const rng = Rng.from(2)
    const drawn = Array.from({ length: 300 }, () => density.sample(rng))
    const values = new Set(drawn.map(([n]) => n?.toFixed(1)))
    expect(values).toContain('0.5')
    // a number of few values never gets stuck
    expect(values.size).toBeGreaterThan(1)
    expect(drawn.every(([, x]) => x !== undefined && x >= 0 && x < 0.9)).toBe(true)
  })
})

describe('the levels of a study', () => {
  const place = (x: number) => () => Float64Array.of(x)
  const valuesOf = (levels: Levels, paused: readonly number[], least: number) => {
    const found = levels.highest(paused, least)
    return found && [found.level, ...found.results.map(({ value }) => value)]
  }

  it('are those at which trials were paused or ended', () => {
    const levels = new Levels()
    for (const [trial, level, value] of [
      [0, 1, 5],
      [0, 2, 4],
      [0, 3, 3],
      [1, 1, 2],
      [1, 2, 6],
      [2, 1, 1],
    ] as const)
      levels.report(trial, place(trial / 10), level, value)
    expect(valuesOf(levels, [], 1)).toBeUndefined()
    expect(valuesOf(levels, [2], 2)).toEqual([1, 1, 2, 5])
    levels.end(1)
    expect(valuesOf(levels, [2], 2)).toEqual([2, 4, 6])
    expect(valuesOf(levels, [2], 3)).toEqual([1, 1, 2, 5])
  })

  it('rank what diverged last, and count neither that nor what failed as enough', () => {
    const levels = new Levels()
    levels.report(0, place(0), 1, Number.POSITIVE_INFINITY)
    levels.report(1, place(0.1), 1, 7)
    levels.end(1)
    levels.fail(2, Float64Array.of(0.2))
    expect(valuesOf(levels, [], 1)).toEqual([1, 7, Number.POSITIVE_INFINITY])
    expect(valuesOf(levels, [], 2)).toBeUndefined()
  })

  it('tell which trials failed before', () => {
    const levels = new Levels()
    levels.report(0, place(0), 1, 7)
    levels.report(1, place(0.1), 1, 5)
    levels.report(1, place(0.1), 3, 4)
    levels.fail(2, Float64Array.of(0.2))
    levels.end(1)
    levels.fail(1, Float64Array.of(0.1))
    expect(levels.highest([], 1)?.failed).toEqual([Float64Array.of(0.2)])
  })

  it('take configs that were evaluated elsewhere at their level, or at the highest', () => {
    const levels = new Levels()
    levels.add({ units: Float64Array.of(0), value: 3, level: 1 })
    levels.add({ units: Float64Array.of(0), value: 2, level: undefined })
    levels.add({ units: Float64Array.of(0), value: 4, level: 2 })
    expect(valuesOf(levels, [], 1)).toEqual([2, 2, 4])
    expect(valuesOf(levels, [], 3)).toBeUndefined()
  })
})

describe('BOHBSearcher', () => {
  it('suggests better configs than random search', () => {
    for (const [definition, objective] of landscapes()) {
      const lateMean = (searcher: Searcher) => {
        const { values } = rehearse(searcher, { definition, objective, trials: 60, places: 2, seed: 1 })
        return mean(values.slice(30))
      }
      expect(lateMean(new BOHBSearcher())).toBeLessThan(0.7 * lateMean(new RandomSearcher()))
    }
  })

  it.each<[string, () => Scheduler]>([
    ['HyperBandForBOHB', () => new HyperBandForBOHB({ maxT: 9 })],
    ['HyperBandScheduler', () => new HyperBandScheduler({ maxT: 9 })],
    ['stopping ASHA', () => new ASHAScheduler({ maxT: 9, reductionFactor: 3 })],
    ['promotion ASHA', () => new ASHAScheduler({ maxT: 9, reductionFactor: 3, variant: 'promotion' })],
  ])('learns from trials that %s cuts', async (_, schedule) => {
    const late = async (searcher: Searcher) => {
      const configs = await runCurves(searcher, schedule())
      return mean(configs.slice(60).map(({ x, y }) => Math.abs(x - 0.7) + Math.abs(y - 0.2)))
    }
    expect(await late(new BOHBSearcher())).toBeLessThan(0.75 * (await late(new RandomSearcher())))
  })

  it('tries no config twice while there are new ones, also with trials open', () => {
    const definition = { a: choice([1, 2, 3, 4, 5]), b: choice(['x', 'y', 'z']), c: randint(0, 4) }
    const { configs } = rehearse(new BOHBSearcher(), { definition, trials: 40, places: 4 })
    expect(new Set(configs.map(config => JSON.stringify(config))).size).toBe(40)
  })

  it.each<[{ readonly [option: string]: unknown }, string]>([
    [{ timeAttr: 'timeTotalS' }, 'timeAttr is "timeTotalS"; give the name of a metric that takes the same values'],
    [{ minPointsInModel: 1 }, 'minPointsInModel is 1; give an integer of at least 2'],
    [{ topNPercent: 100 }, 'topNPercent is 100; give a number above 0 and below 100'],
    [{ numSamples: 0 }, 'numSamples is 0; give an integer of at least 1'],
    [{ randomFraction: -0.1 }, 'randomFraction is -0.1; give a number from 0 to 1'],
    [{ bandwidthFactor: 0.5 }, 'bandwidthFactor is 0.5; give a number of at least 1'],
    [{ minBandwidth: 0 }, 'minBandwidth is 0; give a number above 0 and at most 1'],
    [{ seed: 1 }, "BOHBSearcher: there is no option 'seed'; the options are pointsToEvaluate, timeAttr"],
  ])('refuses the options %j', (options, message) => {
    expect(() => new BOHBSearcher(options as BOHBSearcherOptions)).toThrowError(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(message) }),
    )
  })
})

/** The configs of a study of curves that come down to a bowl. */
async function runCurves(searcher: Searcher, scheduler: Scheduler) {
  const grid = await new Tuner(
    function* curve({ x, y }: { x: number; y: number }) {
      for (let step = 1; step <= 9; step++) yield { loss: (x - 0.7) ** 2 + (y - 0.2) ** 2 + 1 / step }
    },
    {
      paramSpace: { x: uniform(0, 1), y: uniform(0, 1) },
      tuneConfig: {
        metric: 'loss',
        mode: 'min',
        numSamples: 120,
        maxConcurrentTrials: 4,
        seed: 5,
        searchAlg: searcher,
        scheduler,
      },
      runConfig: { executor: new Simulation({ workers: 4 }).executor, storagePath: false, verbose: 0 },
    },
  ).fit()
  return [...grid].map(({ config }) => config)
}
