import { show } from '../errors.js'
import { isPlainObject } from '../json.js'
import { closestBranch } from './fit.js'
import { type BranchingNode, type Node, readOwn } from './node.js'

/** Says what is wrong with a config, naming the path; undefined when it is inside the space. */
export function findConfigFault(node: Node, value: unknown): string | undefined {
  const { path } = node
  if (value === undefined) return `'${path}' is missing; give it a value`
  switch (node.type) {
    case 'constant':
      return value === node.value
        ? undefined
        : `'${path}' is ${show(value)}, but the space fixes it at ${show(node.value)}`
    case 'scalar':
      if (typeof value === 'number' && node.domain.contains(value)) return undefined
      return `'${path}' is ${show(value)}, which is not in ${node.domain}`
    case 'computed':
      return undefined
    case 'choice':
    case 'grid':
      return findBranchFault(node, value)
    case 'object': {
      if (!isPlainObject(value)) return `${nameOf(path)} is ${show(value)}, not an object`
      const stranger = Object.keys(value).find(key => !node.children.has(key))
      if (stranger !== undefined) return unknownKey(path, stranger, node.children.keys())
      return firstFault(node.children, key => readOwn(value, key))
    }
    case 'array': {
      if (!Array.isArray(value)) return `'${path}' is ${show(value)}, not an array`
      const { length } = node.items
      if (value.length !== length) return `'${path}' has ${value.length} items, but the space has ${length}`
      return firstFault(node.items.entries(), i => value[i])
    }
  }
}

/** Says that an object has a key that the space lacks. */
export function unknownKey(path: string, key: string, known: Iterable<string>): string {
  return `${nameOf(path)} has a key ${show(key)} that the space lacks; it knows ${[...known].join(', ') || 'none'}`
}

function nameOf(path: string): string {
  return path === '' ? 'the config' : `'${path}'`
}

function firstFault<K>(nodes: Iterable<readonly [K, Node]>, read: (key: K) => unknown): string | undefined {
  for (const [key, node] of nodes) {
    const fault = findConfigFault(node, read(key))
    if (fault) return fault
  }
  return undefined
}

function findBranchFault(node: BranchingNode, value: unknown): string | undefined {
  // the branch that was meant, so that the message can name what is wrong inside it
  const meant = node.branches[closestBranch(node, value)]
  if (meant !== undefined) return findConfigFault(meant, value)
  return `'${node.path}' is ${show(value)}, which is none of its ${node.branches.length} options`
}
