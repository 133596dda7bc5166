import { closeSync, openSync } from 'node:fs'
import type { DataRow } from './data-rows.js'
import { writeAll, writeWhole } from './output-file.js'
import { type Cell, type ColumnTypes, toCell } from './parquet-types.js'

/** About how many cells a row group has unless told otherwise. */
const cellsInGroup = 500_000

/**
 * Writes rows to a Parquet file, whole or not at all, a row group at a time; compressed by Snappy.
 *
 * @param columns - their names, in the file's order
 * @param groupRows - how many rows a row group has: what is held in memory at a time
 * @throws `TuneError` `STORAGE_UNAVAILABLE`
 */
export async function writeParquet(
  target: string,
  columns: readonly string[],
  types: ColumnTypes,
  rows: Iterable<DataRow>,
  groupRows = Math.max(1000, Math.floor(cellsInGroup / columns.length)),
): Promise<void> {
  // loaded by those who ask for it
  const { ByteWriter, parquetWriteRows } = await import('hyparquet-writer')
  const typed = columns.map(name => ({ name, type: types.typeOf(name) }))
  await writeWhole(target, async draft => {
    const file = openSync(draft, 'wx')
    const writer = Object.assign(new ByteWriter(), {
      flush() {
        writeAll(file, writer.getBytes())
        writer.index = 0
      },
      finish: () => writer.flush(),
    })
    try {
      await parquetWriteRows({
        writer,
        columns: typed,
        rows: cellsOf(rows, typed),
        rowGroupSize: groupRows,
        createdBy: 'tunewright',
      })
    } finally {
      closeSync(file)
    }
  })
}

function* cellsOf(
  rows: Iterable<DataRow>,
  columns: readonly { readonly name: string; readonly type: ReturnType<ColumnTypes['typeOf']> }[],
): Generator<Record<string, Cell>> {
  for (const row of rows) {
    // without a prototype, a column may have any name
    const cells: Record<string, Cell> = Object.create(null)
    for (const { name, type } of columns) cells[name] = toCell(Object.hasOwn(row, name) ? row[name] : null, type)
    yield cells
  }
}
