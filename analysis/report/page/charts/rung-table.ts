/// <reference lib="dom" />
import { formatNumber, sanitize } from '../../../../src/results/text.js'
import type { Objective } from '../../../../src/trial.js'
import type { RungRow } from '../../../plots/study/rungs.js'
import { make } from '../dom.js'

/** The rungs as a table. */
export function rungTableOf(rows: readonly RungRow[], { metric }: Objective): HTMLElement {
  const heads = ['rung', 'reached', 'stopped there', 'went on', 'best', 'median', 'worst']
  return make(
    'section',
    { class: 'card half', 'aria-labelledby': 'rung-table' },
    make('h3', { id: 'rung-table' }, 'Rungs in numbers'),
    make('p', { class: 'faint' }, `${sanitize(metric)} of the trials that got there.`),
    make(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-labelledby': 'rung-table' },
      make(
        'table',
        { class: 'plain numbers' },
        make('thead', {}, make('tr', {}, ...heads.map(head => make('th', { scope: 'col' }, head)))),
        make(
          'tbody',
          {},
          ...rows.map(({ level, reached, stopped, wentOn, best, median, worst }) =>
            make(
              'tr',
              {},
              make('th', { scope: 'row' }, level),
              ...[reached, stopped, wentOn, best, median, worst].map(value =>
                make('td', {}, Number.isNaN(value) ? '–' : formatNumber(value)),
              ),
            ),
          ),
        ),
      ),
    ),
  )
}
