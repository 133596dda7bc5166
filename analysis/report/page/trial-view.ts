/// <reference lib="dom" />
import type { JsonValue } from '../../../src/json.js'
import {
  formatBytes,
  formatDuration,
  formatNumber,
  formatValue,
  plural,
  sanitize,
  sanitizeLines,
} from '../../../src/results/text.js'
import type { TrialReport } from '../../../src/trial.js'
import { lineChart } from '../../plots/charts/line-chart.js'
import type { TrialData } from '../data/report-data.js'
import { reportsOf } from '../data/view-of.js'
import { ChartCard, type ChartContext } from './chart-card.js'
import { codeBox } from './code-box.js'
import { isObject, toJson, toTypeScript } from './config-code.js'
import { type Content, facts, link, make, trialLink } from './dom.js'
import { happeningRow } from './happenings.js'
import { stateMark } from './state-mark.js'
import type { StudyModel } from './study-model.js'
import { formatMoment } from './times.js'

/** The most reports that are listed as rows. */
const mostRows = 1000

/** The page of one trial. */
export class TrialView {
  readonly root: HTMLElement
  readonly #cards: ChartCard[] = []
  readonly #context: ChartContext

  constructor(index: number, context: ChartContext) {
    this.#context = context
    const { model } = context
    const trial = model.data.trials[index]
    const back = link('#/', '← All trials')
    if (trial === undefined) {
      this.root = make(
        'article',
        { class: 'trial' },
        make('nav', { class: 'crumbs', 'aria-label': 'Trials' }, back),
        make('h1', { tabindex: -1 }, `There is no trial ${index}`),
      )
      return
    }
    const reports = [...reportsOf(model.data.reports, index)]
    const last = model.data.trials.length - 1
    this.root = make(
      'article',
      { class: 'trial' },
      make(
        'nav',
        { class: 'crumbs', 'aria-label': 'Trials' },
        back,
        index > 0 && trialLink(index - 1, `‹ trial ${index - 1}`),
        index < last && trialLink(index + 1, `trial ${index + 1} ›`),
      ),
      make(
        'h1',
        { tabindex: -1 },
        `Trial ${index}`,
        trial.name !== trial.id && make('span', { class: 'faint' }, ` ${sanitize(trial.name)}`),
        index === model.data.best && make('span', { class: 'star', title: 'the best' }, ' ★'),
      ),
      summary(index, trial, model),
      failure(trial),
      make('div', { class: 'columns' }, config(trial), make('div', {}, timing(trial, reports), files(trial, model))),
      this.#curves(index, reports),
      history(index, trial, model),
      reportTable(reports, trial, model),
    )
  }

  /** Takes it off the page for good. */
  dispose(): void {
    for (const card of this.#cards) card.dispose()
  }

  #curves(index: number, reports: readonly TrialReport[]): HTMLElement | undefined {
    const { model } = this.#context
    const { data } = model
    if (reports.length < 2) return undefined
    const named = data.reports.metrics.filter(({ name }) =>
      reports.some(({ metrics }) => typeof metrics[name] === 'number'),
    )
    const best = data.best !== null && data.best !== index ? [...reportsOf(data.reports, data.best)] : []
    const cards = named.map(({ name }, i) => {
      const own = curve(`trial ${index}`, reports, name)
      const other = curve(`best: trial ${data.best}`, best, name)
      const card = new ChartCard(
        {
          id: `metric-${i}`,
          title: sanitize(name),
          interaction: { hover: 'lines', zoom: 'both' },
          build: () =>
            lineChart(other.y.length > 1 ? [own, other] : [own], {
              title: '',
              x: { name: 'iteration', isInteger: true },
              y: { name: '' },
            }),
          height: 280,
          class: named.length > 1 ? 'half' : 'wide',
        },
        this.#context,
      )
      this.#cards.push(card)
      return card.root
    })
    const left = data.reports.metricsLeftOut.length
    const notes = [
      ...(data.reports.every > 1
        ? [`Every ${ordinal(data.reports.every)} report is drawn, with the first, the last and the best.`]
        : []),
      ...(left > 0
        ? [`${plural(left, 'more metric')} of the study ${left === 1 ? 'is' : 'are'} in the trial’s files alone.`]
        : []),
    ]
    return make(
      'section',
      { 'aria-labelledby': 'trial-curves' },
      make('h2', { id: 'trial-curves' }, 'Curves'),
      notes.length > 0 && make('p', { class: 'faint' }, notes.join(' ')),
      make('div', { class: 'charts' }, ...cards),
    )
  }
}

function curve(name: string, reports: readonly TrialReport[], metric: string) {
  const having = reports.flatMap(({ iteration, metrics }) => {
    const value = metrics[metric]
    return typeof value === 'number' ? [{ iteration, value }] : []
  })
  return { name, x: having.map(({ iteration }) => iteration), y: having.map(({ value }) => value) }
}

function summary(index: number, trial: TrialData, model: StudyModel): HTMLElement {
  const { objective } = model.data
  const value = objective === null ? Number.NaN : (model.bestValues(objective)[index] ?? Number.NaN)
  const words: Content[] = [stateMark(model.stateOf(index)), ` after ${plural(trial.iteration, 'report')}`]
  if (objective !== null && !Number.isNaN(value))
    words.push(
      ', best ',
      make('strong', {}, `${sanitize(objective.metric)} ${formatNumber(value)}`),
      rankOf(index, value, model),
    )
  if (trial.reason !== undefined && trial.status !== 'error')
    words.push('. ', `${trial.endedBy === undefined ? '' : `By the ${trial.endedBy}: `}${sanitize(trial.reason)}`)
  return make('p', { class: 'lead' }, ...words)
}

function rankOf(index: number, value: number, model: StudyModel): string {
  const { objective } = model.data
  if (objective === null || !Number.isFinite(value)) return ''
  const values = model.bestValues(objective)
  const better = values.reduce(
    (count, other, i) => count + Number(i !== index && (objective.mode === 'min' ? other < value : other > value)),
    0,
  )
  return `, the ${better === 0 ? 'best' : `${ordinal(better + 1)} best`} of ${values.filter(Number.isFinite).length}`
}

/** `1st`, `2nd`, `3rd`, `4th` … */
export function ordinal(n: number): string {
  const isTeen = n % 100 >= 11 && n % 100 <= 13
  const ending = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')
  return `${n}${ending}`
}

function failure({ error, status }: TrialData): HTMLElement | undefined {
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

function config(trial: TrialData): HTMLElement {
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

function timing(trial: TrialData, reports: readonly TrialReport[]): HTMLElement {
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

function files({ folder, files: list, checkpoints = [] }: TrialData, model: StudyModel): HTMLElement | undefined {
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

function history(index: number, trial: TrialData, model: StudyModel): HTMLElement | undefined {
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

function reportTable(reports: readonly TrialReport[], trial: TrialData, model: StudyModel): HTMLElement | undefined {
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
    { class: 'card' },
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
