import type { JsonValue } from '../../src/json.js'

/** Plain JSON of whatever is made of numbers, texts, arrays and objects; numbers that JSON lacks become null. */
export function toPlain(value: unknown): JsonValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (value instanceof Float64Array) return Array.from(value, toPlain)
  if (Array.isArray(value)) return value.map(toPlain)
  if (typeof value !== 'object' || value === null) return null
  const entries = Object.entries(value).filter(([, child]) => child !== undefined)
  return Object.fromEntries(entries.map(([key, child]) => [key, toPlain(child)]))
}
