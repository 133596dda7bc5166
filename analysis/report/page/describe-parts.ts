import type { JsonObject, JsonValue } from '../../../src/json.js'
import type { PartDefinition } from '../../../src/part.js'
import { formatValue, sanitize } from '../../../src/results/text.js'
import { isObject } from './config-code.js'

/** A searcher, scheduler or stopper on one line: `asha (maxT 27, reductionFactor 3)`. */
export function describePart({ name, options }: PartDefinition): string {
  const told = Object.entries(options).filter(
    ([, value]) => value !== null && !(typeof value === 'object' && Object.keys(value).length === 0),
  )
  const texts = told.map(([key, value]) => `${sanitize(key)} ${shorten(describeNode(value))}`)
  return sanitize(name) + (texts.length === 0 ? '' : ` (${texts.join(', ')})`)
}

/** The parameters of a recorded space by their paths, with their domains as calls. */
export function describeSpace({ object }: JsonObject): (readonly [path: string, domain: string])[] {
  return isObject(object) ? Object.entries(object).flatMap(([key, node]) => describeMember(sanitize(key), node)) : []
}

function describeMember(path: string, node: JsonValue): (readonly [string, string])[] {
  const object = isObject(node) ? node.object : undefined
  if (!isObject(object)) return [[path, describeNode(node)]]
  return Object.entries(object).flatMap(([key, child]) => describeMember(`${path}/${sanitize(key)}`, child))
}

/** A part of a recorded space on one line. */
function describeNode(node: JsonValue | undefined): string {
  if (isList(node)) return `[${node.map(describeNode).join(', ')}]`
  if (!isObject(node)) return formatValue(node)
  const { constant, object, array, domain, values, source, ...bounds } = node
  if (constant !== undefined) return formatValue(constant)
  if (isList(array)) return describeNode(array)
  if (domain !== undefined) {
    const list = isList(values) ? values : source === undefined ? Object.values(bounds) : [source]
    return `${formatValue(domain)}(${list.map(describeNode).join(', ')})`
  }
  const members = Object.entries(isObject(object) ? object : node)
  return `{${members.map(([key, child]) => `${sanitize(key)}: ${describeNode(child)}`).join(', ')}}`
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}
