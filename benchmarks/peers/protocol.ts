/**
 * How a peer, a process of another language, is talked to: a JSON value a line, on its standard input and output. It says `ready` once;
 * then it is told of studies one after the other. In each it asks for the values of configs, one at a time, and at last says how long
 * its suggestions took. Objectives are ours alone, so that all are measured on the same ones.
 */
import type { JsonObject, Mode } from '../../src/index.js'
import type { Outcome, Parameters } from '../problems/problem.js'

/** What a peer is told. */
export type PeerRequest =
  | {
      readonly type: 'study'
      readonly parameters: Parameters
      /** Of all objectives. */
      readonly mode: Mode
      readonly objectives: number
      readonly seed: number
      readonly evaluations: number
    }
  /** Of one objective a number, of several a list. */
  | { readonly type: 'value'; readonly value: Outcome }

/** What a peer says. */
export type PeerMessage =
  | { readonly type: 'ready'; readonly versions: Readonly<Record<string, string>> }
  | { readonly type: 'evaluate'; readonly config: JsonObject }
  /** One number for each suggestion: milliseconds of asking for it and of telling its value. */
  | { readonly type: 'finished'; readonly suggestionMs: readonly number[] }
  /** It can't search that space. */
  | { readonly type: 'unsupported'; readonly reason: string }
  | { readonly type: 'failed'; readonly reason: string }

/**
 * Reads a line of a peer.
 *
 * @throws `Error` with the line if it is no message
 */
export function parsePeerMessage(line: string): PeerMessage {
  const message = parseJson(line)
  if (isObject(message)) {
    const { type, versions, config, suggestionMs, reason } = message
    if (type === 'ready' && isObject(versions)) {
      return { type, versions: Object.fromEntries(Object.entries(versions).map(([name, v]) => [name, String(v)])) }
    }
    if (type === 'evaluate' && isObject(config)) return { type, config: config as JsonObject }
    if (type === 'finished' && isNumbers(suggestionMs)) return { type, suggestionMs }
    if ((type === 'unsupported' || type === 'failed') && typeof reason === 'string') return { type, reason }
  }
  throw new Error(`a peer said what is no message: ${line.slice(0, 300)}`)
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(item => typeof item === 'number' && Number.isFinite(item))
}
