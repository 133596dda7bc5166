import { isPlainObject, type JsonObject, type JsonValue } from '../json.js'
import type { PartDefinition } from '../part.js'
import { cut, formatValue, sanitize } from './text.js'

/** A searcher, scheduler or stopper on one line: `asha (maxT 27, reductionFactor 3)`; sanitized. */
export function describePart({ name, options }: PartDefinition): string {
  const told = Object.entries(options).filter(([, value]) => value !== null && !isEmpty(value))
  const texts = told.map(([key, value]) => `${sanitize(key)} ${cut(describeValue(value), 60)}`)
  return sanitize(name) + (texts.length === 0 ? '' : ` (${texts.join(', ')})`)
}

function isEmpty(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/** Each parameter of a recorded space, by its path, with its domain: `['lr', 'loguniform(0.0001, 1)']`; sanitized. */
export function describeSpace(space: JsonObject): (readonly [name: string, text: string])[] {
  const { object } = space
  if (!isNode(object)) return []
  return Object.entries(object).flatMap(([key, node]) => describeNode(sanitize(key), node))
}

function describeNode(path: string, node: JsonValue): (readonly [string, string])[] {
  if (!isNode(node)) return [[path, formatValue(node)]]
  const { object } = node
  if (!isNode(object)) return [[path, describeValue(node)]]
  return Object.entries(object).flatMap(([key, child]) => describeNode(`${path}/${sanitize(key)}`, child))
}

/** A value on one line; domains, which options may hold too, as calls: `choice(1, 2)`. */
function describeValue(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return `[${value.map(describeValue).join(', ')}]`
  if (!isNode(value)) return formatValue(value)
  const { constant, object, array, domain, values, source, ...bounds } = value
  if (constant !== undefined) return formatValue(constant)
  if (Array.isArray(array)) return describeValue(array)
  if (isNode(object)) return describeMembers(object)
  if (domain === undefined) return describeMembers(value)
  const args = Array.isArray(values) ? values : source === undefined ? Object.values(bounds) : [source]
  return `${formatValue(domain)}(${args.map(describeValue).join(', ')})`
}

function describeMembers(object: JsonObject): string {
  const members = Object.entries(object).map(([key, child]) => `${sanitize(key)}: ${describeValue(child)}`)
  return `{${members.join(', ')}}`
}

function isNode(value: JsonValue | undefined): value is JsonObject {
  return isPlainObject(value)
}
