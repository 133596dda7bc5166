import { join } from 'node:path'
import { functionProblems } from './functions.js'
import { heldOutFunctions } from './held-out.js'
import { mixedProblems } from './mixed.js'
import type { Problem } from './problem.js'
import { repository } from './repository.js'
import { listTables, loadTable } from './tables.js'

/** Where the tables lie unless the user says otherwise. */
export const defaultTableFolder = join(repository, '..', 'shared', 'data', 'tabular')

const groups: Readonly<Record<string, (tableFolder: string) => readonly Problem[]>> = {
  functions: () => functionProblems,
  tables: folder => listTables(folder).map(name => loadTable(folder, name)),
  heldout: () => [...heldOutFunctions, ...mixedProblems],
}

/**
 * The problems of those names; a group's name (`functions`, `tables`, `heldout`) stands for all of its own.
 *
 * @throws `Error` naming the problems that there are, if a name is none of theirs
 */
export function selectProblems(names: readonly string[], tableFolder: string): Problem[] {
  const selected = new Map<string, Problem>()
  for (const name of names) {
    for (const problem of findProblems(name, tableFolder)) selected.set(problem.name, problem)
  }
  return [...selected.values()]
}

function findProblems(name: string, tableFolder: string): readonly Problem[] {
  const group = groups[name]
  if (group) return group(tableFolder)
  if (listTables(tableFolder).includes(name)) return [loadTable(tableFolder, name)]
  const known = [...functionProblems, ...heldOutFunctions, ...mixedProblems]
  const found = known.find(problem => problem.name === name)
  if (found) return [found]
  const names = [...known.map(problem => problem.name), ...listTables(tableFolder)]
  throw new Error(
    `there is no problem ${name}; name some of ${names.join(', ')}, or all of ${Object.keys(groups).join(', ')}`,
  )
}
