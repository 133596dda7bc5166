import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.js'
import { Rng } from '../../src/rng.js'
import { choice, Space, type SpaceDefinition, sampleFrom, uniform } from '../../src/space/index.js'

const sample = (definition: SpaceDefinition, seed = 1) => Space.of(definition).sample(Rng.from(seed))

describe('sampleFrom', () => {
  it('reads the parameters around it, wherever they stand', () => {
    const config = sample({
      width: sampleFrom((c: { net: { units: number }[] }) => c.net.map(layer => layer.units).reduce((a, b) => a + b)),
      net: [{ units: 3 }, { units: 4 }],
    })
    expect(config).toEqual({ width: 7, net: [{ units: 3 }, { units: 4 }] })
  })

  it('reads what other functions compute, whatever the order of the text', () => {
    const a = sampleFrom((c: { b: number }) => c.b + 1)
    const b = sampleFrom((c: { inner: { c: number } }) => c.inner.c + 1)
    const inner = { c: sampleFrom(() => 1) }
    expect(sample({ a, b, inner })).toEqual({ a: 3, b: 2, inner: { c: 1 } })
    expect(sample({ inner, b, a })).toEqual({ a: 3, b: 2, inner: { c: 1 } })
  })

  it('may return a part of the config, as a copy', () => {
    const config = sample({
      copy: sampleFrom((c: { part: { x: number } }) => c.part),
      part: { x: sampleFrom(() => 1) },
    })
    expect(config).toEqual({ copy: { x: 1 }, part: { x: 1 } })
    expect(config.copy).not.toBe(config.part)
  })

  it('may stand in a branch of a choice and read the branch', () => {
    const definition = {
      net: choice([{ units: 2, twice: sampleFrom((c: { net: { units: number } }) => c.net.units * 2) }]),
    }
    expect(sample(definition)).toEqual({ net: { units: 2, twice: 4 } })
  })

  it('has random numbers of its own, the same each time', () => {
    const definition = { a: sampleFrom((_, rng) => rng.uniform()), b: sampleFrom((_, rng) => rng.uniform()) }
    const config = sample(definition)
    expect(config.a).not.toBe(config.b)
    expect(sample(definition)).toEqual(config)
    expect(sample(definition, 2)).not.toEqual(config)
  })

  it('is not called when its value is given', () => {
    const fail = sampleFrom(() => {
      throw new Error('called')
    })
    expect(Space.of({ a: fail }).sample(Rng.from(1), { given: { a: 'given' } })).toEqual({ a: 'given' })
  })

  it('is not called by checks, encoding and descriptions', () => {
    const fail = sampleFrom(() => {
      throw new Error('called')
    })
    const space = Space.of({ a: fail, x: uniform(0, 1) })
    space.describe()
    space.validate({ a: 1, x: 0.5 })
    space.checkGiven({ x: 0.5 })
    expect(space.encode({ a: 1, x: 0.5 })).toEqual(Float64Array.of(0.5))
  })

  it('names the members of a cycle', () => {
    const read = (key: string) => sampleFrom((c: JsonObject) => c[key] ?? 0)
    expect(() => sample({ start: read('a'), a: read('b'), b: read('c'), c: read('a') })).toThrowError(
      expect.objectContaining({ code: 'INVALID_SPACE', message: expect.stringContaining('a → b → c → a;') }),
    )
  })

  it('says that a function which copies the whole config reads itself', () => {
    expect(() => sample({ x: 1, a: sampleFrom(c => ({ ...c })) })).toThrowError(
      'a → a; a function that reads or copies the whole config reads itself too',
    )
  })

  it.each<[string, () => unknown, RegExp]>([
    ['undefined', () => undefined, /what sampleFrom at 'net\/a' gave holds undefined/],
    ['NaN', () => Number.NaN, /sampleFrom at 'net\/a' gave NaN; does it read a key that the config lacks/],
    ['a nested Date', () => ({ at: new Date(0) }), /holds a Date at 'at'/],
    ['a promise', async () => 1, /holds a Promise/],
  ])('refuses %s as a result', (_, fn, message) => {
    expect(() => sample({ net: { a: sampleFrom(fn) } })).toThrowError(
      expect.objectContaining({ code: 'INVALID_CONFIG', message: expect.stringMatching(message) }),
    )
  })

  it('says which function threw, and keeps the cause', () => {
    const cause = new RangeError('no such width')
    const a = sampleFrom(() => {
      throw cause
    })
    expect(() => sample({ a })).toThrowError(
      expect.objectContaining({
        code: 'INVALID_CONFIG',
        message: expect.stringMatching(/'a' threw: no such width/),
        cause,
      }),
    )
  })

  it('may not change the config', () => {
    const a = sampleFrom((c: { x: number }) => {
      c.x = 2
      return 1
    })
    expect(() => sample({ a, x: 1 })).toThrowError(/sampleFrom at 'a' changes the config; return the value instead/)
  })
})
