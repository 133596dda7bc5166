import { stripVTControlCharacters } from 'node:util'
import type { JsonValue } from '../json.js'

/**
 * Makes text of unknown origin fit to be printed on one line of a terminal: escape sequences are dropped, line breaks and tabs become
 * spaces, and no control, invisible or direction-changing character is left.
 */
export function sanitize(text: string): string {
  if (/^[ -~]*$/.test(text)) return text
  return stripVTControlCharacters(text)
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .replace(/\p{Cs}/gu, '\uFFFD')
}

/** {@link sanitize} for text of several lines, such as a stack: each line by itself, trailing space and empty last lines dropped. */
export function sanitizeLines(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/).map(line => sanitize(line).trimEnd())
  while (lines.at(-1) === '') lines.pop()
  return lines
}

const wide =
  /[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303E\uFF01-\uFF60\uFFE0-\uFFE6]/u

/** How many terminal cells a character (one code point) takes: 2 for ideographs and emoji, 0 for combining marks, else 1. */
function cells(character: string): number {
  if (character < '\u0300') return 1
  return /\p{M}/u.test(character) ? 0 : wide.test(character) ? 2 : 1
}

/** How many terminal cells a sanitized text takes. */
export function displayWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length
  let width = 0
  for (const character of text) width += cells(character)
  return width
}

/** Cuts a text to so many cells; one that is too long ends in `…`. */
export function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  if (width < 1) return ''
  let kept = ''
  let room = width - 1
  for (const character of text) {
    room -= cells(character)
    if (room < 0) break
    kept += character
  }
  return `${kept}…`
}

/** Pads a text with spaces to so many cells. */
export function pad(text: string, width: number, side: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)))
  return side === 'left' ? space + text : text + space
}

/** Breaks items into lines of at most so many cells, joined by a separator; an item that is longer is cut. */
export function wrapItems(items: readonly string[], separator: string, width: number): string[] {
  const lines: string[] = []
  for (const item of items.map(text => cut(text, width))) {
    const last = lines.at(-1)
    if (last !== undefined && displayWidth(last) + displayWidth(separator) + displayWidth(item) <= width)
      lines[lines.length - 1] = last + separator + item
    else lines.push(item)
  }
  return lines
}

/** Writes a number for people: four significant digits, integers below ten million in full. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'inf' : '-inf'
  const magnitude = Math.abs(value)
  if (Number.isInteger(value) && magnitude < 1e7) return String(value)
  if (magnitude < 1e-4 || magnitude >= 1e7) return value.toExponential(3).replace(/\.?0*e\+?/, 'e')
  if (magnitude >= 1e4) return String(Math.round(value))
  const text = value.toPrecision(4)
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/** Writes a parameter or metric for people: numbers by {@link formatNumber}, strings sanitized, everything else much like JSON. */
export function formatValue(value: JsonValue | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return formatNumber(value)
  if (typeof value === 'string') return sanitize(value)
  if (typeof value !== 'object' || value === null) return String(value)
  if (isArray(value)) return `[${value.map(formatValue).join(', ')}]`
  return `{${Object.entries(value)
    .map(([key, child]) => `${sanitize(key)}: ${formatValue(child)}`)
    .join(', ')}}`
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/** Writes a duration for people: `0.42s`, `12.3s`, `4m 05s`, `1h 02m`, `2d 03h`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '—'
  if (seconds < 9.995) return `${Math.max(0, seconds).toFixed(2)}s`
  if (seconds < 59.95) return `${seconds.toFixed(1)}s`
  return formatWholeSeconds(seconds)
}

/** {@link formatDuration} without fractions of seconds, for clocks that tick on a screen. */
export function formatWholeSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return '—'
  const whole = Math.max(0, Math.round(seconds))
  const [days, hours, minutes] = [Math.floor(whole / 86400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60]
  const two = (value: number) => String(value).padStart(2, '0')
  if (days > 0) return `${days}d ${two(hours)}h`
  if (hours > 0) return `${hours}h ${two(minutes)}m`
  if (minutes > 0) return `${minutes}m ${two(whole % 60)}s`
  return `${whole}s`
}

/** Writes a size for people: `812 B`, `3.4 MB`, `12 GB`; units of 1000. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const units = ['kB', 'MB', 'GB', 'TB', 'PB']
  let size = bytes / 1000
  let unit = 0
  // 999.5 would be written as 1000
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000
    unit += 1
  }
  return `${size < 9.95 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`
}

/** `1 trial`, `2 trials`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
