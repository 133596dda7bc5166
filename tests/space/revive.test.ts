import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TuneError } from '../../src/errors.js'
import { decodeJson, encodeJson, type JsonObject } from '../../src/json.js'
import { Rng } from '../../src/rng.js'
import {
  choice,
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
  type SpaceNode,
  sampleFrom,
  uniform,
} from '../../src/space/index.js'
import { reviveSpace } from '../../src/space/revive.js'
import { fuzzFactor, junk, spoil } from '../support/junk.js'
import { expectPrototypeKept, thrownBy, whole } from '../support/revival.js'

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true })

const anyScalar: fc.Arbitrary<SpaceNode> = fc.oneof(
  fc.tuple(number(-1e9, 1e9), number(1e-3, 1e9)).map(([lower, width]) => uniform(lower, lower + width)),
  fc.tuple(number(1e-9, 1e3), number(1.01, 1e9)).map(([lower, factor]) => loguniform(lower, lower * factor)),
  fc.tuple(whole(-500, 500), whole(1, 500)).map(([k, n]) => quniform(k / 4, (k + n) / 4, 0.25)),
  fc.tuple(whole(1, 500), whole(1, 500)).map(([k, n]) => qloguniform(k * 3, (k + n) * 3, 3)),
  fc.tuple(number(-5, 5), number(0.1, 9)).map(([mean, sd]) => randn(mean, sd)),
  fc.tuple(number(-5, 5), number(0.1, 9), number(0.01, 2)).map(([mean, sd, q]) => qrandn(mean, sd, q)),
  fc.tuple(whole(-1e6, 1e6), whole(1, 1e6)).map(([lower, n]) => randint(lower, lower + n)),
  fc.tuple(whole(-50, 50), whole(1, 50), whole(1, 9)).map(([k, n, q]) => qrandint(k * q, (k + n) * q, q)),
  fc.tuple(whole(1, 1e6), whole(1, 1e6)).map(([lower, n]) => lograndint(lower, lower + n)),
  fc.tuple(whole(1, 50), whole(1, 50), whole(1, 9)).map(([k, n, q]) => qlograndint(k * q, (k + n) * q, q)),
)
const anyConstant: fc.Arbitrary<SpaceNode> = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.double({ noNaN: true }),
  fc.constantFrom(null, -0, Number.POSITIVE_INFINITY, '__proto__', '<b>'),
)
const anyKey = fc.constantFrom('lr', 'z', '~', 'constructor', 'toString', 'domain', 'object', 'values', '2', '10', 'é ')

const { node, branch } = fc.letrec<{ node: SpaceNode; branch: SpaceNode }>(tie => {
  const around = (inner: fc.Arbitrary<SpaceNode>): fc.Arbitrary<SpaceNode>[] => [
    fc.array(inner, { maxLength: 3 }),
    fc.dictionary(anyKey, inner, { maxKeys: 4 }),
    // a choice in a choice at the same path has keys of its own
    fc.array(tie('branch'), { minLength: 1, maxLength: 3 }).map(values => choice(values) as SpaceNode),
  ]
  const leaf = [anyScalar, anyConstant] as const
  return {
    branch: fc.oneof({ maxDepth: 3 }, ...leaf, ...around(tie('branch'))),
    node: fc.oneof(
      { maxDepth: 3 },
      ...leaf,
      ...around(tie('node')),
      fc.array(tie('branch'), { minLength: 1, maxLength: 3 }).map(values => gridSearch(values) as SpaceNode),
    ),
  }
})
const anySpace: fc.Arbitrary<SpaceDefinition> = fc.dictionary(anyKey, fc.oneof(node, branch), { maxKeys: 5 })

/** Reads a description back as a journal's reader does. */
const throughJournal = (space: Space) => decodeJson(encodeJson(space.describe())) as JsonObject

const faultOf = (description: unknown) => thrownBy(() => reviveSpace(description as JsonObject))

describe('a space that is made again from its description', () => {
  it('is described by the same text, and draws and lists the same', () => {
    const property = fc.property(anySpace, fc.nat(), (definition, seed) => {
      const space = Space.of(definition)
      const again = Space.of(reviveSpace(throughJournal(space)))
      expect(encodeJson(again.describe())).toBe(encodeJson(space.describe()))
      expect(again.gridSize).toBe(space.gridSize)
      expect(again.dimensions.map(({ key }) => key)).toEqual(space.dimensions.map(({ key }) => key))
      for (let trial = 0; trial < 3; trial++) {
        const cell = space.cell(seed % space.gridSize)
        const config = space.sample(Rng.from(seed).fork(trial), { cell })
        expect(again.sample(Rng.from(seed).fork(trial), { cell })).toEqual(config)
        expect(again.encode(config)).toEqual(space.encode(config))
        const units = space.dimensions.map((_, i) => ((seed + i * 7) % 11) / 10)
        expect(again.decode(units)).toEqual(space.decode(units))
      }
    })
    fc.assert(property, { seed: 1, numRuns: 300 * fuzzFactor })
  })

  it('writes the same configs, keys in the order of those that it is shown', () => {
    const property = fc.property(anySpace, fc.nat(), (definition, seed) => {
      const space = Space.of(definition)
      const draw = (from: Space, trial: number) => encodeJson(from.sample(Rng.from(seed).fork(trial)))
      const shown = [0, 1, 2].map(trial => decodeJson(draw(space, trial)) as JsonObject)
      const again = Space.of(reviveSpace(throughJournal(space), shown))
      for (let trial = 0; trial < 3; trial++) expect(draw(again, trial)).toBe(draw(space, trial))
    })
    fc.assert(property, { seed: 2, numRuns: 300 * fuzzFactor })
  })

  it('sorts the keys that no config shows', () => {
    const space = Space.of({ lr: loguniform(1e-4, 1), kind: choice([{ size: 1, a: uniform(0, 1) }, 2]) })
    const configOf = (...shown: JsonObject[]) =>
      encodeJson(
        Space.of(reviveSpace(throughJournal(space), shown)).sample(Rng.from(1), { given: { lr: 1, kind: { a: 0 } } }),
      )
    expect(configOf()).toBe('{"kind":{"a":0,"size":1},"lr":1}')
    expect(configOf({ lr: 1, kind: 2 })).toBe('{"lr":1,"kind":{"a":0,"size":1}}')
    expect(configOf({ lr: 1, kind: 2 }, { lr: 1, kind: { size: 1, a: 0 } })).toBe('{"lr":1,"kind":{"size":1,"a":0}}')
  })

  it.each([
    ['no config', null],
    ['other keys', { rate: 1, kind: 3 }],
    ['a hostile one', decodeJson('{"__proto__":{"lr":1},"lr":[[[]]]}')],
  ])('is not led astray by %s', (_, shown) => {
    const space = Space.of({ lr: uniform(0, 1), list: [{ b: 1, a: uniform(0, 1) }] })
    const again = Space.of(reviveSpace(throughJournal(space), [shown as JsonObject]))
    expect(again.sample(Rng.from(1))).toEqual(space.sample(Rng.from(1)))
  })

  it.each([
    ['model/width', { model: { width: sampleFrom(() => 1) } }],
    ['list/1', { list: [1, sampleFrom(() => 1)] }],
    ['kind/size', { kind: choice([1, { size: sampleFrom(() => 1) }]) }],
  ])('holds no function: the one at %s has to be given', (path, definition) => {
    expect(faultOf(Space.of(definition).describe())).toEqual(
      new TuneError(
        'INVALID_OPTION',
        `the study's space holds a function at '${path}' (sampleFrom), and code is never read from a journal: give the paramSpace that the study was made with`,
      ),
    )
  })
})

describe('a description that is none', () => {
  it.each([
    ['nothing', undefined],
    ['no object', { domain: 'uniform', lower: 0, upper: 1 }],
    ['an unknown domain', { object: { x: { domain: 'beta', a: 1 } } }],
    ['a domain called like a method', { object: { x: { domain: 'toString' } } }],
    ['a domain without its bounds', { object: { x: { domain: 'uniform' } } }],
    ['bounds that make no sense', { object: { x: { domain: 'uniform', lower: 2, upper: 1 } } }],
    ['a bound that is a string', { object: { x: { domain: 'randn', mean: '0', sd: 1 } } }],
    ['a quantum that such a domain has not', { object: { x: { domain: 'randint', lower: 0, upper: 4, quantum: 2 } } }],
    ['a key that says nothing', { object: { x: { constant: 1, more: 2 } } }],
    ['two things at once', { object: { x: { constant: 1, array: [] } } }],
    ['a constant that is an object', { object: { x: { constant: { y: 1 } } } }],
    ['a constant that is NaN', { object: { x: { constant: Number.NaN } } }],
    ['keys out of order', { object: { b: { constant: 1 }, a: { constant: 1 } } }],
    ['a choice without values', { object: { x: { domain: 'choice', values: [] } } }],
    ['a choice of no list', { object: { x: { domain: 'choice', values: 'abc' } } }],
    ['a prototype', decodeJson('{"object":{"__proto__":{"constant":1}}}')],
    ['a prototype beside', decodeJson('{"object":{},"__proto__":{"constant":1}}')],
  ])('is refused: %s', (_, description) => {
    expect(faultOf(description)).toMatchObject({ code: 'JOURNAL_DAMAGED' })
  })

  it('may be as deep as it likes', () => {
    let deep: JsonObject = { constant: 1 }
    for (let i = 0; i < 20_000; i++) deep = { object: { x: deep } }
    expect(faultOf(deep)).toMatchObject({ code: 'JOURNAL_DAMAGED' })
  })

  it('is refused or described as it stands, whatever was done to it', () => {
    const rng = Rng.from(1).fork('descriptions')
    const description = Space.of({
      rate: loguniform(1e-5, 1),
      optimizer: choice([{ beta: uniform(0.8, 1) }, 'sgd', [randn()]]),
      grid: gridSearch([1, { drop: qrandint(0, 8, 2) }]),
    }).describe()
    expectPrototypeKept(() => {
      for (let run = 0; run < 500 * fuzzFactor; run++) {
        const spoilt = spoil(description, rng, run % 2 === 0 ? junk : someData)
        const error = faultOf(spoilt)
        if (error) expect(error.code).toMatch(/^(JOURNAL_DAMAGED|INVALID_OPTION)$/)
        else
          expect(encodeJson(Space.of(reviveSpace(spoilt as JsonObject)).describe())).toBe(
            encodeJson(spoilt as JsonObject),
          )
      }
    })
  })
})

function someData(rng: Rng): unknown {
  const some = [0, 1, -1, 0.5, 'choice', 'uniform', 'sampleFrom', null, [], {}, { constant: 2 }, { object: {} }]
  return some[rng.integer(0, some.length)]
}
