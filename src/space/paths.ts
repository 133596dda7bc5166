import type { Node, ObjectNode } from './node.js'

/** Lists the paths of a config that vary, in the order of the definition, each once. */
export function listVaryingPaths(root: ObjectNode): readonly string[] {
  const paths = new Set<string>()
  visit(root, false)
  return [...paths]

  /** @param varies - whether it is one of several branches, so that even its constants tell something */
  function visit(node: Node, varies: boolean): void {
    switch (node.type) {
      case 'constant':
        if (varies) paths.add(node.path)
        return
      case 'scalar':
      case 'computed':
        paths.add(node.path)
        return
      case 'choice':
      case 'grid':
        for (const branch of node.branches) visit(branch, true)
        return
      case 'object':
        if (varies && node.children.size === 0) paths.add(node.path)
        for (const child of node.children.values()) visit(child, varies)
        return
      case 'array':
        // a list of constants is one value to the reader
        if (varies && node.items.every(item => item.type === 'constant')) paths.add(node.path)
        else for (const item of node.items) visit(item, varies)
    }
  }
}
