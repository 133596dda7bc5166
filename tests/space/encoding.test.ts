import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Rng } from '../../src/rng.js'
import {
  choice,
  type Dimension,
  type Domain,
  gridSearch,
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
  sampleFrom,
  uniform,
} from '../../src/space/index.js'

const unit = fc.double({ min: 0, max: 1, noNaN: true })

const anyFinite: fc.Arbitrary<Domain<number>> = fc.oneof(
  fc
    .tuple(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: 1, max: 1e6 }))
    .map(([low, span]) => randint(low, low + span)),
  fc
    .tuple(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 1e6 }))
    .map(([low, span]) => lograndint(low, low + span)),
  fc
    .tuple(fc.integer({ min: -500, max: 500 }), fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 9 }))
    .map(([low, span, q]) => qrandint(low * q, (low + span) * q, q)),
  fc
    .tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 9 }))
    .map(([low, span, q]) => qlograndint(low * q, (low + span) * q, q)),
  fc
    .tuple(
      fc.integer({ min: -500, max: 500 }),
      fc.integer({ min: 1, max: 500 }),
      fc.constantFrom(0.1, 0.25, 1e-5, 3, 1 / 3),
    )
    .map(([low, span, q]) => quniform(low * q, (low + span) * q, q)),
  fc
    .tuple(
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 500 }),
      fc.constantFrom(0.1, 0.25, 1e-5, 3, 1 / 3),
    )
    .map(([low, span, q]) => qloguniform(low * q, (low + span) * q, q)),
)

const anyContinuous: fc.Arbitrary<Domain<number>> = fc.oneof(
  fc
    .tuple(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.double({ min: 1e-3, max: 1e9, noNaN: true }))
    .map(([low, span]) => uniform(low, low + span)),
  fc
    .tuple(fc.double({ min: 1e-9, max: 1e3, noNaN: true }), fc.double({ min: 1.01, max: 1e9, noNaN: true }))
    .map(([low, factor]) => loguniform(low, low * factor)),
)

function only(space: Space): Dimension {
  const [dimension, ...others] = space.dimensions
  if (dimension === undefined || others.length > 0) throw new Error('expected one dimension')
  return dimension
}

describe('one parameter', () => {
  it.each<[string, Domain<number>, [number, number][]]>([
    [
      'uniform',
      uniform(-1, 3),
      [
        [0, -1],
        [0.25, 0],
        [1, 3],
      ],
    ],
    [
      'loguniform',
      loguniform(1e-4, 1),
      [
        [0, 1e-4],
        [0.5, 1e-2],
        [1, 1],
      ],
    ],
    [
      'randn',
      randn(10, 2),
      [
        [0.5, 10],
        [0.8413447460685429, 12],
        [0.02275013194817921, 6],
      ],
    ],
  ])('%s has its quantile as coordinate', (_, domain, pairs) => {
    const space = Space.of({ x: domain })
    for (const [coordinate, value] of pairs) {
      expect(space.decode([coordinate]).x).toBeCloseTo(value, 12)
      expect(space.encode({ x: value })[0]).toBeCloseTo(coordinate, 12)
    }
  })

  it('owns equal cells of the unit interval if it is linear', () => {
    for (const domain of [randint(0, 4), qrandint(-8, 16, 8), quniform(0, 0.3, 0.1), choice([5, 6, 7, 8])]) {
      const space = Space.of({ x: domain })
      const units = [0.125, 0.375, 0.625, 0.875]
      const values = units.map(u => space.decode([u]))
      expect(new Set(values.map(({ x }) => x)).size).toBe(4)
      expect(values.map(value => space.encode(value)[0])).toEqual(units)
      expect(only(space).cell(0.3)).toEqual({ lower: 0.25, upper: 0.5 })
      expect(only(space).cell(1)).toEqual({ lower: 0.75, upper: 1 })
    }
  })

  it('owns cells in proportion to its probability if it is logarithmic', () => {
    const cell = only(Space.of({ x: lograndint(1, 8) })).cell(0)
    expect(cell.lower).toBe(0)
    expect(cell.upper).toBeCloseTo(1 / 3, 15)
  })

  it('survives decoding, encoding and decoding if its values are finitely many', () => {
    const property = fc.property(anyFinite, unit, (domain, u) => {
      const space = Space.of({ x: domain })
      const config = space.decode([u])
      space.validate(config)
      const encoded = space.encode(config)
      expect(space.decode(encoded)).toEqual(config)
      const { lower, upper } = only(space).cell(u)
      expect(encoded[0]).toBe((lower + upper) / 2)
      expect(u).toBeGreaterThanOrEqual(lower - 1e-12)
      expect(u).toBeLessThanOrEqual(upper + 1e-12)
    })
    fc.assert(property, { seed: 1, numRuns: 500 })
  })

  it('survives encoding and decoding if it is continuous', () => {
    const property = fc.property(anyContinuous, unit, (domain, u) => {
      const space = Space.of({ x: domain })
      const config = space.decode([u])
      space.validate(config)
      expect(space.encode(config)[0]).toBeCloseTo(u, 6)
    })
    fc.assert(property, { seed: 2, numRuns: 500 })
  })

  it('survives encoding and decoding if it is normal, within 6 standard deviations', () => {
    const property = fc.property(fc.double({ min: -6, max: 6, noNaN: true }), z => {
      const space = Space.of({ x: randn(1, 2), q: qrandn(1, 2, 0.25) })
      const q = Math.round((1 + 2 * z) * 4) / 4 + 0
      const decoded = space.decode(space.encode({ x: 1 + 2 * z, q }))
      expect(decoded.x).toBeCloseTo(1 + 2 * z, 5)
      expect(decoded.q).toBe(q)
    })
    fc.assert(property, { seed: 3, numRuns: 300 })
  })

  it('has a finite value at every coordinate, and a coordinate for every number', () => {
    const space = Space.of({ lr: loguniform(1e-4, 1), n: randint(1, 5), x: randn() })
    for (const end of [0, 1]) {
      const config = space.decode([end, end, end])
      space.validate(config)
      expect(Number.isFinite(config.x)).toBe(true)
    }
    expect(space.encode({ lr: -1, n: 0, x: -1e9 })).toEqual(Float64Array.of(0, 0.125, 0))
    expect(space.encode({ lr: 99, n: 1e9, x: 1e9 })).toEqual(Float64Array.of(1, 0.875, 1))
  })
})

describe('the unit cube of a space', () => {
  const space = Space.of({
    z: uniform(0, 1),
    optimizer: choice([
      { name: 'sgd', momentum: uniform(0, 1), nesterov: choice([true, { beta: uniform(0, 1) }]) },
      { name: 'adam', momentum: loguniform(0.1, 1) },
      'none',
    ]),
    epochs: 10,
    half: sampleFrom((c: { z: number }) => c.z / 2),
    layers: [randint(1, 5)],
  })

  it('has an axis for each number and choice, in the order of their keys', () => {
    expect(
      space.dimensions.map(({ key, path, type, size, condition }) => ({ key, path, type, size, condition })),
    ).toEqual([
      { key: 'layers/0', path: 'layers/0', type: 'ordinal', size: 4, condition: undefined },
      { key: 'optimizer', path: 'optimizer', type: 'categorical', size: 3, condition: undefined },
      {
        key: 'optimizer[0]/momentum',
        path: 'optimizer/momentum',
        type: 'continuous',
        size: Number.POSITIVE_INFINITY,
        condition: { key: 'optimizer', dimension: 1, value: 0 },
      },
      {
        key: 'optimizer[0]/nesterov',
        path: 'optimizer/nesterov',
        type: 'categorical',
        size: 2,
        condition: { key: 'optimizer', dimension: 1, value: 0 },
      },
      {
        key: 'optimizer[0]/nesterov[1]/beta',
        path: 'optimizer/nesterov/beta',
        type: 'continuous',
        size: Number.POSITIVE_INFINITY,
        condition: { key: 'optimizer[0]/nesterov', dimension: 3, value: 1 },
      },
      {
        key: 'optimizer[1]/momentum',
        path: 'optimizer/momentum',
        type: 'continuous',
        size: Number.POSITIVE_INFINITY,
        condition: { key: 'optimizer', dimension: 1, value: 1 },
      },
      { key: 'z', path: 'z', type: 'continuous', size: Number.POSITIVE_INFINITY, condition: undefined },
    ])
    expect(space.dimensions.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6])
  })

  it('has NaN for the parameters that a config lacks', () => {
    const sgd = { name: 'sgd', momentum: 0.25, nesterov: true }
    expect([...space.encode({ z: 0.5, optimizer: sgd, epochs: 10, half: 0, layers: [1] })]).toEqual([
      0.125,
      1 / 6,
      0.25,
      0.25,
      Number.NaN,
      Number.NaN,
      0.5,
    ])
    const none = space.encode({ z: 0.5, optimizer: 'none', epochs: 10, half: 0, layers: [1] })
    expect(space.dimensions.map(dimension => space.isActive(none, dimension))).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      true,
    ])
  })

  it('knows which parameters exist at any of its points', () => {
    const property = fc.property(fc.array(unit, { minLength: 7, maxLength: 7 }), units => {
      const encoded = space.encode(space.decode(units))
      for (const dimension of space.dimensions) {
        expect(space.isActive(units, dimension)).toBe(!Number.isNaN(encoded[dimension.index]))
        expect(space.isActive(encoded, dimension)).toBe(space.isActive(units, dimension))
      }
      expect(space.decode(encoded)).toEqual(space.decode(units))
    })
    fc.assert(property, { seed: 4, numRuns: 200 })
  })

  it('does not depend on the order of keys', () => {
    const a = Space.of({ x: uniform(0, 1), y: { b: randint(0, 3), a: choice([1, 2]) } })
    const b = Space.of({ y: { a: choice([1, 2]), b: randint(0, 3) }, x: uniform(0, 1) })
    expect(a.dimensions.map(({ key }) => key)).toEqual(b.dimensions.map(({ key }) => key))
  })

  it('tells sub-spaces apart by what they hold, the whole before a part', () => {
    const models = Space.of({ model: choice([{ a: uniform(0, 1), b: uniform(0, 1) }, { a: uniform(0, 1) }]) })
    expect(models.encode({ model: { a: 0.5 } })[0]).toBe(0.75)
    expect(models.encode({ model: { a: 0.5, b: 0.5 } })[0]).toBe(0.25)
  })

  it('tells lists apart by length and items', () => {
    const widths = Space.of({ widths: choice([[8, 8], [randint(16, 32)], [randint(16, 32), 8]]) })
    for (const [list, index] of [
      [[8, 8], 0],
      [[20], 1],
      [[20, 8], 2],
    ] as const) {
      expect(widths.encode({ widths: list })[0]).toBe((index + 0.5) / 3)
      expect(widths.contains({ widths: list })).toBe(true)
    }
    expect(widths.contains({ widths: [20, 8, 8] })).toBe(false)
    expect(widths.contains({ widths: { 0: 20 } })).toBe(false)
    expect(widths.sample(Rng.from(1), { given: { widths: [20] } })).toEqual({ widths: [20] })
  })

  it('places a config outside the space at the nearest point', () => {
    const models = Space.of({
      model: choice([
        { kind: 'a', x: uniform(0, 1) },
        { kind: 'b', x: uniform(0, 1) },
      ]),
    })
    expect(models.encode({ model: { kind: 'b', x: 7 } })).toEqual(Float64Array.of(0.75, Number.NaN, 1))
    expect(models.encode({ model: 'unheard of' })).toEqual(new Float64Array(3).fill(Number.NaN))
  })

  it('leaves functions and grids to the options', () => {
    const mixed = Space.of({ x: uniform(0, 1), g: gridSearch([1, 2]), r: sampleFrom((_, rng) => rng.uniform()) })
    expect(mixed.dimensions.map(({ key }) => key)).toEqual(['x'])
    expect(mixed.decode([0.5], { cell: mixed.cell(1) })).toMatchObject({ x: 0.5, g: 2 })
    expect(mixed.decode([0.5])).toEqual(mixed.decode([0.5]))
    expect(mixed.decode([0.5], { rng: Rng.from(1) }).r).not.toBe(mixed.decode([0.5], { rng: Rng.from(2) }).r)
    expect(mixed.decode([0.5], { given: { x: 0.75 } }).x).toBe(0.75)
  })
})
