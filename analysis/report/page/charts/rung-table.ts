/// <reference lib="dom" />
import { formatNumber, sanitize } from '../../../../src/results/text.js'
import type { Objective } from '../../../../src/trial.js'
import type { RungRow } from '../../../plots/study/rungs.js'
import { make } from '../dom.js'
import { scrollTable } from '../scroll-table.js'

/** The rungs as a table. */
export function rungTableOf(rows: readonly RungRow[], { metric }: Objective): HTMLElement {
  const heads = ['rung', 'reached', 'stopped there', 'went on', 'best', 'median', 'worst']
  const body = rows.map(({ level, reached, stopped, wentOn, best, median, worst }) =>
    make(
      'tr',
      {},
      make('th', { scope: 'row' }, level),
      ...[reached, stopped, wentOn, best, median, worst].map(value =>
        make('td', {}, Number.isNaN(value) ? '–' : formatNumber(value)),
      ),
    ),
  )
  return make(
    'section',
    { class: 'card half', 'aria-labelledby': 'rung-table' },
    make('h3', { id: 'rung-table' }, 'Rungs in numbers'),
    make('p', { class: 'faint' }, `${sanitize(metric)} of the trials that got there.`),
    scrollTable({ 'aria-labelledby': 'rung-table' }, 'plain numbers', heads, make('tbody', {}, ...body)),
  )
}
