import type { JsonObject } from '../json.js'
import { type BranchingNode, type Node, type ObjectNode, readOwn, sortedChildren } from './node.js'

/** One combination of the values of grid variables: each variable's key with the index of its value. */
export type GridCell = ReadonlyMap<string, number>

/** A parameter that a `gridSearch` stands at. */
export interface GridVariable {
  /** Where its value stands in a config. */
  readonly path: string
  /** How many values it has. */
  readonly size: number
}

/** All combinations of the values of grid variables, numbered from 0; the variable whose path sorts first varies fastest. */
export interface Grid {
  /** Those whose combinations it has; the first varies fastest. */
  readonly variables: readonly GridVariable[]
  /** The product of the variables' sizes, 1 without any. */
  readonly size: number
  /** The index of each variable's value in a combination. @param index - in [0, size) */
  cell(index: number): GridCell
}

/**
 * The grid over all grid variables but those that are given.
 *
 * @param given - a part of a config
 */
export function gridOf(root: ObjectNode, given: JsonObject = {}): Grid {
  const nodes: BranchingNode[] = []
  collect(root, given, nodes)
  const variables = nodes.map(({ path, branches }) => ({ path, size: branches.length }))
  return {
    variables,
    size: variables.reduce((product, { size }) => product * size, 1),
    cell: index => {
      let rest = index
      return new Map(
        nodes.map(({ key, branches: { length } }) => {
          const digit = rest % length
          rest = Math.floor(rest / length)
          return [key, digit]
        }),
      )
    },
  }
}

function collect(node: Node, given: unknown, into: BranchingNode[]): void {
  if (node.type === 'grid') {
    if (given === undefined) into.push(node)
    return
  }
  // no grid stands below a choice
  if (node.type === 'choice') return
  for (const child of sortedChildren(node)) {
    const key = child.path.slice(child.path.lastIndexOf('/') + 1)
    collect(child, readOwn(given, key), into)
  }
}
