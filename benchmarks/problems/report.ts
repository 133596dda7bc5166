import type { Figures } from './measure.js'

/** One searcher's line in a table. */
export interface Row {
  readonly searcher: string
  readonly figures: Figures
  /** The p-value that its regret is less than random search's, where both were run. */
  readonly versusRandom?: number | undefined
}

/** Shows the figures of one problem: mean and median regret by number of evaluations, time per suggestion, and the test against random. */
export function formatTable(problem: string, seeds: number, rows: readonly Row[]): string {
  const counts = Object.keys(rows[0]?.figures.mean ?? {})
  const head = [
    `${problem}, ${seeds} seed${seeds === 1 ? '' : 's'}`,
    ...counts.map(count => `mean@${count}`),
    ...counts.map(count => `median@${count}`),
    'ms',
    'p vs. random',
  ]
  const lines = rows.map(({ searcher, figures, versusRandom }) => [
    searcher,
    ...counts.map(count => formatNumber(figures.mean[Number(count)])),
    ...counts.map(count => formatNumber(figures.median[Number(count)])),
    formatNumber(figures.msPerSuggestion),
    versusRandom === undefined ? '' : formatP(versusRandom),
  ])
  const cells = [head, ...lines]
  const widths = head.map((_, column) => Math.max(...cells.map(line => line[column]?.length ?? 0)))
  return cells
    .map(line => line.map((text, i) => (i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0))))
    .map(line => line.join('  ').trimEnd())
    .join('\n')
}

function formatNumber(value: number | undefined): string {
  if (value === undefined) return ''
  if (value === 0) return '0'
  const size = Math.abs(value)
  return size >= 1e-3 && size < 1e5 ? String(Number(value.toPrecision(3))) : value.toExponential(1)
}

function formatP(p: number): string {
  return p < 1e-6 ? '<1e-6' : p < 1e-3 ? p.toExponential(0) : p.toFixed(3)
}
