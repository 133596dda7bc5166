/// <reference lib="dom" />
import { plural, sanitize } from '../../../src/results/text.js'
import type { Happening } from '../data/report-data.js'
import { button, make, section, trialLink } from './dom.js'
import { happeningRow, happeningVerbs } from './happenings.js'
import { scrollTable } from './scroll-table.js'
import type { StudyModel } from './study-model.js'

/** How many decisions are listed at a time. */
const step = 50

/** A reason without its numbers, so that the same reasons count together. */
export function kindOfReason(reason: string): string {
  return sanitize(reason).replace(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi, '…')
}

/** Who stopped, paused or changed what, and why. */
export function decisionsSection(model: StudyModel): HTMLElement {
  const { happenings, happeningsLeftOut } = model.data
  const decided = happenings.filter(({ reason, type }) => reason !== undefined && type !== 'retry' && type !== 'fail')
  if (decided.length === 0)
    return section(
      'decisions',
      'Decisions',
      make('p', { class: 'missing' }, 'Nobody stopped or paused a trial: each ran to its own end.'),
    )
  const left =
    happeningsLeftOut > 0
      ? make(
          'p',
          { class: 'faint' },
          `${happeningsLeftOut} more happened than fit in this list; the journal has them all.`,
        )
      : undefined
  return section('decisions', 'Decisions', countTable(decided), list(decided), left)
}

interface Count {
  readonly type: Happening['type']
  readonly by: string
  readonly reason: string
  count: number
}

function countTable(decided: readonly Happening[]): HTMLElement {
  const counts = new Map<string, Count>()
  for (const { type, by = '', reason = '' } of decided) {
    const kind = kindOfReason(reason)
    const key = JSON.stringify([type, by, kind])
    const held = counts.get(key)
    if (held) held.count += 1
    else counts.set(key, { type, by, reason: kind, count: 1 })
  }
  const sorted = [...counts.values()].sort((a, b) => b.count - a.count)
  const shown = sorted.slice(0, 20)
  const heads = ['times', 'who', 'what', 'why']
  return make(
    'div',
    { class: 'card flush scroll', tabindex: 0, role: 'region', 'aria-label': 'Decisions by reason' },
    make(
      'table',
      { class: 'plain' },
      make(
        'caption',
        { class: 'faint' },
        shown.length < sorted.length
          ? `The ${shown.length} most frequent of ${sorted.length} reasons.`
          : plural(decided.length, 'decision'),
      ),
      make(
        'thead',
        {},
        make(
          'tr',
          {},
          ...heads.map((head, i) => make('th', { scope: 'col', ...(i === 0 && { class: 'number' }) }, head)),
        ),
      ),
      make(
        'tbody',
        {},
        ...shown.map(({ type, by, reason, count }) =>
          make(
            'tr',
            {},
            make('td', { class: 'number' }, count),
            make('td', {}, by === '' ? '–' : sanitize(by)),
            make('td', {}, happeningVerbs[type]),
            make('td', {}, reason),
          ),
        ),
      ),
    ),
  )
}

/** The decisions one by one, more of them when asked for. */
function list(decided: readonly Happening[]): HTMLElement {
  const body = make('tbody')
  let shown = 0
  const more = button('', () => grow(), { class: 'quiet' })
  function grow(): void {
    const next = decided.slice(shown, shown + step)
    body.append(
      ...next.map(each => make('tr', {}, make('th', { scope: 'row' }, trialLink(each.trial)), ...happeningRow(each))),
    )
    shown += next.length
    more.hidden = shown >= decided.length
    more.textContent = `Show ${Math.min(step, decided.length - shown)} more of ${decided.length - shown}`
  }
  grow()
  return make(
    'details',
    { class: 'card' },
    make('summary', {}, `All ${plural(decided.length, 'decision')}, one by one`),
    scrollTable({ 'aria-label': 'All decisions' }, 'plain', ['trial', 'after', 'what', 'by', 'why'], body),
    more,
  )
}
