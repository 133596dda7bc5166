import { seal, sealFault, sealLength } from '../checksum.js'
import { decodeJson, encodeJson, type JsonObject } from '../json.js'
import { eventFault } from './check-event.js'
import type { JournalEntry, StudyEvent } from './events.js'

/** Writes an entry as one line of JSON that ends in its own checksum. */
export function encodeLine(entry: JournalEntry): string {
  const { n, at, event } = entry
  // the event's own fields stand beside the envelope's, so that a line reads well
  return `${seal(encodeJson({ n, at, ...(event as unknown as JsonObject) }))}\n`
}

/**
 * Reads a line back.
 *
 * @param line - the line's bytes without its newline
 * @returns what is wrong with it as a string, if something is
 */
export function decodeLine(line: Buffer): JournalEntry | string {
  const fault = sealFault(line)
  if (fault !== undefined) return fault
  const text = line.toString('utf8', 0, line.length - sealLength)
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
