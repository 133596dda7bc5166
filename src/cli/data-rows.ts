import { csvField } from '../callbacks/trial-files/csv.js'
import type { JsonValue } from '../json.js'
import { safeJson } from './safe-json.js'

/** Names and values of one row. */
export type DataRow = Readonly<Record<string, JsonValue>>

/** Rows as JSON: an array, a row a line. */
export function* jsonRows(rows: Iterable<DataRow>): Generator<string> {
  let held: string | undefined
  yield '['
  for (const row of rows) {
    if (held !== undefined) yield `${held},`
    held = safeJson(row)
  }
  if (held !== undefined) yield held
  yield ']'
}

/** Rows as CSV as pandas reads it, a header first; what a row lacks is empty. */
export function* csvRows(columns: readonly string[], rows: Iterable<DataRow>): Generator<string> {
  yield columns.map(safeField).join(',')
  for (const row of rows)
    yield columns.map(name => safeField(Object.hasOwn(row, name) ? row[name] : undefined)).join(',')
}

/** CSV has no escapes: what may harm a terminal or turn its text round, tabs and line breaks apart, is replaced. */
function safeField(value: JsonValue | undefined): string {
  const field = csvField(value)
  return /^[ -~]*$/.test(field) ? field : field.replace(/[^\t\n\r\P{Cc}]|[\p{Bidi_Control}\p{Cs}]/gu, '\uFFFD')
}

/** Gathers the names of columns: those of parameters, which begin with `config/`, behind all others, else in the order of their coming. */
export class ColumnNames {
  readonly #others = new Set<string>()
  readonly #parameters = new Set<string>()

  add(name: string): void {
    if (name.startsWith('config/')) this.#parameters.add(name)
    else this.#others.add(name)
  }

  all(): string[] {
    return [...this.#others, ...this.#parameters]
  }
}
