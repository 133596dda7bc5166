/// <reference lib="dom" />
import { formatDuration, formatValue, plural, sanitize } from '../../../../src/results/text.js'
import type { TrialReport } from '../../../../src/trial.js'
import type { Happening, TrialData } from '../../data/report-data.js'
import { make } from '../dom.js'
import { happeningRow } from '../happenings.js'
import { scrollTable } from '../scroll-table.js'
import type { StudyModel } from '../study-model.js'

/** The most reports that are listed as rows. */
const mostRows = 1000

/** What happened to the trial, with who decided it and why; nothing if it just ran. */
export function historyTable(index: number, trial: TrialData, model: StudyModel): HTMLElement | undefined {
  const happenings = model.happeningsOf(index)
  if (happenings.length === 0) return undefined
  const started = trial.startedMs ?? 0
  const row = (each: Happening) => {
    const after = each.at === undefined ? '–' : `+${formatDuration((each.at - started) / 1000)}`
    return make('tr', {}, make('td', { class: 'faint' }, after), ...happeningRow(each))
  }
  return make(
    'section',
    { class: 'card', 'aria-labelledby': 'history-title' },
    make('h2', { id: 'history-title' }, 'What happened'),
    scrollTable(
      { 'aria-labelledby': 'history-title' },
      'plain',
      ['when', 'after', 'what', 'by', 'why'],
      make('tbody', {}, ...happenings.map(row)),
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
    scrollTable(
      { 'aria-label': 'Reports' },
      'plain numbers',
      ['iteration', ...named.map(({ name }) => sanitize(name)), 'took'],
      make('tbody', {}, ...shown.map(row)),
    ),
  )
}
