import { describe, expect, it } from 'vitest'
import { HaltonSearcher } from '../../searchers/halton.js'
import type { QuasiRandomOptions } from '../../searchers/kit/quasi-random.js'
import { SobolSearcher } from '../../searchers/sobol.js'
import type { JsonObject } from '../../src/json.js'
import { Rng } from '../../src/rng.js'
import {
  choice,
  gridSearch,
  loguniform,
  Space,
  type SpaceDefinition,
  sampleFrom,
  uniform,
} from '../../src/space/index.js'
import { describeSearcher } from '../contract/searcher.js'
import { centredDiscrepancy } from '../math/low-discrepancy.js'

const searchers = { sobol: SobolSearcher, halton: HaltonSearcher }

describeSearcher('sobol', options => new SobolSearcher(options), {
  objectives: 0,
  importable: { module: new URL('../../searchers/sobol.js', import.meta.url), exportName: 'SobolSearcher' },
})
describeSearcher('halton', options => new HaltonSearcher(options), {
  objectives: 0,
  importable: { module: new URL('../../searchers/halton.js', import.meta.url), exportName: 'HaltonSearcher' },
})
describeSearcher('sobol, not scrambled', options => new SobolSearcher({ ...options, isScrambled: false }))
describeSearcher('halton, not scrambled', options => new HaltonSearcher({ ...options, isScrambled: false }))

describe.each(Object.entries(searchers))('the %s searcher', (name, Searcher) => {
  function start(definition: SpaceDefinition, { seed = 1, ...options }: QuasiRandomOptions & { seed?: number } = {}) {
    const searcher = new Searcher(options)
    searcher.setUp({
      space: Space.of(definition),
      objectives: [],
      metric: undefined,
      mode: undefined,
      numSamples: 1e6,
      maxConcurrentTrials: 1,
      rng: Rng.from(seed).fork('searcher'),
      onWarning: () => undefined,
    })
    const suggest = (trialIndex: number): JsonObject => {
      const rng = Rng.from(seed).fork('searcher', trialIndex)
      const suggestion = searcher.suggest({ trialIndex, rng, pending: new Map() })
      if (suggestion.type !== 'config') throw new Error(`expected a config, got ${suggestion.type}`)
      return suggestion.config
    }
    return { searcher, suggest, first: (count: number) => Array.from({ length: count }, (_, i) => suggest(i)) }
  }

  const plane = { x: uniform(0, 1), y: uniform(0, 1) }

  it('samples every value of a choice equally often', () => {
    const { first } = start({ depth: choice([1, 2, 3, 4]), rate: uniform(0, 1) })
    const counts = new Map<unknown, number>()
    for (const { depth } of first(64)) counts.set(depth, (counts.get(depth) ?? 0) + 1)
    expect([1, 2, 3, 4].map(depth => counts.get(depth))).toEqual([16, 16, 16, 16])
  })

  it('samples every order of magnitude equally often', () => {
    const { first } = start({ rate: loguniform(1e-8, 1) })
    const octants = new Array<number>(8).fill(0)
    for (const { rate } of first(64)) {
      const octant = Math.floor(-Math.log10(Number(rate)))
      octants[octant] = (octants[octant] ?? 0) + 1
    }
    expect(octants).toEqual(new Array(8).fill(8))
  })

  it('samples each sub-space of a choice as often as the others, with its own parameters', () => {
    const optimizer = choice([
      { name: 'sgd', momentum: uniform(0, 1) },
      { name: 'adam', beta: uniform(0.8, 1) },
    ])
    const configs = start({ optimizer }).first(32)
    const shape = { name: expect.any(String) }
    const sgd = configs.filter(({ optimizer }) => JSON.stringify(optimizer).includes('momentum'))
    expect(sgd).toHaveLength(16)
    expect(configs).toMatchObject(configs.map(() => ({ optimizer: shape })))
  })

  it('suggests by the index alone', () => {
    const { suggest, first } = start(plane)
    const far = suggest(98_765)
    first(5)
    expect(start(plane).suggest(98_765)).toEqual(far)
  })

  it('suggests otherwise for another seed, unless it is not scrambled', () => {
    const draw = (seed: number, isScrambled: boolean) => start(plane, { seed, isScrambled }).first(3)
    expect(draw(1, true)).not.toEqual(draw(2, true))
    expect(draw(1, false)).toEqual(draw(2, false))
  })

  it('starts in the middle of the first parameter when it is not scrambled', () => {
    const configs = start({ x: uniform(0, 8) }, { isScrambled: false }).first(3)
    expect(configs).toEqual([{ x: 4 }, ...(name === 'sobol' ? [{ x: 6 }, { x: 2 }] : [{ x: 2 }, { x: 6 }])])
  })

  it('begins its sequence after the points to evaluate', () => {
    const points = [{ x: 0.5, y: 0.5 }, { x: 0.25 }]
    const { suggest } = start(plane, { pointsToEvaluate: points })
    const without = start(plane)
    expect(suggest(1)).toMatchObject({ x: 0.25 })
    expect([2, 3, 4].map(suggest)).toEqual([0, 1, 2].map(without.suggest))
  })

  it('gives sampleFrom functions a stream of the trial', () => {
    const { first } = start({ x: uniform(0, 1), noise: sampleFrom((_: JsonObject, rng: Rng) => rng.uniform()) })
    expect(new Set(first(10).map(({ noise }) => noise)).size).toBe(10)
  })

  it('covers the space far more evenly than random samples do', () => {
    const [count, seeds] = [50, 10]
    const space = { ...plane, z: uniform(0, 1), w: uniform(0, 1) }
    let ratios = 0
    for (let seed = 0; seed < seeds; seed++) {
      const configs = start(space, { seed }).first(count)
      const rng = Rng.from(seed).fork('random')
      const random = Float64Array.from({ length: 4 * count }, () => rng.uniform())
      const points = Float64Array.from(configs.flatMap(({ x, y, z, w }) => [x, y, z, w].map(Number)))
      ratios += centredDiscrepancy(points, 4) / centredDiscrepancy(random, 4)
    }
    expect(ratios / seeds).toBeLessThan(0.5)
  })

  it('comes closer to an optimum than random search does, wherever it lies', () => {
    const [count, problems] = [40, 400]
    let [sum, squares] = [0, 0]
    for (let problem = 0; problem < problems; problem++) {
      const rng = Rng.from(problem).fork('problem')
      const [a, b] = [rng.uniform(), rng.uniform()]
      // the second parameter matters less
      const loss = (x: number, y: number) => (x - a) ** 2 + 0.1 * (y - b) ** 2
      const own = start(plane, { seed: problem }).first(count)
      const best = Math.min(...own.map(({ x, y }) => loss(Number(x), Number(y))))
      const random = Math.min(...Array.from({ length: count }, () => loss(rng.uniform(), rng.uniform())))
      sum += random - best
      squares += (random - best) ** 2
    }
    const standardError = Math.sqrt((squares - sum ** 2 / problems) / (problems - 1) / problems)
    // a paired t-test: p < 0.0015
    expect(sum / problems / standardError).toBeGreaterThan(3)
  })

  it('refuses grid parameters, and options that it can not read', () => {
    expect(() => start({ ...plane, n: gridSearch([1, 2]) })).toThrowError(
      expect.objectContaining({ code: 'INVALID_SPACE' }),
    )
    expect(() => new Searcher({ pointsToEvaluate: { x: 1 } as never })).toThrowError(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining('array of configs') }),
    )
    expect(() => new Searcher({ scramble: false } as never)).toThrowError(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: expect.stringContaining("there is no option 'scramble'"),
      }),
    )
    expect(() => new Searcher({ isScrambled: 'yes' as never })).toThrowError(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining('true or false') }),
    )
  })

  it('refuses questions before it was set up', () => {
    expect(() => new Searcher().total()).toThrowError(expect.objectContaining({ code: 'PLUGIN_FAULT' }))
    const request = { trialIndex: 0, rng: Rng.from(1), pending: new Map() }
    expect(() => new Searcher().suggest(request)).toThrowError(expect.objectContaining({ code: 'PLUGIN_FAULT' }))
  })
})

describe('a space of more dimensions than the Sobol sequence has', () => {
  const definition = Object.fromEntries(Array.from({ length: 1112 }, (_, i) => [`x${i}`, uniform(0, 1)]))
  const context = {
    space: Space.of(definition),
    objectives: [],
    metric: undefined,
    mode: undefined,
    numSamples: 1,
    maxConcurrentTrials: 1,
    rng: Rng.from(1),
    onWarning: () => undefined,
  }

  it('is refused by the Sobol searcher', () => {
    expect(() => new SobolSearcher().setUp(context)).toThrowError(
      expect.objectContaining({ code: 'INVALID_SPACE', message: expect.stringContaining('1112 dimensions') }),
    )
  })
})
