import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromErrorRecord, show, TuneError, toErrorRecord } from '../src/errors.js'

describe('an error', () => {
  it('of tunewright has a code, a message, a cause and its own name', () => {
    const cause = new Error('disk full')
    const error = new TuneError('STORAGE_UNAVAILABLE', 'the folder is gone', { cause })
    expect(error).toBeInstanceOf(Error)
    expect({ name: error.name, code: error.code, message: error.message, cause: error.cause }).toEqual({
      name: 'TuneError',
      code: 'STORAGE_UNAVAILABLE',
      message: 'the folder is gone',
      cause,
    })
    expect(String(error)).toBe('TuneError: the folder is gone')
  })

  it('of tunewright comes back from its record as what it was', () => {
    const error = new TuneError('METRIC_MISSING', 'no loss')
    const back = fromErrorRecord(toErrorRecord(error))
    expect(back).toBeInstanceOf(TuneError)
    expect({ ...toErrorRecord(back) }).toEqual({ ...toErrorRecord(error) })
  })

  it("of a user's comes back with its name, message and stack", () => {
    const error = new RangeError('too far')
    const back = fromErrorRecord(toErrorRecord(error))
    expect(back).not.toBeInstanceOf(TuneError)
    expect({ name: back.name, message: back.message, stack: back.stack }).toEqual({
      name: 'RangeError',
      message: 'too far',
      stack: error.stack,
    })
  })

  it('with a code that is none of ours does not become one of ours', () => {
    const back = fromErrorRecord({ name: 'Error', message: 'no such file', code: 'ENOENT' })
    expect(back).not.toBeInstanceOf(TuneError)
    expect(back.message).toBe('no such file')
  })

  const hostile = {
    get message() {
      throw new Error('a trap')
    },
  }
  it.each([
    ['a string', 'boom', { name: 'Error', message: 'boom' }],
    ['a number', 42, { name: 'Error', message: 'thrown value: 42' }],
    ['nothing', undefined, { name: 'Error', message: 'thrown value: undefined' }],
    ['null', null, { name: 'Error', message: 'thrown value: null' }],
    ['a symbol', Symbol('s'), { name: 'Error', message: 'thrown value: Symbol(s)' }],
    ['an object like an error', { message: 'm', code: 'E', extra: 1 }, { name: 'Error', message: 'm', code: 'E' }],
    ['an object like an error of odd parts', { message: 7, code: 3 }, { name: 'Error', message: '7' }],
    [
      'an object without a prototype',
      Object.create(null),
      { name: 'Error', message: 'a value was thrown that cannot be read' },
    ],
    ['a trap', hostile, { name: 'Error', message: 'a value was thrown that cannot be read' }],
  ])('record is made of %s', (_, thrown, record) => {
    expect(toErrorRecord(thrown)).toEqual(record)
  })

  it('record is made of anything at all, and survives JSON', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true, withSparseArray: true }), thrown => {
        const record = toErrorRecord(thrown)
        expect(JSON.parse(JSON.stringify(record))).toEqual(record)
        expect(fromErrorRecord(record).message).toBe(record.message)
      }),
    )
  })
})

describe('a value in a message', () => {
  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    ['two\nlines', '"two\\nlines"'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
    [10n, '10n'],
    [[1, 'a'], '[1,"a"]'],
    [function train() {}, 'function train'],
    [() => 1, 'function (anonymous)'],
    [Symbol('s'), '[object Symbol]'],
    [{ n: 10n }, '[object Object]'],
  ])('is shown as one would write it: %o', (value, text) => {
    expect(show(value)).toBe(text)
  })

  it('is short and on one line, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }), value => {
        const text = show(value)
        expect(text.length).toBeLessThanOrEqual(80)
        expect(text).not.toContain('\n')
      }),
    )
    expect(show('x'.repeat(200))).toBe(`"${'x'.repeat(76)}…`)
  })
})
