import { show, TuneError, type TuneErrorCode } from './errors.js'

/** A value that JSON can hold; numbers may also be NaN, Infinity and −Infinity, which the journal keeps. */
export type JsonValue = number | string | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/** A plain object of {@link JsonValue}s. */
export type JsonObject = { readonly [key: string]: JsonValue }

/** JSON has no NaN, no infinities and no negative zero; each stands in an object of this one key. */
const tag = '~'

/** Writes a value on one line, keeping the numbers that JSON lacks; {@link decodeJson} reads it back, bit for bit. */
export function encodeJson(value: JsonValue): string {
  return JSON.stringify(isOrdinary(value) ? value : toTagged(value))
}

/** Reads what {@link encodeJson} wrote. Keys such as `__proto__` become plain own properties. */
export function decodeJson(text: string): JsonValue {
  const value: JsonValue = JSON.parse(text)
  return text.includes(`"${tag}`) ? fromTagged(value) : value
}

/** The most levels of plain data: what walks through it must not run out of stack. */
const deepest = 500

/** Whether `JSON.stringify` alone would keep the value. */
function isOrdinary(value: JsonValue): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0)
  if (typeof value !== 'object' || value === null) return true
  if (isArray(value)) return value.every(isOrdinary)
  for (const key in value) {
    if (key.startsWith(tag)) return false
    const child = value[key]
    if (child !== undefined && !isOrdinary(child)) return false
  }
  return true
}

function toTagged(value: JsonValue): JsonValue {
  if (typeof value === 'number')
    return isOrdinary(value) ? value : { [tag]: Object.is(value, -0) ? '-0' : String(value) }
  if (typeof value !== 'object' || value === null) return value
  if (isArray(value)) return value.map(toTagged)
  // a user's own key that starts like the tag gets one more, so that it can't be taken for it
  return fromEntries(
    Object.entries(value).map(([key, child]) => [key.startsWith(tag) ? tag + key : key, toTagged(child)]),
  )
}

function fromTagged(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  if (isArray(value)) return value.map(fromTagged)
  const tagged = value[tag]
  if (typeof tagged === 'string') return Number(tagged)
  return fromEntries(
    Object.entries(value).map(([key, child]) => [key.startsWith(tag) ? key.slice(1) : key, fromTagged(child)]),
  )
}

/** `Object.fromEntries` with a name of its own for what it is here: `__proto__` becomes an own property, not a prototype. */
function fromEntries(entries: readonly (readonly [string, JsonValue])[]): JsonObject {
  return Object.fromEntries(entries)
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/** Whether a value is an object literal or the like, not an array, class instance, Map, or null. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null
}

/**
 * Checks that a value is plain data all the way down.
 *
 * @param what - how the value is called in the message, such as `the report of trial 3`
 * @throws {@link TuneError} with the given code, naming the path to the offending value
 */
export function assertJson(value: unknown, code: TuneErrorCode, what: string): asserts value is JsonValue {
  const fault = findNonJson(value, '', [])
  if (fault === undefined) return
  const where = fault.path === '' ? '' : ` at '${fault.path}'`
  throw new TuneError(
    code,
    `${what} holds ${fault.found}${where}: use plain objects, arrays, strings, numbers, booleans and null only`,
  )
}

function findNonJson(value: unknown, path: string, above: unknown[]): { path: string; found: string } | undefined {
  switch (typeof value) {
    case 'number':
    case 'string':
    case 'boolean':
      return undefined
    case 'object':
      break
    default:
      return { path, found: value === undefined ? 'undefined' : `a ${typeof value} (${show(value)})` }
  }
  if (value === null) return undefined
  if (above.includes(value)) return { path, found: 'a reference to itself' }
  if (above.length >= deepest) return { path: '', found: `values more than ${deepest} levels deep` }
  const inside = path === '' ? '' : `${path}/`
  above.push(value)
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const fault = findNonJson(value[i], `${inside}${i}`, above)
      if (fault) return fault
    }
  } else if (isPlainObject(value)) {
    for (const key in value) {
      const fault = findNonJson(value[key], `${inside}${key}`, above)
      if (fault) return fault
    }
  } else {
    return { path, found: `a ${value.constructor?.name || 'class instance'}` }
  }
  above.pop()
  return undefined
}
