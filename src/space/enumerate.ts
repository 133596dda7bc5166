import { show, TuneError } from '../errors.js'
import { type Node, type ObjectNode, sortedChildren } from './node.js'

/** Which value each parameter takes: the value of a number, the index of a branch, by key. */
export type Assignment = Map<string, number>

/** The configs of a part of a space, numbered. */
export interface Enumeration {
  readonly size: number
  /** @param index - in [0, size) */
  assign(index: number, into: Assignment): void
}

/**
 * Numbers all configs of a space: the product over the parameters that exist together, the sum over the branches of a choice or grid.
 * The parameter whose path sorts first varies fastest.
 *
 * @param points - how many values to take of a parameter that has no end of them
 * @throws `TuneError` `INVALID_OPTION` naming a parameter that needs `points` where there are none, `INVALID_SPACE` if there are more than 2^53 configs
 */
export function enumerate(root: ObjectNode, points: number | undefined): Enumeration {
  if (points !== undefined && !(Number.isInteger(points) && points >= 1)) {
    throw new TuneError('INVALID_OPTION', `pointsPerDimension is ${show(points)}; give an integer of at least 1`)
  }
  const all = ofNode(root, points)
  if (all.size <= Number.MAX_SAFE_INTEGER) return all
  throw new TuneError(
    'INVALID_SPACE',
    `the full grid of the space has about ${all.size.toExponential(1)} configs, too many to number; ` +
      'narrow the domains, take fewer pointsPerDimension, or use RandomSearcher',
  )
}

function ofNode(node: Node, points: number | undefined): Enumeration {
  switch (node.type) {
    case 'scalar': {
      const { key, path, domain } = node
      if (domain.size === Number.POSITIVE_INFINITY && points === undefined) {
        throw new TuneError(
          'INVALID_OPTION',
          `'${path}' is ${domain}, which has no end of values; say with pointsPerDimension how many to try`,
        )
      }
      const values = domain.list(points ?? 1)
      return { size: values.size, assign: (index, into) => into.set(key, values.at(index)) }
    }
    case 'choice':
    case 'grid':
      return sum(
        node.key,
        node.branches.map(branch => ofNode(branch, points)),
      )
    default:
      return product(sortedChildren(node).map(child => ofNode(child, points)))
  }
}

function product(parts: readonly Enumeration[]): Enumeration {
  return {
    size: parts.reduce((size, part) => size * part.size, 1),
    assign: (index, into) => {
      let rest = index
      for (const part of parts) {
        part.assign(rest % part.size, into)
        rest = Math.floor(rest / part.size)
      }
    },
  }
}

function sum(key: string, parts: readonly Enumeration[]): Enumeration {
  return {
    size: parts.reduce((size, part) => size + part.size, 0),
    assign: (index, into) => {
      let rest = index
      for (const [branch, part] of parts.entries()) {
        if (rest < part.size) {
          into.set(key, branch)
          part.assign(rest, into)
          return
        }
        rest -= part.size
      }
    },
  }
}
