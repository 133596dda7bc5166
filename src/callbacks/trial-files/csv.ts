import type { JsonValue } from '../../json.js'
import { encodePythonJson } from './python-json.js'

/** Writes one CSV field as pandas reads it: `nan`, `inf`, `True`; nothing for null; arrays and the like as JSON (RFC 4180 quoting). */
export function csvField(value: JsonValue | undefined): string {
  switch (typeof value) {
    case 'undefined':
      return ''
    case 'number':
      if (Number.isFinite(value)) return Object.is(value, -0) ? '-0.0' : String(value)
      return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
    case 'boolean':
      return value ? 'True' : 'False'
    case 'string':
      return quote(value)
    case 'object':
      return value === null ? '' : quote(encodePythonJson(value))
  }
}

/** Writes a text as a field, in quotes where it needs them. */
export function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Gives a CSV file a wider header and each of its rows as many empty fields more. */
export function widenCsv(text: string, header: string, added: number): string {
  const fill = ','.repeat(added)
  let widened = ''
  let start = 0
  let isQuoted = false
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    // a doubled quote switches twice
    if (character === '"') isQuoted = !isQuoted
    if (character !== '\n' || isQuoted) continue
    // the first row is the old header
    widened += start === 0 ? `${header}\n` : `${text.slice(start, i)}${fill}\n`
    start = i + 1
  }
  return widened
}
