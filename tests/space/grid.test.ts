import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Rng } from '../../src/rng.js'
import {
  choice,
  experimentTag,
  formatParameters,
  formatTagValue,
  gridSearch,
  randint,
  Space,
  type SpaceDefinition,
  uniform,
} from '../../src/space/index.js'

const conformance = new URL('../../../shared/conformance/ray-tune-2.58.json', import.meta.url)

function expand(definition: SpaceDefinition) {
  const space = Space.of(definition)
  return Array.from({ length: space.gridSize }, (_, i) => {
    const config = space.sample(Rng.from(1).fork(i), { cell: space.cell(i) })
    return { config, tag: experimentTag(space, config) }
  })
}

describe('the grid of a space', () => {
  // Ray Tune 2.58: grid_order of the conformance file
  it('lists the values of the first key fastest, as Ray Tune does', () => {
    expect(expand({ b: gridSearch(['x', 'y', 'z']), a: gridSearch([1, 2]) })).toEqual([
      { config: { a: 1, b: 'x' }, tag: 'a=1,b=x' },
      { config: { a: 2, b: 'x' }, tag: 'a=2,b=x' },
      { config: { a: 1, b: 'y' }, tag: 'a=1,b=y' },
      { config: { a: 2, b: 'y' }, tag: 'a=2,b=y' },
      { config: { a: 1, b: 'z' }, tag: 'a=1,b=z' },
      { config: { a: 2, b: 'z' }, tag: 'a=2,b=z' },
    ])
  })

  it('sorts by path key by key, and array items by number', () => {
    const list = Array.from({ length: 11 }, () => gridSearch([0, 1]))
    const space = Space.of({ 'a-b': gridSearch([0]), a: { c: gridSearch([0]) }, list })
    expect(space.grid().variables.map(({ path }) => path)).toEqual(['a/c', 'a-b', ...list.map((_, i) => `list/${i}`)])
  })

  it('has one cell without grid variables', () => {
    const space = Space.of({ x: uniform(0, 1) })
    expect(space.gridSize).toBe(1)
    expect(space.cell(0)).toEqual(new Map())
  })

  it('lacks the variables that are given', () => {
    const space = Space.of({ a: gridSearch([1, 2]), n: { b: gridSearch([1, 2, 3]) }, l: [gridSearch([1, 2]), 3] })
    expect(space.gridSize).toBe(12)
    expect(space.grid({ n: { b: 2 } }).variables).toEqual([
      { path: 'a', size: 2 },
      { path: 'l/0', size: 2 },
    ])
    expect(space.grid({ n: { b: 2 }, a: 1, l: [1] }).size).toBe(1)
  })

  it('may hold sub-spaces, whose parameters are sampled', () => {
    const model = gridSearch([{ kind: 'linear' }, { kind: 'mlp', units: randint(1, 9) }])
    expect(expand({ model }).map(({ config }) => config)).toEqual([
      { model: { kind: 'linear' } },
      { model: { kind: 'mlp', units: expect.any(Number) } },
    ])
  })

  it('is drawn at random without a cell', () => {
    const space = Space.of({ a: gridSearch([1, 2]) })
    const values = Array.from({ length: 30 }, (_, i) => space.sample(Rng.from(i)).a)
    expect(new Set(values)).toEqual(new Set([1, 2]))
  })

  it('of every parameter counts sub-spaces as a sum', () => {
    const space = Space.of({
      a: choice([{ b: randint(0, 3), c: randint(0, 2) }, { d: choice(['x', uniform(0, 1)]) }]),
      e: gridSearch([1, 2]),
    })
    const { size, at } = space.enumerate({ pointsPerDimension: 4 })
    expect(size).toBe((3 * 2 + (1 + 4)) * 2)
    const configs = Array.from({ length: size }, (_, i) => at(i))
    expect(new Set(configs.map(config => JSON.stringify(config))).size).toBe(size)
    for (const config of configs) space.validate(config)
  })
})

describe('the experiment tag', () => {
  // Ray Tune 2.58: clean_value and format_vars of the conformance file
  it.each([
    [0.123456789, '0.1235'],
    [1e-5, '0.0000'],
    [true, 'True'],
    [null, 'None'],
    ['a/b c', 'a_b_c'],
    [[1, 2], '1_2'],
    ['', ''],
    [Number.POSITIVE_INFINITY, 'inf'],
    // numbers have one type here, so a whole one is written as an integer
    [1, '1'],
    [1e21, '1e_21'],
  ])('writes %j as %s', (value, text) => {
    expect(formatTagValue(value)).toBe(text)
  })

  it('writes the last key of each path, sorted by path', () => {
    expect(formatParameters({ 'config/b/c': 0.5, 'config/a': 1 })).toBe('a=1,c=0.5000')
    expect(formatParameters({ run: 'x' })).toBe('run=x')
  })

  it('holds what varies and exists', () => {
    const space = Space.of({
      opt: choice([
        { name: 'a', x: 1 },
        { name: 'b', y: 2 },
      ]),
      lr: uniform(0, 1),
      epochs: 3,
    })
    expect(experimentTag(space, { opt: { name: 'b', y: 2 }, lr: 0.25, epochs: 3 })).toBe('lr=0.2500,name=b,y=2')
  })
})

// the file is shared among the project's work places and no part of the repository; its cases stand above as well
describe.skipIf(!existsSync(conformance))('the conformance file of Ray Tune 2.58', () => {
  const golden = existsSync(conformance) ? JSON.parse(readFileSync(conformance, 'utf8')) : {}

  it('has the same grid order', () => {
    for (const { space, variants } of golden.grid_order) {
      const definition = Object.fromEntries(Object.keys(space).map(key => [key, gridSearch(space[key].grid_search)]))
      expect(expand(definition)).toEqual(variants)
    }
  })

  it('has the same tags', () => {
    for (const [values, tag] of golden.format_vars) expect(formatParameters(values)).toBe(tag)
  })

  it('writes the same values, but for whole floats', () => {
    const fromPython: Record<string, unknown> = {
      True: true,
      "'a/b c'": 'a/b c',
      '(1, 2)': [1, 2],
      "''": '',
      inf: Infinity,
    }
    for (const [source, text] of golden.clean_value) {
      const value = fromPython[source] ?? Number(source)
      expect(formatTagValue(value as number)).toBe(source === '1.0' ? '1' : text)
    }
  })
})
