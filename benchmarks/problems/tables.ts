import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject, Mode } from '../../src/index.js'
import { indexAt, numberAt, type Parameter, type Problem } from './problem.js'

/** How a table's JSON file describes the `.f32` file beside it. */
interface TableDescription {
  readonly mode: Mode
  readonly parameters: readonly {
    readonly name: string
    readonly values: readonly (string | number)[]
    readonly ordered: boolean
  }[]
  readonly configurations: number
}

/** The tables' names in that folder, without loading them; none where there is no such folder. */
export function listTables(folder: string): string[] {
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).filter(file => file.endsWith('.json'))
  return files.map(file => file.slice(0, -'.json'.length)).sort()
}

/**
 * Loads a table in which each config of a space was measured once and for all: an ordered parameter becomes an integer, its value's
 * index; an unordered one a choice of its values.
 *
 * @throws `Error` if the table's files don't fit together
 */
export function loadTable(folder: string, name: string): Problem {
  const description: TableDescription = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))
  const { mode, parameters } = description
  const values = readFloats(join(folder, `${name}.f32`))
  const size = parameters.reduce((product, parameter) => product * parameter.values.length, 1)
  if (values.length !== size || description.configurations !== size || values.some(Number.isNaN)) {
    throw new Error(`the table ${name} holds ${values.length} values, not one for each of ${size} configs`)
  }
  const entries = parameters.map((parameter): [string, Parameter] => [
    parameter.name,
    parameter.ordered
      ? { type: 'integer', low: 0, high: parameter.values.length - 1 }
      : { type: 'choice', values: parameter.values },
  ])
  const cellOf = (config: JsonObject): number => {
    let cell = 0
    for (const { name: key, values: among, ordered } of parameters) {
      cell = cell * among.length + (ordered ? numberAt(config, key) : indexAt(config, key, among))
    }
    return cell
  }
  const read = (cell: number): number => {
    const value = values[cell]
    if (value !== undefined) return value
    throw new Error(`the table ${name} has no cell ${cell}`)
  }
  return {
    name,
    parameters: Object.fromEntries(entries),
    mode,
    // of the very numbers that are looked up, so that the best config's regret is 0
    optimum: mode === 'max' ? values.reduce((a, b) => Math.max(a, b)) : values.reduce((a, b) => Math.min(a, b)),
    evaluate: config => read(cellOf(config)),
  }
}

/** Little-endian numbers of four bytes. */
function readFloats(path: string): Float64Array {
  const bytes = readFileSync(path)
  return Float64Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(4 * index))
}
