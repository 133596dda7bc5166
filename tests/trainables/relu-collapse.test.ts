import { describe, expect, it } from 'vitest'
import { outcomeOf, type ReluCollapseConfig, reluCollapse } from '../../trainables/relu-collapse/index.js'
import { contextOf, describeGoodCitizen, lastReport } from './good-citizen.js'

const config: ReluCollapseConfig = { activation: 'leakyRelu', samples: 200, epochs: 6, epochsPerReport: 2 }
describeGoodCitizen(reluCollapse, config, [
  [{ width: 0 }, /width is 0/],
  [{ initializer: { normal: 0 } }, /initializer is \{.*normal.*\}: it must be one of glorotUniform/],
  [{ activation: 'tanh' as 'relu' }, /activation is "tanh"/],
])

describe('the outcome of a curve', () => {
  const curve = (value: (x: number) => number) =>
    outcomeOf(Float64Array.from({ length: 60 }, (_, i) => value(Math.sqrt(3) * ((2 * i) / 59 - 1))))

  it.each([
    ['learnt', Math.abs],
    ['constant', () => Math.sqrt(3) / 2],
    ['half', (x: number) => Math.max(x, 0.7)],
    ['half', (x: number) => Math.max(-x, 0.7)],
    ['other', (x: number) => x],
    ['other', () => Number.NaN],
  ] as const)('is %s (%#)', (outcome, value) => {
    expect(curve(value)).toBe(outcome)
  })
})

describe('deep and narrow networks', () => {
  it('collapse to the mean of the target, nine of ten of them with ReLU', async () => {
    const runs = Array.from({ length: 100 }, (_, seed) => seed)
    const reports = await Promise.all(
      runs.map(seed => lastReport(reluCollapse, { samples: 500, epochs: 60, learningRate: 0.01 }, contextOf({ seed }))),
    )
    const collapsed = reports.filter(({ outcome }) => outcome === 'constant')
    expect(collapsed.length).toBeGreaterThanOrEqual(90)
    for (const { curve } of collapsed) expect(Math.abs((curve[0] ?? 0) - Math.sqrt(3) / 2)).toBeLessThan(0.2)
  })

  it('end where training would bring them when they are dead from the start', async () => {
    const dead = await lastReport(reluCollapse, { samples: 500 }, contextOf({ seed: 1 }))
    const trained = await lastReport(
      reluCollapse,
      { samples: 500, epochs: 60, learningRate: 0.1, trainsDead: true },
      contextOf({ seed: 1 }),
    )
    expect(dead).toMatchObject({ isBornDead: true, outcome: 'constant', epoch: 0 })
    expect(trained).toMatchObject({ isBornDead: true, outcome: 'constant', epoch: 60 })
    expect(trained.curve[0]).toBeCloseTo(dead.curve[0] ?? 0, 2)
  })

  it('that are shallow and wide learn |x|', async () => {
    const last = await lastReport(reluCollapse, {
      hiddenLayers: 2,
      width: 16,
      samples: 500,
      epochs: 60,
      learningRate: 0.01,
    })
    expect(last.outcome).toBe('learnt')
  })
})
