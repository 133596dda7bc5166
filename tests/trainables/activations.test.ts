import { describe, expect, it } from 'vitest'
import { type LayerActivationsConfig, layerActivations } from '../../trainables/activations/index.js'
import { layerStatistics } from '../../trainables/activations/layer-statistics.js'
import { describeGoodCitizen, lastReport, reportsOf } from './good-citizen.js'

const tiny: LayerActivationsConfig = { width: 20, trainImages: 100, probeImages: 100, epochs: 2 }
describeGoodCitizen(layerActivations, tiny, [
  [{ hiddenLayers: 0 }, /hiddenLayers is 0/],
  [{ initializer: { normal: -1 } }, /initializer is/],
  [{ probeImages: 60_000 }, /together at most 60000/],
])

it('sums a layer up: mean, deviation, saturated activations and dead units', () => {
  // two units, three images: the first ReLU is dead, the second saturated once
  expect(layerStatistics('relu', Float64Array.of(0, 0, 0, 2, 0, 4), 3)).toEqual({
    mean: 1,
    deviation: Math.sqrt((4 * 1 + 1 + 9) / 6),
    saturated: 4 / 6,
    dead: 0.5,
  })
  expect(layerStatistics('tanh', Float64Array.of(0.99, -0.99, 0.5, 0), 2)).toMatchObject({ saturated: 0.5, dead: 0.5 })
})

describe('five layers', () => {
  const start = async (config: LayerActivationsConfig) => lastReport(layerActivations, { probeImages: 200, ...config })

  it('of tanh die out from small weights, saturate from large ones, and keep their spread from Xavier’s', async () => {
    const [small, large, xavier] = [
      await start({ initializer: { normal: 0.01 } }),
      await start({ initializer: { normal: 1 } }),
      await start({ initializer: 'glorotNormal' }),
    ]
    expect(small.layers.at(-1)?.deviation).toBeLessThan(1e-3)
    expect(large.layers.every(({ saturated }) => saturated > 0.7)).toBe(true)
    expect(xavier.layers.every(({ deviation, saturated }) => deviation > 0.25 && saturated < 0.2)).toBe(true)
  })

  it('of ReLU keep their spread from He’s weights and not from Xavier’s', async () => {
    const spread = async (initializer: 'heNormal' | 'glorotNormal') => {
      const { layers } = await start({ activation: 'relu', initializer, width: 200 })
      return (layers.at(-1)?.deviation ?? 0) / (layers[0]?.deviation ?? 1)
    }
    expect(await spread('heNormal')).toBeGreaterThan(0.6)
    expect(await spread('glorotNormal')).toBeLessThan(0.45)
  })

  it('learn to read digits, and report as many activations as they are asked for', async () => {
    const config = { width: 50, trainImages: 1_000, probeImages: 200, epochs: 3, reportedActivations: 30 }
    const reports = await reportsOf(layerActivations, config)
    expect(reports[0]?.accuracy).toBeLessThan(0.3)
    expect(reports.at(-1)?.accuracy).toBeGreaterThan(0.75)
    expect(reports[0]?.activations.map(({ length }) => length)).toEqual([30, 30, 30, 30, 30])
  })
})
