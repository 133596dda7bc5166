/// <reference lib="dom" />
import type { JsonValue } from '../../../../src/json.js'
import { formatBytes, formatDuration, formatValue, sanitize, sanitizeLines } from '../../../../src/results/text.js'
import type { TrialReport } from '../../../../src/trial.js'
import type { TrialData } from '../../data/report-data.js'
import { codeBox } from '../code-box.js'
import { isObject, toJson, toTypeScript } from '../config-code.js'
import { facts, link, make } from '../dom.js'
import type { StudyModel } from '../study-model.js'
import { formatMoment } from '../times.js'

/** Why a trial failed, or what it survived; nothing if nothing went wrong. */
export function failureCard({ error, status }: TrialData): HTMLElement | undefined {
  if (error === undefined) return undefined
  const lines = sanitizeLines(error.stack ?? '')
  const message = sanitizeLines(`${error.name}: ${error.message}`)
  return make(
    'section',
    { class: 'card failure', 'aria-labelledby': 'failure-title' },
    make('h2', { id: 'failure-title' }, status === 'error' ? 'Why it failed' : 'What it survived'),
    make('p', {}, make('strong', {}, message.join(' '))),
    lines.length > 0 &&
      make(
        'details',
        {},
        make('summary', {}, 'Stack'),
        make('pre', { tabindex: 0, 'aria-label': 'Stack' }, lines.join('\n')),
      ),
  )
}

/** What was tried, to read and to copy. */
export function configCard(trial: TrialData): HTMLElement {
  return make(
    'section',
    { class: 'card', 'aria-labelledby': 'config-title' },
    make('h2', { id: 'config-title' }, 'Config'),
    facts(leaves(trial.config).map(([path, value]) => [sanitize(path), formatValue(value)])),
    trial.firstConfig !== undefined &&
      make(
        'details',
        {},
        make('summary', {}, 'What it began with'),
        facts(leaves(trial.firstConfig).map(([path, value]) => [sanitize(path), formatValue(value)])),
      ),
    codeBox([
      { name: 'TypeScript', text: `const config = ${toTypeScript(trial.config)}\n` },
      { name: 'JSON', text: `${toJson(trial.config)}\n` },
    ]),
  )
}

function leaves(value: JsonValue, path = ''): (readonly [string, JsonValue])[] {
  if (!isObject(value) || (path !== '' && Object.keys(value).length === 0)) return [[path, value]]
  return Object.entries(value).flatMap(([key, child]) => leaves(child, path === '' ? key : `${path}/${key}`))
}

/** What the trial reported last; nothing if it made no report. */
export function lastReportCard({ notes = {} }: TrialData, reports: readonly TrialReport[]): HTMLElement | undefined {
  const last = reports.at(-1)
  if (last === undefined) return undefined
  const values = [...Object.entries(last.metrics), ...Object.entries(notes)]
  return make(
    'section',
    { class: 'card', 'aria-labelledby': 'last-title' },
    make('h2', { id: 'last-title' }, 'Last report'),
    facts(values.map(([name, value]) => [sanitize(name), formatValue(value)])),
  )
}

/** When the trial worked, and for how long. */
export function timingCard(trial: TrialData, reports: readonly TrialReport[]): HTMLElement {
  const ends = reports.at(-1)?.timing.timestampMs
  return make(
    'section',
    { class: 'card', 'aria-labelledby': 'timing-title' },
    make('h2', { id: 'timing-title' }, 'Timing'),
    facts([
      ...(trial.startedMs === undefined ? [] : [['Began', formatMoment(trial.startedMs)] as const]),
      ...(ends === undefined ? [] : [['Last report', formatMoment(ends)] as const]),
      ['Worked', formatDuration(trial.seconds)],
      ...(trial.iteration > 0
        ? [['A report took', `${formatDuration(trial.seconds / trial.iteration)} on average`] as const]
        : []),
      ...(trial.failures === undefined ? [] : [['Failures', String(trial.failures)] as const]),
      ...(trial.repeat === undefined
        ? []
        : [['Repeat', `${trial.repeat.index + 1} of ${trial.repeat.of} of suggestion ${trial.repeat.group}`] as const]),
    ]),
  )
}

/** What lies in the trial's folder; nothing if it has none. */
export function filesCard(
  { folder, files: list, checkpoints = [] }: TrialData,
  model: StudyModel,
): HTMLElement | undefined {
  if (folder === undefined) return undefined
  const names = list === undefined ? [] : (model.data.fileLists[list] ?? [])
  const sizes = new Map(
    checkpoints.map(({ name, bytes, iteration }) => [
      `${name}/`,
      ` after report ${iteration}${bytes === undefined ? '' : `, ${formatBytes(bytes)}`}`,
    ]),
  )
  return make(
    'section',
    { class: 'card', 'aria-labelledby': 'files-title' },
    make('h2', { id: 'files-title' }, 'Files'),
    names.length === 0
      ? make('p', { class: 'missing' }, 'Its folder is empty.')
      : make(
          'ul',
          { class: 'files' },
          ...names.map(name =>
            make(
              'li',
              {},
              link(folder + address(name), sanitize(name)),
              make('span', { class: 'faint' }, sizes.get(name) ?? ''),
            ),
          ),
        ),
  )
}

function address(name: string): string {
  return name.endsWith('/') ? `${encodeURIComponent(name.slice(0, -1))}/` : encodeURIComponent(name)
}
