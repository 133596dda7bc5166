import { cut, displayWidth, pad } from './text.js'

/** One column of a text table. */
export interface TableColumn<Row> {
  readonly header: string
  /** The cell's text, sanitized; `''` where there is nothing to show. */
  readonly cell: (row: Row) => string
  /**
   * `'decimal'` sets numbers under one another by their decimal points, and a column of anything else to the left.
   *
   * @defaultValue `'left'`
   */
  readonly align?: 'left' | 'right' | 'decimal'
  /** How far the column may be cut when space is short, in cells; by default it can't be. */
  readonly minWidth?: number
  /** Its most cells; longer texts are cut. */
  readonly maxWidth?: number
  /**
   * When the table is too wide, columns are left out from the highest number down; those of number 0 stay. Columns from
   * {@link luxury} up are shown only where nothing has to be cut for them.
   *
   * @defaultValue 0
   */
  readonly dispensable?: number
  /** Colours the padded text of a cell; must not change its width. */
  readonly paint?: (text: string, row: Row) => string
}

/** How a table is set. */
export interface TableStyle {
  /** Colours the padded header. */
  readonly paintHeader?: (text: string) => string
  /** Spaces before each line. @defaultValue 0 */
  readonly indent?: number
}

const gap = 2

/** From this number on, a dispensable column goes before another is cut. */
export const luxury = 100

/** Columns with their cells as texts of known width. */
interface SetColumn<Row> {
  readonly column: TableColumn<Row>
  readonly cells: readonly string[]
  /** Where the padding goes. */
  readonly side: 'left' | 'right'
  readonly header: string
  readonly natural: number
  /** How far it may be cut; numbers never are. */
  readonly least: number
  width: number
}

/**
 * Sets rows as a table of plain text: a header line, then a line for each row, none wider than `width` cells. Space is saved first by
 * cutting the columns that allow it, the widest first, then by leaving out dispensable ones.
 */
export function formatTable<Row>(
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
  width: number,
  style: TableStyle = {},
): string[] {
  const indent = ' '.repeat(style.indent ?? 0)
  const set = fitColumns(
    columns.map(column => setColumn(column, rows)),
    width - indent.length,
  )
  const paintHeader = style.paintHeader ?? (text => text)
  const line = (parts: readonly string[]) => (indent + parts.join(' '.repeat(gap))).trimEnd()
  const header = set.map((each, position) => {
    const text = pad(cut(each.header, each.width), each.width, each.side)
    return paintHeader(position === set.length - 1 ? text.trimEnd() : text)
  })
  const body = rows.map((row, index) =>
    line(
      set.map(each => {
        const text = pad(cut(each.cells[index] ?? '', each.width), each.width, each.side)
        return each.column.paint?.(text, row) ?? text
      }),
    ),
  )
  return [line(header), ...body]
}

function setColumn<Row>(column: TableColumn<Row>, rows: readonly Row[]): SetColumn<Row> {
  const texts = rows.map(column.cell)
  const isNumeric = column.align === 'decimal' && numberWidths(texts).length > 0
  const cells = isNumeric ? alignDecimals(texts) : texts
  const side = isNumeric || column.align === 'right' ? 'left' : 'right'
  const header = cut(column.header, column.maxWidth ?? Number.POSITIVE_INFINITY)
  let natural = displayWidth(header)
  for (const cell of cells) natural = Math.max(natural, displayWidth(cell))
  natural = Math.min(natural, column.maxWidth ?? Number.POSITIVE_INFINITY)
  const least =
    column.minWidth === undefined ? natural : Math.min(natural, largest(numberWidths(cells), column.minWidth))
  return { column, cells, side, header, natural, least, width: natural }
}

function numberWidths(cells: readonly string[]): number[] {
  return cells.flatMap(cell => (/^\s*-?\d/.test(cell) ? cell.length : []))
}

/** The largest of some numbers; a call with a hundred thousand arguments would be too many. */
function largest(numbers: readonly number[], least: number): number {
  return numbers.reduce((most, number) => Math.max(most, number), least)
}

/** Pads numbers on the right, so that right-aligned they stand under one another by their decimal points. */
function alignDecimals(texts: readonly string[]): string[] {
  const tails = texts.map(text => {
    const point = text.search(/[.e]/)
    return point === -1 ? 0 : text.length - point
  })
  const longest = largest(tails, 0)
  return texts.map((text, index) => text + ' '.repeat(text === '' ? 0 : longest - (tails[index] ?? 0)))
}

function fitColumns<Row>(columns: SetColumn<Row>[], width: number): SetColumn<Row>[] {
  let kept = columns
  for (;;) {
    for (const each of kept) each.width = each.natural
    const most = Math.max(...kept.map(each => each.column.dispensable ?? 0))
    if (most < luxury ? shrink(kept, width) : tableWidth(kept) <= width) return kept
    if (most === 0) return cutOff(kept, width)
    // the last of the least needed ones goes first
    const victim = kept.findLastIndex(each => (each.column.dispensable ?? 0) === most)
    kept = kept.filter((_, index) => index !== victim)
  }
}

/** Narrows the widest columns that allow it until the table fits; tells whether it does. */
function shrink<Row>(columns: readonly SetColumn<Row>[], width: number): boolean {
  let excess = tableWidth(columns) - width
  while (excess > 0) {
    let widest: SetColumn<Row> | undefined
    for (const each of columns) if (each.width > each.least && each.width > (widest?.width ?? 0)) widest = each
    if (widest === undefined) return false
    widest.width--
    excess--
  }
  return true
}

/** Where even the needed columns are too wide, keeps those on the left that fit; the first one is cut. */
function cutOff<Row>(columns: readonly SetColumn<Row>[], width: number): SetColumn<Row>[] {
  const kept: SetColumn<Row>[] = []
  for (const each of columns) {
    const room = width - tableWidth(kept) - (kept.length > 0 ? gap : 0)
    if (each.width > room && kept.length > 0) break
    each.width = Math.min(each.width, room)
    kept.push(each)
  }
  return kept
}

function tableWidth<Row>(columns: readonly SetColumn<Row>[]): number {
  return columns.reduce((sum, each) => sum + each.width, 0) + gap * Math.max(0, columns.length - 1)
}
