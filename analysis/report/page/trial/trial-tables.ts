/// <reference lib="dom" />
import { formatDuration, formatValue, plural, sanitize } from '../../../../src/results/text.js'
import type { TrialReport } from '../../../../src/trial.js'
import type { TrialData } from '../../data/report-data.js'
import { make } from '../dom.js'
import { happeningRow } from '../happenings.js'
import type { StudyModel } from '../study-model.js'

/** The most reports that are listed as rows. */
const mostRows = 1000

/** What happened to the trial, with who decided it and why; nothing if it just ran. */
export function historyTable(index: number, trial: TrialData, model: StudyModel): HTMLElement | undefined {
  const happenings = model.happeningsOf(index)
  if (happenings.length === 0) return undefined
  const heads = ['when', 'after', 'what', 'by', 'why']
  const started = trial.startedMs ?? 0
  return make(
    'section',
    { class: 'card', 'aria-labelledby': 'history-title' },
    make('h2', { id: 'history-title' }, 'What happened'),
    make(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-labelledby': 'history-title' },
      make(
        'table',
        { class: 'plain' },
        make('thead', {}, make('tr', {}, ...heads.map(head => make('th', { scope: 'col' }, head)))),
        make(
          'tbody',
          {},
          ...happenings.map(each =>
            make(
              'tr',
              {},
              make(
                'td',
                { class: 'faint' },
                each.at === undefined ? '–' : `+${formatDuration((each.at - started) / 1000)}`,
              ),
              ...happeningRow(each),
            ),
          ),
        ),
      ),
    ),
  )
}

/** The reports of the trial as rows; nothing if it made none. */
export function reportTable(
  reports: readonly TrialReport[],
  trial: TrialData,
  model: StudyModel,
): HTMLElement | undefined {
  if (reports.length === 0) return undefined
  const named = model.data.reports.metrics.filter(({ name }) =>
    reports.some(({ metrics }) => typeof metrics[name] === 'number'),
  )
  const shown = reports.slice(-mostRows)
  const row = ({ iteration, metrics, timing: { timeThisIterS } }: TrialReport) =>
    make(
      'tr',
      {},
      make('th', { scope: 'row' }, iteration),
      ...named.map(({ name }) => make('td', {}, formatValue(metrics[name]))),
      make('td', {}, formatDuration(timeThisIterS)),
    )
  return make(
    'details',
    { class: 'card', open: shown.length <= 10 },
    make(
      'summary',
      {},
      shown.length < trial.iteration
        ? `${shown.length} of its ${trial.iteration} reports`
        : `Its ${plural(shown.length, 'report')}`,
    ),
    make(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Reports' },
      make(
        'table',
        { class: 'plain numbers' },
        make(
          'thead',
          {},
          make(
            'tr',
            {},
            ...['iteration', ...named.map(({ name }) => sanitize(name)), 'took'].map(head =>
              make('th', { scope: 'col' }, head),
            ),
          ),
        ),
        make('tbody', {}, ...shown.map(row)),
      ),
    ),
  )
}
