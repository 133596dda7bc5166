import { crc32 } from 'node:zlib'
import { decodeJson, encodeJson, type JsonObject } from '../json.js'
import { eventFault } from './check-event.js'
import type { JournalEntry, StudyEvent } from './events.js'

/** `,"crc":"01234567"}` closes each line. */
const suffixLength = 18

/** Writes an entry as one line of JSON that ends in its own checksum (CRC-32 of all that stands before it). */
export function encodeLine(entry: JournalEntry): string {
  const { n, at, event } = entry
  // the event's own fields stand beside the envelope's, so that a line reads well
  const body = encodeJson({ n, at, ...(event as unknown as JsonObject) }).slice(0, -1)
  return `${body},"crc":"${crc32(body).toString(16).padStart(8, '0')}"}\n`
}

/**
 * Reads a line back.
 *
 * @param line - the line's bytes without its newline
 * @returns what is wrong with it as a string, if something is
 */
export function decodeLine(line: Buffer): JournalEntry | string {
  if (line.length <= suffixLength) return 'it is too short to be an entry'
  const end = line.length - suffixLength
  const written = /^,"crc":"([0-9a-f]{8})"\}$/.exec(line.toString('latin1', end))?.[1]
  if (written === undefined) return 'it does not end in a checksum'
  if (crc32(line.subarray(0, end)) !== Number.parseInt(written, 16)) return `its checksum is not ${written}`
  const text = line.toString('utf8', 0, end)
  // what every line begins with is read by itself: taking it out of the object again would cost as much as all else
  const head = /^\{"n":(0|[1-9]\d{0,14}),"at":(0|[1-9]\d{0,14}),"/.exec(text)
  let value: unknown
  try {
    value = decodeJson(head ? `{${text.slice(head[0].length - 1)}}` : `${text}}`)
  } catch {
    return 'it is no JSON'
  }
  if (head && isEvent(value)) return eventFault(value) ?? { n: Number(head[1]), at: Number(head[2]), event: value }
  if (!isLine(value)) return 'it is no entry'
  const { n, at, ...event } = value
  return eventFault(event) ?? { n, at, event }
}

function isEvent(value: unknown): value is StudyEvent {
  return typeof value === 'object' && value !== null && 'event' in value && typeof value.event === 'string'
}

function isLine(value: unknown): value is { n: number; at: number } & StudyEvent {
  return (
    typeof value === 'object' &&
    value !== null &&
    'n' in value &&
    typeof value.n === 'number' &&
    'at' in value &&
    typeof value.at === 'number' &&
    'event' in value &&
    typeof value.event === 'string'
  )
}
