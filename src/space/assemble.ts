import type { JsonObject, JsonValue } from '../json.js'
import type { Rng } from '../rng.js'
import { Computation, type Container } from './computation.js'
import { closestBranch } from './fit.js'
import type { BranchingNode, Node, ObjectNode, ScalarNode } from './node.js'

/** Says which values a config is made of; how makes the difference between sampling, decoding and enumerating. */
export interface Source {
  /** The value of a number. */
  scalar(node: ScalarNode): number
  /** The index of a branch. */
  branch(node: BranchingNode): number
}

/**
 * Makes a config: values from the source, except where they are given; then what is computed from them.
 *
 * @param rng - forked by key for `sampleFrom`
 * @param given - checked by `checkGiven`
 */
export function assemble(root: ObjectNode, source: Source, rng: Rng, given: JsonObject = {}): JsonObject {
  const computation = new Computation(rng)
  const config = fillObject(root, given)
  computation.run(config)
  return config

  function fillObject(node: ObjectNode, part: JsonObject): { [key: string]: JsonValue } {
    const object: { [key: string]: JsonValue } = {}
    for (const [key, child] of node.children)
      object[key] = make(child, Object.hasOwn(part, key) ? part[key] : undefined, object, key)
    return object
  }

  /** @param value - what is given for it, if anything */
  function make(node: Node, value: JsonValue | undefined, parent: Container, key: string): JsonValue {
    switch (node.type) {
      case 'constant':
        return value === undefined ? node.value : value
      case 'scalar':
        return value === undefined ? source.scalar(node) : value
      case 'computed':
        if (value !== undefined) return value
        computation.add(node, parent, key)
        return null
      case 'object':
        return fillObject(node, isObject(value) ? value : {})
      case 'array': {
        const array: JsonValue[] = []
        for (const [i, item] of node.items.entries()) {
          array.push(make(item, isArray(value) ? value[i] : undefined, array, String(i)))
        }
        return array
      }
      case 'choice':
      case 'grid': {
        const drawn = source.branch(node)
        const branch = node.branches[value === undefined ? drawn : closestBranch(node, value, drawn)]
        if (branch !== undefined) return make(branch, value, parent, key)
        // a given value that is none of the options is taken as it is
        return value ?? null
      }
    }
  }
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}
