import { isPlainObject, type JsonObject, type JsonValue } from '../../../src/json.js'

/** Writes plain data as a literal of TypeScript, to be copied. */
export function toTypeScript(value: JsonValue, indent = 0): string {
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'string') return quote(value)
  if (typeof value !== 'object' || value === null) return String(value)
  const [inside, outside] = ['  '.repeat(indent + 1), '  '.repeat(indent)]
  if (isList(value)) {
    const items = value.map(item => toTypeScript(item, indent + 1))
    const line = `[${items.join(', ')}]`
    if (line.length <= 80 && !line.includes('\n')) return line
    return `[\n${items.map(item => `${inside}${item},\n`).join('')}${outside}]`
  }
  const members = Object.entries(value as JsonObject).map(
    ([key, child]) => `${keyText(key)}: ${toTypeScript(child, indent + 1)}`,
  )
  if (members.length === 0) return '{}'
  return `{\n${members.map(member => `${inside}${member},\n`).join('')}${outside}}`
}

/** Writes plain data as JSON, to be copied; NaN and infinities, which JSON lacks, as null. */
export function toJson(value: JsonValue): string {
  return escapeInvisible(JSON.stringify(value, undefined, 2))
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'Number.NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'Number.POSITIVE_INFINITY' : 'Number.NEGATIVE_INFINITY'
  return Object.is(value, -0) ? '-0' : String(value)
}

function keyText(key: string): string {
  // in a literal this key would set the prototype
  if (key === '__proto__') return "['__proto__']"
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key)
}

function quote(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'")
  return `'${escapeInvisible(inner)}'`
}

/** Characters that would not be seen, or would change the direction of what follows, as escapes. */
function escapeInvisible(text: string): string {
  return text.replace(/[^\n\P{Cc}]|[\p{Cf}\p{Zl}\p{Zp}]/gu, character =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  )
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/** Whether plain data is an object. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return isPlainObject(value)
}
