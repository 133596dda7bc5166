import { sanitize } from '../../src/results/text.js'

/** A column of a table that is set as text or Markdown. */
export interface Column<Row> {
  readonly header: string
  readonly cell: (row: Row) => string
  readonly isText?: boolean
}

/** Sets rows as a Markdown table; what would be markup in a cell is escaped. */
export function markdownTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(columns.map(({ header }) => escapeMarkdown(header))),
    line(columns.map(({ isText }) => (isText ? '---' : '---:'))),
    ...rows.map(row => line(columns.map(({ cell }) => escapeMarkdown(cell(row))))),
  ].join('\n')
}

/** Makes text of unknown origin fit for a line of Markdown: what would be markup in it is escaped. */
export function escapeMarkdown(text: string): string {
  return sanitize(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\|`*_[\]]/g, mark => `\\${mark}`)
}
