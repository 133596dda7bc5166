import { describe, expect, it } from 'vitest'
import { type TroubledRegion, troubledRegions } from '../../../analysis/index.js'
import { ASHAScheduler } from '../../../schedulers/index.js'
import { RandomSearcher } from '../../../searchers/index.js'
import { choice, loguniform, randint, randn, uniform } from '../../../src/index.js'
import { noiseOf, runStudy } from './studies.js'

const space = {
  lr: loguniform(1e-4, 1),
  layers: randint(1, 9),
  model: choice([{ kind: 'flat' }, { kind: 'deep', dropout: uniform(0, 1) }]),
}
interface Config {
  readonly lr: number
  readonly layers: number
  readonly model: { readonly kind: string; readonly dropout?: number }
}
const named = ({ trouble, conditions }: TroubledRegion) => [
  trouble,
  ...conditions.map(each => `${each.parameter} ${each.type} ${each.value}`),
]

describe('troubled regions', () => {
  it('are where trials fail, with a bound that lies between what failed and what did not', async () => {
    const grid = await runStudy(
      ({ lr }: Config) => {
        if (lr > 0.1) throw new Error('diverged')
        return { loss: lr }
      },
      space,
      { numSamples: 60 },
    )
    const { regions, counts } = troubledRegions(grid)
    expect(regions.length).toBe(1)
    expect(regions[0]).toMatchObject({ trouble: 'failed', outside: { marked: 0 } })
    const [condition] = regions[0]?.conditions ?? []
    expect(condition).toMatchObject({ parameter: 'lr', type: 'above' })
    expect(Math.abs(Math.log10(Number(condition?.value)) + 1)).toBeLessThan(0.15)
    expect(regions[0]?.inside).toEqual({ marked: counts.failed, trials: counts.failed })
  })

  it('may take two conditions, on parameters that are not always there and on integers', async () => {
    const grid = await runStudy(
      ({ layers, model }: Config) => {
        const explodes = layers > 5 && (model.dropout ?? 1) < 0.5
        return { loss: explodes ? Number.NaN : layers }
      },
      space,
      { numSamples: 200 },
    )
    const [region] = troubledRegions(grid).regions
    expect(region && named(region).slice(0, 1)).toEqual(['no-value'])
    expect(region?.conditions.map(({ parameter }) => parameter).sort()).toEqual(['layers', 'model/dropout'])
    expect(region?.conditions).toContainEqual({ parameter: 'layers', type: 'above', value: 5 })
    expect(region?.outside.marked).toBe(0)
  })

  it('are found in categories', async () => {
    const grid = await runStudy(
      ({ model }: Config) => {
        if (model.kind === 'deep') throw new Error('out of memory')
        return { loss: 1 }
      },
      space,
      { numSamples: 30 },
    )
    expect(troubledRegions(grid).regions.map(named)).toEqual([['failed', 'model/kind is deep']])
  })

  it('are where trials are always stopped early', async () => {
    function* curve({ lr }: Config) {
      for (let step = 1; step <= 9; step++) yield { loss: Math.abs(Math.log10(lr) + 1) + 1 / step }
    }
    const grid = await runStudy(curve, space, { numSamples: 120, scheduler: new ASHAScheduler({ maxT: 9 }) })
    const { regions, counts } = troubledRegions(grid)
    expect(counts['stopped-early']).toBeGreaterThan(60)
    expect(regions[0]).toMatchObject({ trouble: 'stopped-early', conditions: [{ parameter: 'lr', type: 'below' }] })
  })

  it('are not found in chance in nearly all studies', async () => {
    let found = 0
    for (let seed = 0; seed < 30; seed++) {
      const luck = noiseOf(`luck ${seed}`, 1)
      const grid = await runStudy(
        () => {
          if (luck() > 0.8) throw new Error('bad luck')
          return { loss: luck() }
        },
        space,
        { numSamples: 40, seed },
      )
      if (troubledRegions(grid).regions.length > 0) found += 1
    }
    // 1.5 are allowed on average
    expect(found).toBeLessThanOrEqual(4)
  })
})

describe('what was never tried', () => {
  it('is the largest empty range, and values of choices', async () => {
    const pointsToEvaluate = Array.from({ length: 40 }, (_, i) => ({
      a: i < 20 ? 10 ** (-3.9 + i / 10) : 10 ** (-0.5 + (i - 20) / 40),
      kind: i % 2 ? 'x' : 'z',
    }))
    const grid = await runStudy(
      ({ a }: { a: number }) => ({ loss: a }),
      { a: loguniform(1e-4, 1), kind: choice(['x', 'y', 'z']) },
      { numSamples: 40, searchAlg: new RandomSearcher({ pointsToEvaluate }) },
    )
    const [value, range] = troubledRegions(grid).untried
    expect(value).toEqual({ type: 'value', parameter: 'kind', value: 'y', index: 1, trials: 40 })
    // from 10^-2 to 10^-0.5, 1.5 of 4 decades
    expect(range).toMatchObject({ type: 'range', parameter: 'a', trials: 40 })
    if (range?.type !== 'range') throw new Error('unreachable')
    expect([range.lower, range.upper, range.share].map(each => Number(each.toPrecision(3)))).toEqual([
      0.01, 0.316, 0.375,
    ])
    expect(range.pValue).toBeLessThan(1e-6)
  })

  it('is nothing where trials are all over the space', async () => {
    const grid = await runStudy(({ lr }: Config) => ({ loss: lr }), space, { numSamples: 200 })
    expect(troubledRegions(grid).untried).toEqual([])
  })
})

describe('ends of ranges', () => {
  it('are named where the best trials lie at them', async () => {
    const grid = await runStudy(
      ({ lr, layers }: Config) => ({ loss: -3 * Math.log10(lr) - 2 * layers }),
      { lr: loguniform(1e-4, 1), layers: randint(1, 9), free: randn(0, 1) },
      { numSamples: 500 },
    )
    const { edges } = troubledRegions(grid)
    expect(edges.map(({ parameter, side, bound }) => [parameter, side, bound])).toEqual([
      ['layers', 'upper', 8],
      ['lr', 'upper', 1],
    ])
  })

  it('are not named in noise', async () => {
    let found = 0
    for (let seed = 0; seed < 40; seed++) {
      const noise = noiseOf(`ends ${seed}`, 1)
      const grid = await runStudy(() => ({ loss: noise() }), space, { numSamples: 30, seed })
      if (troubledRegions(grid).edges.length > 0) found += 1
    }
    expect(found).toBeLessThanOrEqual(2)
  })
})
