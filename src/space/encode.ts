import type { Source } from './assemble.js'
import { categoryAt, type Dimension } from './dimension.js'
import { clampUnit } from './domains/domain.js'
import { closestBranch } from './fit.js'
import { type Node, type ObjectNode, readOwn } from './node.js'

/** Writes a config's coordinates into `units`, whose other places stay as they are. */
export function encodeInto(
  units: Float64Array,
  root: ObjectNode,
  config: unknown,
  indices: ReadonlyMap<string, number>,
): void {
  visit(root, config)

  function visit(node: Node, value: unknown): void {
    switch (node.type) {
      case 'scalar': {
        const index = indices.get(node.key)
        if (index !== undefined && typeof value === 'number') units[index] = node.domain.encode(value)
        return
      }
      case 'choice':
      case 'grid': {
        const chosen = closestBranch(node, value)
        const branch = node.branches[chosen]
        if (branch === undefined) return
        const index = indices.get(node.key)
        if (index !== undefined) units[index] = (chosen + 0.5) / node.branches.length
        visit(branch, value)
        return
      }
      case 'object':
        for (const [key, child] of node.children) visit(child, readOwn(value, key))
        return
      case 'array':
        for (const [i, item] of node.items.entries()) visit(item, readOwn(value, String(i)))
        return
      case 'constant':
      case 'computed':
    }
  }
}

/** A source of values that decodes coordinates; grids, which have none, are left to another source. */
export function decodingSource(
  units: ArrayLike<number>,
  indices: ReadonlyMap<string, number>,
  grids: Pick<Source, 'branch'>,
): Source {
  const unitOf = (key: string) => {
    const unit = units[indices.get(key) ?? -1]
    // a coordinate that was encoded as inactive may become active when a searcher moves the choice above it
    return unit === undefined || Number.isNaN(unit) ? 0.5 : clampUnit(unit)
  }
  return {
    scalar: ({ key, domain }) => domain.decode(unitOf(key)),
    branch: node => (node.type === 'grid' ? grids.branch(node) : categoryAt(unitOf(node.key), node.branches.length)),
  }
}

/** Whether a dimension exists at a point of the unit cube: every choice above it is made its way. */
export function isActive(units: ArrayLike<number>, dimension: Dimension, dimensions: readonly Dimension[]): boolean {
  const { condition } = dimension
  if (condition?.dimension === undefined) return true
  const parent = dimensions[condition.dimension]
  const unit = units[condition.dimension]
  if (parent?.type !== 'categorical' || unit === undefined || Number.isNaN(unit)) return false
  return parent.indexAt(unit) === condition.value && isActive(units, parent, dimensions)
}
