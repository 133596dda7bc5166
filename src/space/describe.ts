import type { JsonObject, JsonValue } from '../json.js'
import type { Node, ObjectNode } from './node.js'

/** Describes a space as plain data, keys sorted; functions by their source text. Spaces that sample alike are described alike. */
export function describe(root: ObjectNode): JsonObject {
  return { object: describeChildren(root) }
}

function describeChildren(node: ObjectNode): JsonObject {
  const sorted = [...node.children].sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(sorted.map(([key, child]) => [key, describeNode(child)]))
}

function describeNode(node: Node): JsonValue {
  switch (node.type) {
    case 'constant':
      return { constant: node.value }
    case 'object':
      return { object: describeChildren(node) }
    case 'array':
      return { array: node.items.map(describeNode) }
    case 'scalar':
      return node.domain.describe()
    case 'choice':
      return { domain: 'choice', values: node.branches.map(describeNode) }
    case 'grid':
      return { domain: 'gridSearch', values: node.branches.map(describeNode) }
    case 'computed':
      return { domain: 'sampleFrom', source: Function.prototype.toString.call(node.fn).trim() }
  }
}
