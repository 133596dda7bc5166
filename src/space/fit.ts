import { isPlainObject } from '../json.js'
import type { BranchingNode, Node } from './node.js'

/** How well a value fits a node: 2 inside it, 1 of its shape and constants but with a number outside a domain, 0 not at all. */
export type Fit = 0 | 1 | 2

/**
 * Says how well a value fits.
 *
 * @param isPartial - whether objects may lack keys and arrays may be short
 */
export function fitOf(node: Node, value: unknown, isPartial = false): Fit {
  switch (node.type) {
    case 'constant':
      return value === node.value ? 2 : 0
    case 'scalar':
      if (typeof value !== 'number') return 0
      return node.domain.contains(value) ? 2 : Number.isFinite(value) ? 1 : 0
    case 'computed':
      return value === undefined ? 0 : 2
    case 'choice':
    case 'grid':
      return bestBranch(node, value, isPartial).fit
    case 'object': {
      if (!isPlainObject(value)) return 0
      const keys = Object.keys(value)
      if (!isPartial && keys.length < node.children.size) return 0
      let fit: Fit = 2
      for (const key of keys) {
        const child = node.children.get(key)
        if (child === undefined) return 0
        fit = min(fit, fitOf(child, value[key], isPartial))
        if (fit === 0) return 0
      }
      return fit
    }
    case 'array': {
      if (!Array.isArray(value) || value.length > node.items.length) return 0
      if (!isPartial && value.length < node.items.length) return 0
      let fit: Fit = 2
      for (const [i, item] of node.items.entries()) {
        if (i < value.length) fit = min(fit, fitOf(item, value[i], isPartial))
      }
      return fit
    }
  }
}

/** The branch that a value fits best, the first among equals unless the preferred one is among them. */
function bestBranch(
  node: BranchingNode,
  value: unknown,
  isPartial: boolean,
  preferred?: number,
): { readonly index: number; readonly fit: Fit } {
  let index = -1
  let fit: Fit = 0
  for (const [i, branch] of node.branches.entries()) {
    const candidate = fitOf(branch, value, isPartial)
    if (candidate > fit || (candidate === fit && fit > 0 && i === preferred)) {
      index = i
      fit = candidate
    }
  }
  return { index, fit }
}

/**
 * The branch that a value means: one that it fits as a whole, else one that it fits as far as it goes, the preferred one among equals;
 * −1 if none.
 */
export function closestBranch(node: BranchingNode, value: unknown, preferred?: number): number {
  const whole = bestBranch(node, value, false, preferred)
  return whole.fit > 0 ? whole.index : bestBranch(node, value, true, preferred).index
}

function min(a: Fit, b: Fit): Fit {
  return a < b ? a : b
}
