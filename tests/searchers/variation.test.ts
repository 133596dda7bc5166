import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawUnits, keyOf } from '../../searchers/kit/units.js'
import {
  blend,
  type Crossover,
  checkCrossover,
  checkMutation,
  crossOver,
  mutate,
  mutateOne,
  perturb,
  spread,
} from '../../searchers/kit/variation.js'
import { OptionChecks } from '../../src/option-checks.js'
import { Rng } from '../../src/rng.js'
import { choice, lograndint, loguniform, randint, randn, Space, uniform } from '../../src/space/index.js'
import { unitsNear } from './rehearsal.js'

const mixed = Space.of({
  lr: loguniform(1e-5, 1e-1),
  layers: randint(1, 4),
  units: lograndint(4, 512),
  shift: randn(0, 1),
  fixed: randint(3, 4),
  optimizer: choice([
    { name: 'sgd', momentum: uniform(0, 1), nesterov: choice([true, false]) },
    { name: 'adam', beta: uniform(0.8, 1), schedule: choice(['none', 'cosine', { decay: uniform(0, 1) }]) },
    'none',
  ]),
})

const crossovers: readonly Crossover[] = [
  { type: 'sbx', eta: 2 },
  { type: 'sbx', eta: 20 },
  { type: 'uniform', swapProbability: 0.5 },
  { type: 'blx-alpha', alpha: 0.5 },
]

const unit = fc.double({ min: 0, max: 1, noNaN: true })
const quantile = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })
const eta = fc.double({ min: 0.1, max: 100, noNaN: true })

/** The middles of k equal parts of [0, 1). */
const quantiles = (k: number) => Array.from({ length: k }, (_, i) => (i + 0.5) / k)

describe('simulated binary crossover', () => {
  // from the formulas of Deb and Agrawal (1999), β_q and α as written there, computed in Python
  it.each([
    [0.2, 0.6, 2, 0.1, 0.28552857574466683],
    [0.2, 0.6, 2, 0.5, 0.20425661794155686],
    [0.2, 0.6, 2, 0.99, 0.018207513104345874],
    [0.6, 0.2, 2, 0.99, 0.9206998350661376],
    [0.05, 0.9, 15, 0.7, 0.04111199217571154],
    [0.9, 0.05, 15, 0.3, 0.8862044132978888],
  ])('puts the child of %d and %d at η = %d and quantile %d at %d', (a, b, index, u, child) => {
    expect(spread(a, b, index, u)).toBeCloseTo(child, 12)
  })

  it("spreads children as one-point crossover of binary strings does, where bounds don't matter", () => {
    // P(β ≤ x) = x^(η + 1) / 2 up to 1, and 1 − x^−(η + 1) / 2 beyond (Deb and Agrawal 1995, eq. 12 and 13)
    const half = 1e-6
    const betas = quantiles(1000).map(u => (0.5 - spread(0.5 - half, 0.5 + half, 3, u)) / half)
    const shareBelow = (x: number) => betas.filter(beta => beta <= x).length / betas.length
    expect(shareBelow(0.5)).toBeCloseTo(0.5 ** 4 / 2, 2)
    expect(shareBelow(0.9)).toBeCloseTo(0.9 ** 4 / 2, 2)
    expect(shareBelow(1.5)).toBeCloseTo(1 - 1.5 ** -4 / 2, 2)
    expect(shareBelow(3)).toBeCloseTo(1 - 3 ** -4 / 2, 2)
  })

  it('stays inside the bounds and on its own side of the middle', () => {
    const property = fc.property(unit, unit, eta, quantile, (a, b, index, u) => {
      const child = spread(a, b, index, u)
      expect(child).toBeGreaterThanOrEqual(0)
      expect(child).toBeLessThanOrEqual(1)
      expect((child - (a + b) / 2) * (a - b)).toBeGreaterThanOrEqual(-1e-12)
    })
    fc.assert(property, { seed: 1 })
  })
})

describe('BLX-α', () => {
  it('is uniform over the interval between the parents and a share beyond, within the bounds', () => {
    expect([0, 0.25, 0.5, 1].map(u => blend(0.6, 0.4, 0.5, u))).toEqual(
      [0.3, 0.4, 0.5, 0.7].map(value => expect.closeTo(value, 12)),
    )
    expect([0, 1].map(u => blend(0.1, 0.9, 1, u))).toEqual([0, 1])
  })
})

describe('polynomial mutation', () => {
  // from the formula of Deb and Agrawal (1999) as their code has it, computed in Python
  it.each([
    [0.3, 20, 0.1, 0.2263217619587426],
    [0.3, 20, 0.9, 0.3737766739655867],
    [0.02, 5, 0.25, 0.010252390102749236],
    [0.98, 5, 0.75, 0.9897476098972507],
    [0.5, 0, 0.3, 0.3],
  ])('moves %d at η = %d and quantile %d to %d', (from, index, u, to) => {
    expect(perturb(from, index, u)).toBeCloseTo(to, 12)
  })

  it('reaches both bounds and never leaves them', () => {
    expect(perturb(0.3, 20, 0)).toBe(0)
    const property = fc.property(unit, eta, quantile, (from, index, u) => {
      const to = perturb(from, index, u)
      expect(to).toBeGreaterThanOrEqual(0)
      expect(to).toBeLessThanOrEqual(1)
      expect((to - from) * (u - 0.5)).toBeGreaterThanOrEqual(-1e-12)
    })
    fc.assert(property, { seed: 2 })
  })
})

describe('children', () => {
  it.each(crossovers)('of %o are points of the space, with just the parameters that they chose', crossover => {
    const property = fc.property(fc.nat(), seed => {
      const rng = Rng.from(seed)
      const child = crossOver(drawUnits(rng, mixed), drawUnits(rng, mixed), crossover, mixed, rng)
      expect([...mixed.encode(mixed.decode(child))]).toEqual(unitsNear(child))
      mutate(child, { eta: 20, probability: 0.5 }, mixed, rng)
      expect([...mixed.encode(mixed.decode(child))]).toEqual(unitsNear(child))
    })
    fc.assert(property, { seed: 3, numRuns: 50 })
  })

  it('take parameters that one parent lacks from the other', () => {
    const space = Space.of({ kind: choice([{ rate: uniform(0, 1) }, 'none']) })
    const rng = Rng.from(4)
    const parents = [Float64Array.of(0.25, 0.123), Float64Array.of(0.75, Number.NaN)] as const
    const children = Array.from({ length: 40 }, () => crossOver(...parents, { type: 'sbx', eta: 5 }, space, rng))
    expect(new Set(children.map(child => child.join()))).toEqual(new Set(['0.25,0.123', '0.75,NaN']))
  })

  it('draw parameters that no parent has', () => {
    const space = Space.of({ kind: choice([{ rate: uniform(0, 1) }, 'none']) })
    const draws = Array.from({ length: 40 }, (_, seed) => {
      const child = mutateOne(Float64Array.of(0.75, Number.NaN), 20, space, Rng.from(seed))
      return [child[0], child[1] ?? Number.NaN] as const
    })
    expect(draws.every(([kind]) => kind === 0.25)).toBe(true)
    expect(new Set(draws.map(([, rate]) => rate)).size).toBe(40)
  })
})

describe('mutation', () => {
  it('changes one parameter on average unless told otherwise', () => {
    const rng = Rng.from(5)
    const space = Space.of(Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`x${i}`, choice([1, 2, 3])])))
    let changes = 0
    for (let i = 0; i < 2000; i++) {
      const from = drawUnits(rng, space)
      const to = mutate(from.slice(), { eta: 20, probability: undefined }, space, rng)
      for (const [j, unit] of from.entries()) changes += unit === to[j] ? 0 : 1
    }
    expect(changes / 2000).toBeCloseTo(1, 1)
  })

  it('changes exactly one parameter, and what hangs on it, when told to', () => {
    const rng = Rng.from(6)
    for (let i = 0; i < 200; i++) {
      const from = drawUnits(rng, mixed)
      const to = mutateOne(from.slice(), 20, mixed, rng)
      expect(keyOf(to)).not.toBe(keyOf(from))
      const changed = mixed.dimensions.filter(({ index }) => !Object.is(from[index], to[index]))
      const first = changed[0]
      for (const { key } of changed.slice(1)) expect(key.startsWith(first?.key ?? '?')).toBe(true)
    }
  })

  it('leaves a space of constants as it is', () => {
    expect(mutateOne(new Float64Array(0), 20, Space.of({ epochs: 3 }), Rng.from(7))).toEqual(new Float64Array(0))
  })
})

describe('options of variation', () => {
  const checks = new OptionChecks('Breeder')

  it.each<[unknown, RegExp]>([
    [{ type: 'sbx', eta: 0 }, /crossover\.eta is 0/],
    [{ type: 'sbx' }, /crossover\.eta is undefined/],
    [{ type: 'uniform', swapProbability: 1.5 }, /crossover\.swapProbability is 1\.5/],
    [{ type: 'blx-alpha', alpha: -1 }, /crossover\.alpha is -1/],
    [{ type: 'pmx' }, /crossover is/],
    [undefined, /crossover is undefined/],
  ])('refuse the crossover %j', (crossover, message) => {
    expect(() => checkCrossover(checks, crossover as Crossover)).toThrowError(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(message) }),
    )
  })

  it.each<[number, number | undefined, RegExp]>([
    [-1, undefined, /mutationEta is -1/],
    [20, 2, /mutationProbability is 2/],
    [Number.NaN, undefined, /mutationEta is NaN/],
  ])('refuse mutation of η = %d and probability %d', (index, probability, message) => {
    expect(() => checkMutation(checks, { eta: index, probability })).toThrowError(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(message) }),
    )
  })
})
