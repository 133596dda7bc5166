import type { JsonObject, JsonValue } from '../../json.js'

/**
 * Writes a value on one line as Python's `json.dumps` would: like JSON, but NaN and infinities as bare `NaN`, `Infinity` and
 * `-Infinity`, which `json.loads`, pandas and Ray Tune's tools read back.
 */
export function encodePythonJson(value: JsonValue): string {
  const text = isPlainJson(value) ? JSON.stringify(value) : encode(value, '', '')
  // some readers take these for the end of a line
  return text.replace(/[\u0085\u2028\u2029]/g, escapeLineEnd)
}

/** {@link encodePythonJson} for people: keys sorted, two spaces for each level. */
export function encodeSortedPythonJson(value: JsonValue): string {
  return encode(value, '\n', '  ').replace(/[\u0085\u2028\u2029]/g, escapeLineEnd)
}

function escapeLineEnd(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** Whether `JSON.stringify` writes the value as Python would. */
function isPlainJson(value: JsonValue): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0)
  if (typeof value !== 'object' || value === null) return true
  if (isArray(value)) return value.every(isPlainJson)
  for (const key in value) {
    const child = value[key]
    if (child !== undefined && !isPlainJson(child)) return false
  }
  return true
}

/**
 * @param lineBreak - what goes before each member, and without `indent` before the closing bracket: `''`, or a line break with the indent
 * @param indent - what each level adds to it, `''` for one line; with one, keys are sorted
 */
function encode(value: JsonValue, lineBreak: string, indent: string): string {
  if (typeof value === 'number') return encodeNumber(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = lineBreak + indent
  if (isArray(value)) {
    if (value.length === 0) return '[]'
    return `[${inner}${value.map(child => encode(child, inner, indent)).join(`,${inner}`)}${lineBreak}]`
  }
  const members = entriesOf(value, indent !== '').map(
    ([key, child]) => `${JSON.stringify(key)}:${indent === '' ? '' : ' '}${encode(child, inner, indent)}`,
  )
  return members.length === 0 ? '{}' : `{${inner}${members.join(`,${inner}`)}${lineBreak}}`
}

function entriesOf(value: JsonObject, isSorted: boolean): [string, JsonValue][] {
  const entries = Object.entries(value).filter(([, child]) => child !== undefined)
  return isSorted ? entries.sort(([a], [b]) => (a < b ? -1 : 1)) : entries
}

function encodeNumber(value: number): string {
  if (Object.is(value, -0)) return '-0.0'
  // String gives Python's own names for those that JSON lacks
  return Number.isFinite(value) ? JSON.stringify(value) : String(value)
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
