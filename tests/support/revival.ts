import fc from 'fast-check'
import { expect } from 'vitest'
import { TuneError } from '../../src/errors.js'
import { decodeJson, encodeJson } from '../../src/json.js'
import type { PartDefinition } from '../../src/part.js'

/** Integers, both ends included. */
export const whole = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max })

/** One of several words. */
export const word = <const W extends string>(...words: W[]): fc.Arbitrary<W> => fc.constantFrom(...words)

/** Options each of which may be left out. */
export const some = <T extends object>(options: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(options, { requiredKeys: [] })

/** What a journal's header says of a searcher, a scheduler or a stopper. */
export const recordOf = ({ name, options }: PartDefinition) =>
  decodeJson(encodeJson({ name, options })) as unknown as PartDefinition

/** Expects a part that was made again to be of the same class, and to record the same. */
export function expectRevived(again: PartDefinition | undefined, part: PartDefinition): void {
  expect(again?.constructor).toBe(part.constructor)
  expect(again?.name).toBe(part.name)
  expect(encodeJson(again?.options ?? {})).toBe(encodeJson(part.options))
}

/** The error that is thrown for a user to read; any other one is a fault, and thrown on. */
export function thrownBy(act: () => unknown): TuneError | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    if (error instanceof TuneError) return error
    throw error
  }
}

/** Expects that nothing that is done leaves a trace in the prototype of all objects. */
export function expectPrototypeKept(act: () => void): void {
  const before = Object.getOwnPropertyNames(Object.prototype)
  act()
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
}
