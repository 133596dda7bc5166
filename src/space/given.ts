import { show, TuneError } from '../errors.js'
import { assertJson, isPlainObject } from '../json.js'
import { closestBranch, fitOf } from './fit.js'
import type { Node, ObjectNode } from './node.js'
import { unknownKey } from './validate.js'

/** Is told of things that are allowed but look like mistakes. */
export type OnWarning = (message: string) => void

/**
 * Checks values that are to be fixed before the rest of a config is sampled.
 *
 * @param given - a part of a config
 * @param onWarning - told of values outside their domains, which are taken all the same
 * @throws `TuneError` `INVALID_CONFIG` if it has a key that the space lacks, or something that is no JSON data
 */
export function checkGiven(root: ObjectNode, given: unknown, onWarning?: OnWarning): void {
  assertJson(given, 'INVALID_CONFIG', 'a config to start from')
  check(root, given, onWarning)
}

function check(node: Node, given: unknown, onWarning: OnWarning | undefined): void {
  const { path } = node
  switch (node.type) {
    case 'object': {
      if (!isPlainObject(given)) fail(`${path === '' ? 'it' : `'${path}'`} is ${show(given)}, not an object`)
      for (const [key, value] of Object.entries(given)) {
        const child = node.children.get(key)
        if (child === undefined) fail(unknownKey(path, key, node.children.keys()))
        check(child, value, onWarning)
      }
      return
    }
    case 'array': {
      if (!Array.isArray(given)) fail(`'${path}' is ${show(given)}, not an array`)
      if (given.length > node.items.length) fail(`'${path}' has more items than the space's ${node.items.length}`)
      for (const [i, item] of node.items.entries()) if (i < given.length) check(item, given[i], onWarning)
      return
    }
    case 'choice':
    case 'grid': {
      const branch = node.branches[closestBranch(node, given)]
      if (branch !== undefined) check(branch, given, onWarning)
      else if (isPlainObject(given)) fail(`'${path}' is ${show(given)}, which fits none of its sub-spaces`)
      else onWarning?.(`'${path}' starts from ${show(given)}, which is none of its options; it is tried all the same`)
      return
    }
    case 'constant':
    case 'scalar':
    case 'computed': {
      if (fitOf(node, given) === 2) return
      const expected = node.type === 'scalar' ? `is not in ${node.domain}` : 'is not what the space fixes'
      onWarning?.(`'${path}' starts from ${show(given)}, which ${expected}; it is tried all the same`)
    }
  }
}

function fail(what: string): never {
  throw new TuneError('INVALID_CONFIG', `in a config to start from, ${what}`)
}
