/// <reference lib="dom" />
import type { CorrelationData, NextSteps, RegionData } from '../../data/report-data.js'
import { type Content, make } from '../dom.js'
import { scrollTable } from '../scroll-table.js'

/** Where trials get into trouble. */
export function regionsCard(regions: readonly RegionData[]): HTMLElement {
  return card('regions', 'Where trials get into trouble', [
    table(
      'regions',
      ['where', 'trials that', 'there', 'elsewhere', 'p'],
      regions.map(({ where, what, inside, outside, p }) => [where, what, share(inside), share(outside), p]),
    ),
    make('p', { class: 'faint' }, 'By Fisher’s exact test; p after correction for all regions tried.'),
  ])
}

/** What goes together. */
export function correlationsCard({ correlations, correlationNotes }: NextSteps): HTMLElement {
  const cells = ({ first, second, strength, p }: CorrelationData) => [first, second, strength, p]
  return card('correlations', 'What goes together', [
    table('correlations', ['parameter', 'with', 'how closely', 'p'], correlations.map(cells)),
    make(
      'p',
      { class: 'faint' },
      ['What goes together need not be cause and effect; p after Holm’s correction.', ...correlationNotes].join(' '),
    ),
  ])
}

function share({ marked, trials }: RegionData['inside']): string {
  return `${marked} of ${trials}`
}

function card(id: string, heading: string, content: readonly Content[]): HTMLElement {
  const title = `${id}-title`
  return make('section', { class: 'card', 'aria-labelledby': title }, make('h3', { id: title }, heading), ...content)
}

/** A small table; its first column names what the row is about. */
function table(id: string, heads: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  const body = rows.map(([first, ...rest]) =>
    make('tr', {}, make('th', { scope: 'row' }, first), ...rest.map(cell => make('td', {}, cell))),
  )
  return scrollTable({ 'aria-labelledby': `${id}-title` }, `plain findings ${id}`, heads, make('tbody', {}, ...body))
}
