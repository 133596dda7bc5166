import type { JsonValue } from '../json.js'

/** The types that columns have in a Parquet file; all may hold nulls. */
export type ColumnType = 'BOOLEAN' | 'INT32' | 'INT64' | 'DOUBLE' | 'STRING'

/** What a cell of such a file holds. */
export type Cell = boolean | number | bigint | string | null

const kinds = { boolean: 1, int32: 2, int64: 4, double: 8, text: 16 } as const

/** Finds the narrowest type that fits all values of each column. */
export class ColumnTypes {
  readonly #seen = new Map<string, number>()

  see(name: string, value: JsonValue): void {
    this.#seen.set(name, (this.#seen.get(name) ?? 0) | kindOf(value))
  }

  /** Numbers of all kinds go together; where texts or lists are among the values, or numbers beside booleans, all are texts. */
  typeOf(name: string): ColumnType {
    const seen = this.#seen.get(name) ?? 0
    const { boolean, int32, double, text } = kinds
    if (seen === boolean) return 'BOOLEAN'
    if (seen === 0 || (seen & (text | boolean)) > 0) return 'STRING'
    if ((seen & double) > 0) return 'DOUBLE'
    return seen === int32 ? 'INT32' : 'INT64'
  }
}

function kindOf(value: JsonValue): number {
  if (value === null) return 0
  if (typeof value === 'boolean') return kinds.boolean
  if (typeof value !== 'number') return kinds.text
  // integers have no negative zero
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return kinds.double
  return value === (value | 0) ? kinds.int32 : kinds.int64
}

/** Turns a value into what its column holds; lists and objects into JSON. */
export function toCell(value: JsonValue | undefined, type: ColumnType): Cell {
  if (value === undefined || value === null) return null
  if (type === 'INT64') return BigInt(Number(value))
  if (type !== 'STRING') return typeof value === 'object' || typeof value === 'string' ? null : value
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
