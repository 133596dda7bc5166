import { describe, expect, it } from 'vitest'
import { correlations } from '../../../analysis/index.js'
import { TPESearcher } from '../../../searchers/index.js'
import { choice, loguniform, sampleFrom, uniform } from '../../../src/index.js'
import { noiseOf, runStudy } from './studies.js'

interface Config {
  readonly lr: number
  readonly width: number
  readonly kind: string
  readonly twice: number
}

const space = {
  lr: loguniform(1e-4, 1),
  width: uniform(0, 1),
  kind: choice(['a', 'b', 'c']),
  twice: sampleFrom((config: { width: number }) => 2 * config.width),
}

function trainable() {
  const noise = noiseOf('correlations', 0.1)
  return ({ lr, width, kind }: Config) => ({
    loss: Math.log10(lr) + noise(),
    seconds: 0.01 * width + (kind === 'b' ? 5 : 0) + noise(),
    same: 1,
  })
}

describe('correlations', () => {
  it('find what goes with what, on the scale that a parameter has', async () => {
    const { withMetrics, isIndependent, trials } = correlations(await runStudy(trainable(), space, { numSamples: 80 }))
    const shown = withMetrics.filter(({ adjustedP }) => adjustedP <= 0.05).map(({ first, second }) => [first, second])
    expect(shown).toEqual([
      ['lr', 'loss'],
      ['kind', 'seconds'],
    ])
    const [lr] = withMetrics
    expect(lr?.pearson?.value).toBeGreaterThan(0.99)
    expect(lr?.spearman?.lower).toBeGreaterThan(0.95)
    const kind = withMetrics.find(({ first, second }) => first === 'kind' && second === 'seconds')
    expect(kind?.etaSquared?.value).toBeGreaterThan(0.9)
    expect(kind?.etaSquared?.lower).toBeGreaterThan(0.8)
    expect(kind).toMatchObject({ pearson: undefined, spearman: undefined, trials: 80 })
    // a metric that never differs goes with nothing
    expect(withMetrics.some(({ second }) => second === 'same')).toBe(false)
    expect([isIndependent, trials]).toEqual([true, 80])
  })

  it('tell which parameters went together', async () => {
    const { amongParameters } = correlations(await runStudy(trainable(), space, { numSamples: 40 }))
    expect(amongParameters[0]).toMatchObject({ first: 'width', second: 'twice', spearman: { value: 1 }, adjustedP: 0 })
    expect(amongParameters.slice(1).every(({ adjustedP }) => adjustedP > 0.05)).toBe(true)
  })

  it('say when trials do not depend on chance alone', async () => {
    const grid = await runStudy(trainable(), space, { numSamples: 30, searchAlg: new TPESearcher() })
    expect(correlations(grid).isIndependent).toBe(false)
  })

  it('look at so many trials at most, the same each time', async () => {
    const grid = await runStudy(trainable(), space, { numSamples: 60 })
    expect(correlations(grid, { maxTrials: 20 })).toEqual(correlations(grid, { maxTrials: 20 }))
    expect(correlations(grid, { maxTrials: 20 }).trials).toBe(20)
    expect(() => correlations(grid, { maxTrials: 2 })).toThrow('correlations: maxTrials is 2: give an integer from 4')
    expect(() => correlations(grid, { parameters: ['l'] })).toThrow('correlations: no config has "l"')
  })

  it('find nothing in noise in nearly all studies', async () => {
    let found = 0
    for (let seed = 0; seed < 40; seed++) {
      const noise = noiseOf(`noise ${seed}`, 1)
      const grid = await runStudy(() => ({ loss: noise() }), space, { numSamples: 25, seed })
      if (correlations(grid).withMetrics.some(({ adjustedP }) => adjustedP <= 0.05)) found += 1
    }
    // 2 are allowed on average
    expect(found).toBeLessThanOrEqual(5)
  })
})
