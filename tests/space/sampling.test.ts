import { describe, expect, it } from 'vitest'
import { normalCdf } from '../../src/math/normal.js'
import { Rng } from '../../src/rng.js'
import {
  choice,
  type Domain,
  lograndint,
  loguniform,
  qlograndint,
  qloguniform,
  qrandint,
  qrandn,
  quniform,
  randint,
  randn,
  Space,
  type SpaceDefinition,
  uniform,
} from '../../src/space/index.js'

function draw(domain: Domain, count: number): unknown[] {
  const space = Space.of({ x: domain })
  return Array.from({ length: count }, (_, i) => space.sample(Rng.from('sampling').fork(i)).x)
}

function drawNumbers(domain: Domain<number>, count: number): number[] {
  return draw(domain, count).map(Number)
}

/** Pearson's statistic over its degrees of freedom's normal approximation (Wilson–Hilferty); beyond 4 is one chance in 30,000. */
function chiSquareZ(counts: readonly number[], weights: readonly number[]): number {
  const draws = counts.reduce((sum, count) => sum + count, 0)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const statistic = counts.reduce((sum, count, i) => {
    const expected = (draws * (weights[i] ?? 0)) / total
    return sum + (count - expected) ** 2 / expected
  }, 0)
  const freedom = counts.length - 1
  const spread = 2 / (9 * freedom)
  return (Math.cbrt(statistic / freedom) - (1 - spread)) / Math.sqrt(spread)
}

function countValues(values: readonly unknown[], expected: readonly unknown[]): number[] {
  expect([...new Set(values)].filter(value => !expected.includes(value))).toEqual([])
  return expected.map(one => values.filter(value => value === one).length)
}

const steps = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

describe('a domain with finitely many values', () => {
  // the grids of Ray Tune 2.58's qrandint_dist_2_58 and quniform_dist_2_58, whose masses are .30/.50/.20, .33/.50/.17 and .25/.50/.25
  it.each<[string, Domain<number>, number[]]>([
    ['quniform', quniform(32, 96, 32), [32, 64, 96]],
    ['quniform', quniform(0, 1, 0.1), [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]],
    ['quniform with q = 1', quniform(-2, 2, 1), [-2, -1, 0, 1, 2]],
    ['qrandint', qrandint(0, 10, 5), [0, 5, 10]],
    ['qrandint', qrandint(3, 9, 3), [3, 6, 9]],
    ['qrandint with q = 1', qrandint(1, 5), [1, 2, 3, 4, 5]],
    ['randint', randint(-1, 3), [-1, 0, 1, 2]],
  ])('%s gives every value of its grid, both ends included, as often as another', (_, domain, values) => {
    expect(
      chiSquareZ(
        countValues(drawNumbers(domain, 6000), values),
        values.map(() => 1),
      ),
    ).toBeLessThan(4)
  })

  it('lograndint gives k in proportion to ln((k + 1) / k), the upper bound excluded', () => {
    const values = steps(1, 9)
    const weights = values.map(k => Math.log((k + 1) / k))
    expect(chiSquareZ(countValues(drawNumbers(lograndint(1, 10), 6000), values), weights)).toBeLessThan(4)
  })

  it('qlograndint is q times lograndint, the upper bound included', () => {
    const values = steps(2, 6)
    const weights = values.map(k => Math.log((k + 1) / k))
    const counts = countValues(
      drawNumbers(qlograndint(16, 48, 8), 6000),
      values.map(k => 8 * k),
    )
    expect(chiSquareZ(counts, weights)).toBeLessThan(4)
  })

  it('qloguniform gives v in proportion to ln((v + q/2) / (v − q/2)), both ends included', () => {
    const values = [0.1, 0.2, 0.3, 0.4, 0.5]
    const weights = values.map(v => Math.log((v + 0.05) / (v - 0.05)))
    expect(chiSquareZ(countValues(drawNumbers(qloguniform(0.1, 0.5, 0.1), 6000), values), weights)).toBeLessThan(4)
  })

  it('choice gives every option as often as another, of its own type', () => {
    const values = ['relu', 3, null, true]
    expect(chiSquareZ(countValues(draw(choice(['relu', 3, null, true]), 6000), values), [1, 1, 1, 1])).toBeLessThan(4)
  })

  it('choice draws the parameters of the branch that it chose', () => {
    const values = drawNumbers(choice([uniform(0, 1), uniform(10, 11)]), 200)
    expect(values.every(value => (value >= 0 && value < 1) || (value >= 10 && value < 11))).toBe(true)
    expect(new Set(values).size).toBe(200)
  })
})

describe('a domain of floating-point numbers', () => {
  it.each<[string, Domain<number>, (x: number) => number]>([
    ['uniform', uniform(-2, 3), x => (x + 2) / 5],
    ['loguniform', loguniform(1e-4, 1e-1), x => Math.log10(x / 1e-4) / 3],
    ['randn', randn(2, 3), x => normalCdf((x - 2) / 3)],
  ])('%s has its distribution', (_, domain, cdf) => {
    const bins = new Array<number>(20).fill(0)
    for (const value of drawNumbers(domain, 6000)) {
      const bin = Math.floor(cdf(value) * 20)
      expect(bin).toBeGreaterThanOrEqual(0)
      expect(bin).toBeLessThan(20)
      bins[bin] = (bins[bin] ?? 0) + 1
    }
    expect(
      chiSquareZ(
        bins,
        bins.map(() => 1),
      ),
    ).toBeLessThan(4)
  })

  it('qrandn rounds a normal number to the nearest multiple', () => {
    const values = [-1, -0.5, 0, 0.5, 1]
    const inside = drawNumbers(qrandn(0, 1, 0.5), 6000).filter(value => Math.abs(value) <= 1)
    const weights = values.map(v => normalCdf(v + 0.25) - normalCdf(v - 0.25))
    expect(chiSquareZ(countValues(inside, values), weights)).toBeLessThan(4)
  })

  it('has no dust of binary fractions in quantised values, and no negative zero', () => {
    const values = new Set(drawNumbers(quniform(-0.3, 0.3, 0.1), 300))
    expect([...values].sort((a, b) => a - b)).toEqual([-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3])
    expect(drawNumbers(qrandn(0, 0.01, 1), 20).every(value => Object.is(value, 0))).toBe(true)
    expect(drawNumbers(qloguniform(1e-7, 2e-7, 1e-7), 50).every(value => value === 1e-7 || value === 2e-7)).toBe(true)
  })
})

describe('sampling a space', () => {
  const definition: SpaceDefinition = {
    lr: loguniform(1e-4, 1e-1),
    layers: [{ units: randint(1, 100) }, { units: randint(1, 100) }, 'end'],
    optimizer: choice([
      { name: 'sgd', momentum: uniform(0, 1) },
      { name: 'adam', beta: uniform(0.8, 1) },
    ]),
    epochs: 10,
  }

  it('keeps the shape of the definition', () => {
    expect(Space.of(definition).sample(Rng.from(1))).toEqual({
      lr: expect.any(Number),
      layers: [{ units: expect.any(Number) }, { units: expect.any(Number) }, 'end'],
      optimizer: expect.objectContaining({ name: expect.stringMatching(/^(sgd|adam)$/) }),
      epochs: 10,
    })
  })

  it('gives the same for the same stream', () => {
    expect(Space.of(definition).sample(Rng.from(7))).toEqual(Space.of(definition).sample(Rng.from(7)))
  })

  it('draws each parameter from a stream of its own, so that others may come and go', () => {
    const before = Space.of(definition).sample(Rng.from(3))
    const reversed = Object.fromEntries(Object.entries(definition).reverse())
    expect(Space.of({ extra: uniform(0, 1), ...reversed }).sample(Rng.from(3))).toMatchObject(before)
  })

  it('hands out configs that share nothing with one another', () => {
    const space = Space.of({ nested: { list: [1, 2], x: choice([{ a: 1 }]) } })
    const first = space.sample(Rng.from(1))
    const second = space.sample(Rng.from(1))
    expect(first.nested).not.toBe(second.nested)
    expect(Reflect.get(Object(first.nested), 'x')).not.toBe(Reflect.get(Object(second.nested), 'x'))
  })

  it('is not confused by parameters that are called like built-in properties', () => {
    const space = Space.of({ constructor: uniform(0, 1), toString: { valueOf: 3 } })
    expect(space.sample(Rng.from(1), { given: {} })).toEqual({
      constructor: expect.any(Number),
      toString: { valueOf: 3 },
    })
  })
})

describe('given values', () => {
  const space = Space.of({
    lr: uniform(0, 1),
    layers: [uniform(0, 1), uniform(0, 1)],
    optimizer: choice([
      { name: 'sgd', momentum: uniform(0, 1), lr: uniform(0, 1) },
      { name: 'adam', beta: uniform(0.8, 1), lr: uniform(0, 1) },
    ]),
    activation: choice(['relu', 'tanh']),
    epochs: 10,
  })
  const sample = (given: Parameters<typeof space.checkGiven>[0]) => {
    const warnings: string[] = []
    return { config: space.sample(Rng.from(1), { given, onWarning: text => warnings.push(text) }), warnings }
  }

  it('are taken as they are, the rest being drawn as it would be without them', () => {
    const { lr, ...rest } = space.sample(Rng.from(1))
    expect(lr).not.toBe(0.25)
    expect(sample({ lr: 0.25 })).toEqual({ config: { lr: 0.25, ...rest }, warnings: [] })
    expect(sample({ layers: [0.5] }).config).toMatchObject({ layers: [0.5, expect.any(Number)] })
  })

  it('choose the sub-space that they fit', () => {
    expect(sample({ optimizer: { name: 'adam' } }).config.optimizer).toMatchObject({ beta: expect.any(Number) })
    expect(sample({ optimizer: { momentum: 0.5 } }).config.optimizer).toMatchObject({ name: 'sgd', momentum: 0.5 })
  })

  it('leave the choice to chance where they fit several sub-spaces', () => {
    const given = { optimizer: { lr: 0.5 } }
    const names = Array.from({ length: 20 }, (_, i) => {
      const { optimizer } = space.sample(Rng.from(i), { given })
      return Reflect.get(Object(optimizer), 'name')
    })
    expect(new Set(names)).toEqual(new Set(['sgd', 'adam']))
  })

  it('may lie outside their domains, with a warning', () => {
    const { config, warnings } = sample({
      lr: 2,
      activation: 'gelu',
      epochs: 3,
      optimizer: { name: 'sgd', momentum: -1 },
    })
    expect(config).toMatchObject({ lr: 2, activation: 'gelu', epochs: 3, optimizer: { name: 'sgd', momentum: -1 } })
    expect(warnings).toEqual([
      "'lr' starts from 2, which is not in uniform(0, 1); it is tried all the same",
      `'activation' starts from "gelu", which is none of its options; it is tried all the same`,
      "'epochs' starts from 3, which is not what the space fixes; it is tried all the same",
      "'optimizer/momentum' starts from -1, which is not in uniform(0, 1); it is tried all the same",
    ])
  })

  it.each([
    [
      { rate: 1 },
      /the config has a key "rate" that the space lacks; it knows lr, layers, optimizer, activation, epochs/,
    ],
    [{ optimizer: { name: 'adam', momentum: 0.5 } }, /'optimizer' is .* which fits none of its sub-spaces/],
    [{ layers: [0.1, 0.2, 0.3] }, /'layers' has more items than the space's 2/],
    [{ layers: 3 }, /'layers' is 3, not an array/],
  ])('are refused if they are %j', (given, message) => {
    expect(() => sample(given)).toThrowError(
      expect.objectContaining({ code: 'INVALID_CONFIG', message: expect.stringMatching(message) }),
    )
  })
})
