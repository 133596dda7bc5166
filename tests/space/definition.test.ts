import { describe, expect, it } from 'vitest'
import {
  choice,
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
  type SpaceDefinition,
  sampleFrom,
  uniform,
} from '../../src/space/index.js'

/** A definition as JavaScript may pass it, past the compiler. */
const compile = (definition: unknown) => Space.of(definition as SpaceDefinition)

const refusal = (message: string) => expect.objectContaining({ code: 'INVALID_SPACE', message })

describe('a space refuses', () => {
  const ordered = 'its lower bound is not below its upper bound; swap or widen them'
  it.each<[Domain, string]>([
    [uniform(1, 0), `uniform(1, 0): ${ordered}`],
    [uniform(1, 1), `uniform(1, 1): ${ordered}`],
    [randint(2, 2), `randint(2, 2): ${ordered}`],
    [quniform(1, 1, 1), `quniform(1, 1, 1): ${ordered}`],
    [uniform(Number.NaN, 1), 'uniform(NaN, 1): its lower bound is NaN; give a finite number'],
    [uniform(0, Number.POSITIVE_INFINITY), 'uniform(0, Infinity): its upper bound is Infinity; give a finite number'],
    [uniform(-1e308, 1e308), 'uniform(-1e+308, 1e+308): its bounds are too far apart for a double; narrow them'],
    [
      loguniform(0, 1),
      'loguniform(0, 1): its lower bound must be above 0 to have a logarithm; raise it or use uniform',
    ],
    [
      qloguniform(0, 1, 0.5),
      'qloguniform(0, 1, 0.5): its lower bound must be above 0 to have a logarithm; raise it or drop the log',
    ],
    [
      lograndint(0, 8),
      'lograndint(0, 8): its lower bound must be above 0 to have a logarithm; raise it or drop the log',
    ],
    [randint(0.5, 2), 'randint(0.5, 2): its lower bound 0.5 is not an integer; use an integer or quniform'],
    [qrandint(0, 9, 1.5), 'qrandint(0, 9, 1.5): its quantum 1.5 is not an integer; use an integer or quniform'],
    [quniform(0, 1, 0), 'quniform(0, 1, 0): its quantum 0 is not above 0; give the step between its values'],
    [quniform(0, 1, -0.1), 'quniform(0, 1, -0.1): its quantum -0.1 is not above 0; give the step between its values'],
    [
      quniform(0, 1, 0.3),
      'quniform(0, 1, 0.3): its bound 1 is not a multiple of its quantum 0.3; use 0.9 or another quantum',
    ],
    [qrandint(1, 9, 3), 'qrandint(1, 9, 3): its bound 1 is not a multiple of its quantum 3; use 0 or another quantum'],
    [
      qlograndint(10, 64, 8),
      'qlograndint(10, 64, 8): its bound 10 is not a multiple of its quantum 8; use 8 or another quantum',
    ],
    [
      quniform(0, 1e20, 0.5),
      'quniform(0, 100000000000000000000, 0.5): its bound 100000000000000000000 is too many steps of 0.5 away from 0; use a coarser quantum or smaller bounds',
    ],
    [randn(0, 0), 'randn(0, 0): its standard deviation 0 is not above 0; give a positive one'],
    [randn(Number.NaN, 1), 'randn(NaN, 1): its mean is NaN; give a finite number'],
    [qrandn(0, 1, -1), 'qrandn(0, 1, -1): its quantum -1 is not above 0; give the step between its values'],
    [choice([]), 'choice([]); give it at least one value'],
    [gridSearch([]), 'gridSearch([]); give it at least one value'],
  ])('%s', (domain, message) => {
    expect(() => Space.of({ model: { x: domain } })).toThrowError(refusal(`the parameter 'model/x' is ${message}`))
  })

  it.each<[string, unknown, string]>([
    [
      'a function',
      () => 1,
      "the parameter 'x' is a function (anonymous); wrap it as sampleFrom(config => …), or call it",
    ],
    ['undefined', undefined, "the parameter 'x' is undefined; leave the key out or use null"],
    ['NaN', Number.NaN, "the parameter 'x' is NaN, which equals no value of a config; use null or a number"],
    ['a bigint', 3n, `the parameter 'x' is a bigint ("3"); use a number or a string`],
    [
      'a Date',
      new Date(0),
      "the parameter 'x' is a Date; use plain data (a Date as its string or number, a Map as an object)",
    ],
    ['a hole in an array', new Array(1), "the parameter 'x/0' is undefined; leave the key out or use null"],
    ['symbol keys', { [Symbol('a')]: 1 }, "the parameter 'x' is an object with symbol keys; use strings"],
    ['a slash in a key', { 'a/b': 1 }, `'x' has a key "a/b" with a '/', which separates paths; rename it`],
    ['an empty key', { '': 1 }, "'x' has an empty key, which makes no path; rename it"],
    [
      'a key __proto__',
      JSON.parse('{ "__proto__": 1 }'),
      "'x' has a key '__proto__', which is no plain property; rename it",
    ],
    [
      'options that are no array',
      choice('abc' as never),
      `the parameter 'x' is choice("abc"); give it an array of values`,
    ],
    [
      'a text for a function',
      sampleFrom('2 + 2' as never),
      `the parameter 'x' is sampleFrom("2 + 2"); give it a function`,
    ],
    [
      'a text for a bound',
      uniform('0' as never, 1),
      `the parameter 'x' is uniform("0", 1): its lower bound is "0", not a number; give a finite number`,
    ],
  ])('%s', (_, value, message) => {
    expect(() => compile({ x: value })).toThrowError(refusal(message))
  })

  it.each([[null], [3], [[uniform(0, 1)]], [uniform(0, 1)]])('anything but an object: %j', definition => {
    expect(() => compile(definition)).toThrowError(/a space is a plain object such as { lr: uniform\(0, 1\) }, not/)
  })

  it('objects and choices that hold themselves', () => {
    const object: Record<string, unknown> = {}
    object.self = { object }
    expect(() => compile(object)).toThrowError(/'self\/object' is an object that holds itself/)
    const values: unknown[] = [1]
    const loop = choice(values as never)
    values.push({ loop })
    expect(() => compile({ loop })).toThrowError(/'loop\/loop' is an object that holds itself/)
  })

  it('grids that would not always exist', () => {
    expect(() => Space.of({ a: choice([{ b: gridSearch([1]) }]) })).toThrowError(
      /'a\/b' is a gridSearch inside a choice/,
    )
    expect(() => Space.of({ a: gridSearch([{ b: gridSearch([1]) }]) })).toThrowError(
      /inside a choice or another gridSearch/,
    )
  })

  it('a key that looks like the branch of a choice', () => {
    const definition = { a: choice([uniform(0, 1)]), 'a[0]': uniform(0, 1) }
    expect(() => Space.of(definition)).toThrowError(/'a\[0\]' is also how a branch of a choice is called/)
  })
})

describe('a space takes', () => {
  it('bounds that are multiples of the quantum but for rounding', () => {
    expect(() =>
      Space.of({ x: quniform(0.3, 0.7, 0.1), y: quniform(0, 1, 1 / 3), z: qloguniform(1e-7, 1e-3, 1e-7) }),
    ).not.toThrow()
  })

  it('the same object in several places', () => {
    const shared = { units: randint(1, 9) }
    expect(Space.of({ first: shared, second: shared }).parameterPaths).toEqual(['first/units', 'second/units'])
  })

  it('domains of another copy of the package', () => {
    // what another copy makes is of another class, but carries the same brand
    const original = uniform(0, 1)
    const foreign = new Proxy(Object.create(null), {
      get: (_, key) => {
        const value: unknown = Reflect.get(original, key)
        return typeof value === 'function' ? value.bind(original) : value
      },
      has: (_, key) => Reflect.has(original, key),
    })
    expect(compile({ x: foreign }).contains({ x: 0.5 })).toBe(true)
  })
})

describe('a config', () => {
  const space = Space.of({
    lr: loguniform(1e-4, 1),
    layers: [{ units: randint(1, 5) }, 'end'],
    q: quniform(0, 1, 0.1),
    optimizer: choice([
      { name: 'sgd', momentum: uniform(0, 1) },
      { name: 'adam', beta: uniform(0.8, 1), eps: 1 },
    ]),
    grid: gridSearch([1, 2]),
    free: sampleFrom(() => 1),
  })
  const good = {
    lr: 1,
    layers: [{ units: 4 }, 'end'],
    q: 0.1 * 3,
    optimizer: { name: 'adam', beta: 0.9, eps: 1 },
    grid: 2,
    free: { anything: true },
  }

  it('is in the space when all its values are', () => {
    expect(() => space.validate(good)).not.toThrow()
    expect(space.contains(good)).toBe(true)
  })

  it.each<[object, string]>([
    [{ lr: 2 }, "'lr' is 2, which is not in loguniform(0.0001, 1)"],
    [{ lr: '1' }, `'lr' is "1", which is not in loguniform(0.0001, 1)`],
    [{ lr: undefined }, "'lr' is missing; give it a value"],
    [{ layers: [{ units: 5 }, 'end'] }, "'layers/0/units' is 5, which is not in randint(1, 5)"],
    [{ layers: [{ units: 2.5 }, 'end'] }, "'layers/0/units' is 2.5, which is not in randint(1, 5)"],
    [{ layers: [{ units: 1 }] }, "'layers' has 1 items, but the space has 2"],
    [{ layers: [{ units: 1 }, 'stop'] }, `'layers/1' is "stop", but the space fixes it at "end"`],
    [{ layers: 'none' }, `'layers' is "none", not an array`],
    [{ q: 0.25 }, "'q' is 0.25, which is not in quniform(0, 1, 0.1)"],
    [{ optimizer: { name: 'adam', beta: 0.5, eps: 1 } }, "'optimizer/beta' is 0.5, which is not in uniform(0.8, 1)"],
    [{ optimizer: { name: 'adam', beta: 0.9 } }, "'optimizer/eps' is missing; give it a value"],
    [
      { optimizer: { name: 'adam', momentum: 0.9 } },
      `'optimizer' is {"name":"adam","momentum":0.9}, which is none of its 2 options`,
    ],
    [{ grid: 3 }, "'grid' is 3, which is none of its 2 options"],
    [{ more: 1 }, 'the config has a key "more" that the space lacks; it knows lr, layers, q, optimizer, grid, free'],
  ])('is not when it has %j', (change, message) => {
    const config = { ...good, ...change }
    expect(space.contains(config)).toBe(false)
    expect(() => space.validate(config)).toThrowError(
      expect.objectContaining({ code: 'INVALID_CONFIG', message: `the config is not one of the space's: ${message}` }),
    )
  })
})

describe('the description of a space', () => {
  const definition = {
    lr: loguniform(1e-4, 1),
    layers: [qrandint(8, 64, 8), 3],
    optimizer: choice([{ name: 'sgd', momentum: uniform(0, 1) }, null]),
    sd: randn(),
    grid: gridSearch([1]),
    half: sampleFrom((c: { lr: number }) => c.lr / 2),
  }

  it('is plain data that says all of it', () => {
    expect(Space.of(definition).describe()).toEqual({
      object: {
        grid: { domain: 'gridSearch', values: [{ constant: 1 }] },
        half: { domain: 'sampleFrom', source: expect.stringMatching(/^\(?c\)? ?=> ?c\.lr ?\/ ?2$/) },
        layers: { array: [{ domain: 'qrandint', lower: 8, upper: 64, quantum: 8 }, { constant: 3 }] },
        lr: { domain: 'loguniform', lower: 1e-4, upper: 1 },
        optimizer: {
          domain: 'choice',
          values: [
            { object: { momentum: { domain: 'uniform', lower: 0, upper: 1 }, name: { constant: 'sgd' } } },
            { constant: null },
          ],
        },
        sd: { domain: 'randn', mean: 0, sd: 1 },
      },
    })
  })

  it('does not depend on the order of keys', () => {
    const reversed = Object.fromEntries(Object.entries(definition).reverse())
    const text = (from: SpaceDefinition) => JSON.stringify(Space.of(from).describe())
    expect(text(reversed)).toBe(text(definition))
  })

  it('differs where the space does', () => {
    const text = (from: SpaceDefinition) => JSON.stringify(Space.of(from).describe())
    const all = [
      { x: uniform(0, 1) },
      { x: uniform(0, 2) },
      { x: quniform(0, 1, 1) },
      { x: 0 },
      { x: '0' },
      { x: [0] },
      { x: choice([0]) },
      { x: gridSearch([0]) },
      { x: { domain: 'uniform', lower: 0, upper: 1 } },
    ].map(text)
    expect(new Set(all).size).toBe(all.length)
  })
})

describe('the parameter paths of a space', () => {
  it('are those that vary, in the order of the definition, the constants of sub-spaces included', () => {
    const space = Space.of({
      z: uniform(0, 1),
      epochs: 10,
      optimizer: choice([
        { name: 'sgd', lr: uniform(0, 1) },
        { name: 'adam', lr: uniform(0, 1), betas: [0.9, 0.99] },
        {},
      ]),
      model: { layers: [{ units: randint(1, 2) }, 3], kind: 'mlp' },
      grid: gridSearch([[1, 2], [3]]),
    })
    expect(space.parameterPaths).toEqual([
      'z',
      'optimizer/name',
      'optimizer/lr',
      'optimizer/betas',
      'optimizer',
      'model/layers/0/units',
      'grid',
    ])
  })
})
