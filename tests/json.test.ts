import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assertJson, decodeJson, encodeJson, isPlainObject, type JsonObject, type JsonValue } from '../src/json.js'

const { value: anyValue } = fc.letrec<{ value: JsonValue }>(tie => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.double(),
    fc.integer(),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('~', '"~', '~NaN', '\\"~'),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('~', '~~', '~a', '__proto__', 'constructor', '0')),
      tie('value'),
      {
        maxKeys: 5,
        noNullPrototype: true,
      },
    ),
  ),
}))

/** A text that tells all values apart, -0 and NaN and the order of keys included. */
function fingerprint(value: JsonValue): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(fingerprint).join()}]`
  return `{${Object.entries(value)
    .map(([key, child]) => `${JSON.stringify(key)}:${fingerprint(child)}`)
    .join()}}`
}

const invalid = (message: string) => expect.objectContaining({ name: 'TuneError', code: 'INVALID_REPORT', message })

describe('encoded JSON', () => {
  it('reads back bit for bit, whatever the value', () => {
    fc.assert(
      fc.property(anyValue, value => {
        const text = encodeJson(value)
        expect(fingerprint(decodeJson(text))).toBe(fingerprint(value))
        expect(text).not.toContain('\n')
      }),
      { numRuns: 500 },
    )
  })

  it('is plain JSON where JSON can hold the value', () => {
    expect(encodeJson({ a: [1, 'x', null, true], b: { c: -1.5e-300 } })).toBe(
      '{"a":[1,"x",null,true],"b":{"c":-1.5e-300}}',
    )
  })

  it('marks the numbers that JSON lacks', () => {
    expect(encodeJson([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0])).toBe(
      '[{"~":"NaN"},{"~":"Infinity"},{"~":"-Infinity"},{"~":"-0"}]',
    )
  })

  it("keeps a user's own key that looks like the mark", () => {
    const value = { '~': 'NaN', '~~': { '~': Number.NaN }, '~loss': -0 }
    expect(decodeJson(encodeJson(value))).toStrictEqual(value)
  })

  it('leaves out what is undefined, as JSON does, beside a number that JSON lacks, too', () => {
    const value = { loss: Number.NaN, gone: undefined } as unknown as JsonObject
    expect(Object.keys(decodeJson(encodeJson(value)) as JsonObject)).toEqual(['loss'])
  })

  it.each(['{"__proto__":{"polluted":true}}', '{"__proto__":{"polluted":true},"x":{"~":"NaN"}}'])(
    'reads %s without touching a prototype',
    text => {
      const value = decodeJson(text) as JsonObject
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
      expect(Object.hasOwn(value, '__proto__')).toBe(true)
      expect('polluted' in {}).toBe(false)
      expect(Reflect.get(value, 'polluted')).toBeUndefined()
    },
  )
})

describe('a check for plain data', () => {
  it('passes all that encodes', () => {
    fc.assert(
      fc.property(anyValue, value => {
        expect(() => assertJson(value, 'INVALID_REPORT', 'it')).not.toThrow()
      }),
    )
  })

  it('passes a value that stands at two places, and objects without a prototype', () => {
    const shared = { x: 1 }
    const bare = Object.assign(Object.create(null), { shared })
    expect(() => assertJson({ a: shared, b: [shared, bare] }, 'INVALID_REPORT', 'it')).not.toThrow()
  })

  const circular: { inner: unknown[] } = { inner: [] }
  circular.inner.push(1, circular)
  class Tensor {}
  it.each([
    [{ loss: undefined }, "the report holds undefined at 'loss'"],
    [{ a: [1, { b: undefined }] }, "the report holds undefined at 'a/1/b'"],
    [[1, undefined], "the report holds undefined at '1'"],
    [{ n: 10n }, "the report holds a bigint (10n) at 'n'"],
    [{ f: function train() {} }, "the report holds a function (function train) at 'f'"],
    [{ s: Symbol('x') }, "the report holds a symbol ([object Symbol]) at 's'"],
    [{ m: new Map() }, "the report holds a Map at 'm'"],
    [{ d: new Date(0) }, "the report holds a Date at 'd'"],
    [{ t: [new Tensor()] }, "the report holds a Tensor at 't/0'"],
    [{ v: new Float32Array(2) }, "the report holds a Float32Array at 'v'"],
    [circular, "the report holds a reference to itself at 'inner/1'"],
    [undefined, 'the report holds undefined'],
    [new Set(), 'the report holds a Set'],
  ])('names the path to what is none: %o', (value, found) => {
    expect(() => assertJson(value, 'INVALID_REPORT', 'the report')).toThrow(
      invalid(`${found}: use plain objects, arrays, strings, numbers, booleans and null only`),
    )
  })

  it('takes object literals for plain objects, and nothing else', () => {
    class Point {}
    expect([{}, Object.create(null), JSON.parse('{}')].map(isPlainObject)).toEqual([true, true, true])
    expect([[], new Map(), new Point(), null, undefined, 'x', () => 1].map(isPlainObject)).toEqual(
      Array.from({ length: 7 }, () => false),
    )
  })
})
