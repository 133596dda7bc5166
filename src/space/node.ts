import type { ScalarDomain } from './domains/domain.js'
import type { SampleFromDomain } from './domains/sample-from.js'

/** A compiled place of a space. `path` is where its value stands in a config. */
export type Node = ConstantNode | ObjectNode | ArrayNode | ScalarNode | BranchingNode | ComputedNode

export interface ConstantNode {
  readonly type: 'constant'
  readonly path: string
  readonly value: number | string | boolean | null
}

export interface ObjectNode {
  readonly type: 'object'
  readonly path: string
  /** In the order of the definition. */
  readonly children: ReadonlyMap<string, Node>
}

export interface ArrayNode {
  readonly type: 'array'
  readonly path: string
  readonly items: readonly Node[]
}

export interface ScalarNode {
  readonly type: 'scalar'
  readonly path: string
  /** Unlike the path it tells apart the branches above it: `optimizer[1]/lr`. It names the parameter's random stream. */
  readonly key: string
  readonly domain: ScalarDomain
}

/** One of several nodes, chosen at random or by the grid. */
export interface BranchingNode {
  readonly type: 'choice' | 'grid'
  readonly path: string
  readonly key: string
  readonly branches: readonly Node[]
}

export interface ComputedNode {
  readonly type: 'computed'
  readonly path: string
  readonly key: string
  readonly fn: SampleFromDomain['fn']
}

/** Adds a key to a path. */
export function joinPath(path: string, key: string | number): string {
  return path === '' ? String(key) : `${path}/${key}`
}

/** Reads an own property or an item of whatever may have it. */
export function readOwn(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
}

/**
 * The nodes directly below, in an order that does not depend on how the definition was written: keys sorted by UTF-16 code units, array
 * items by index. Everything that numbers parameters goes by it.
 */
export function sortedChildren(node: Node): readonly Node[] {
  switch (node.type) {
    case 'object':
      return [...node.children].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, child]) => child)
    case 'array':
      return node.items
    case 'choice':
    case 'grid':
      return node.branches
    default:
      return []
  }
}
