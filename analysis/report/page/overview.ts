/// <reference lib="dom" />

import { describePart } from '../../../src/results/describe-parts.js'
import { formatDuration, formatNumber, plural, sanitize } from '../../../src/results/text.js'
import { codeBox } from './code-box.js'
import { toJson, toTypeScript } from './config-code.js'
import { type Content, facts, make, section, trialLink } from './dom.js'
import { scrollTable } from './scroll-table.js'
import { stateMark } from './state-mark.js'
import type { StudyModel, TrialState } from './study-model.js'
import { formatSpan } from './times.js'

const states: readonly TrialState[] = ['ended', 'stopped', 'failed', 'running', 'paused', 'pending']
/** The most trials of a front that are listed here. */
const mostOnFront = 12

/** What the study came to, at a glance. */
export function overviewSection(model: StudyModel): HTMLElement {
  return section(
    'overview',
    'Overview',
    make('div', { class: 'tiles' }, ...tiles(model)),
    statusBar(model),
    make('div', { class: 'columns' }, studyFacts(model), bestConfig(model)),
  )
}

function tiles(model: StudyModel): HTMLElement[] {
  const { data } = model
  const { run, trials, reports, objective, best, front } = data
  const tile = (name: string, value: string, ...note: Content[]) =>
    make(
      'div',
      { class: 'tile' },
      make('div', { class: 'tile-name' }, name),
      make('div', { class: 'tile-value' }, value),
      make('div', { class: 'faint' }, ...note),
    )
  const value = objective === null || best === null ? undefined : model.bestValues(objective)[best]
  const first =
    front.length > 0
      ? tile('Pareto front', String(front.length), 'trials that no other is better than in all metrics')
      : value === undefined || best === null
        ? tile('Best', '–', objective === null ? 'the study has no metric' : 'no trial has a value yet')
        : tile(
            `Best ${sanitize(objective?.metric ?? '')}`,
            formatNumber(value),
            trialLink(best),
            ` · ${objective?.mode === 'min' ? 'smaller' : 'larger'} is better`,
          )
  const planned =
    run.totalTrials !== null && run.totalTrials > trials.length
      ? `of ${run.totalTrials} planned`
      : plural(reports.total, 'report')
  const worked = trials.reduce((sum, { seconds }) => sum + seconds, 0)
  const time =
    run.elapsedS === null
      ? tile('Work', formatDuration(worked), 'of all trials together')
      : tile('Time', formatDuration(run.elapsedS), `${formatDuration(worked)} of work in all trials`)
  const longest = trials.reduce((most, { iteration }) => Math.max(most, iteration), 0)
  const saved = longest > 1 ? 1 - reports.total / (longest * trials.length) : 0
  const reach = tile(
    'Iterations',
    formatNumber(reports.total),
    saved > 0.005
      ? `${Math.round(100 * saved)} % fewer than ${longest} for every trial`
      : `${longest} at most in a trial`,
  )
  return [first, tile('Trials', String(trials.length), planned), time, reach]
}

/** How the trials stand, as one bar of parts with their names below. */
function statusBar(model: StudyModel): HTMLElement {
  const counts = new Map<TrialState, number>()
  for (const index of model.data.trials.keys()) {
    const state = model.stateOf(index)
    counts.set(state, (counts.get(state) ?? 0) + 1)
  }
  const present = states.flatMap(state => {
    const count = counts.get(state)
    return count === undefined ? [] : [{ state, count }]
  })
  const parts = present.map(({ state, count }) => {
    const part = make('span', { class: `part ${state}` })
    part.style.flexGrow = String(count)
    return part
  })
  return make(
    'div',
    { class: 'status' },
    make('div', { class: 'bar', 'aria-hidden': 'true' }, ...parts),
    make('ul', { class: 'keys' }, ...present.map(({ state, count }) => make('li', {}, stateMark(state), ` ${count}`))),
  )
}

function studyFacts(model: StudyModel): HTMLElement {
  const { definition, run } = model.data
  const goals = definition.objectives.map(
    ({ metric, mode }) => `${mode === 'min' ? 'minimize' : 'maximize'} ${sanitize(metric)}`,
  )
  const span =
    run.startedMs === null || run.lastMs === null ? [] : [['Ran', formatSpan(run.startedMs, run.lastMs)] as const]
  return make(
    'section',
    { class: 'card', 'aria-labelledby': 'study-title' },
    make('h3', { id: 'study-title' }, 'The study'),
    facts([
      ['Objective', goals.length === 0 ? 'none' : goals.join(', ')],
      ['Trainable', sanitize(definition.trainable)],
      ['Searcher', describePart(definition.searcher)],
      ['Scheduler', describePart(definition.scheduler)],
      ...definition.stoppers.map(stopper => ['Stops at', describePart(stopper)] as const),
      ['Ended', whyEnded(model)],
      ...span,
      ...(run.sessions > 1 || run.extensions > 0
        ? [
            [
              'Sessions',
              `${run.sessions}${run.extensions > 0 ? `, extended ${plural(run.extensions, 'time')}` : ''}`,
            ] as const,
          ]
        : []),
      ...(run.failures > 0 ? [['Failures', failuresText(model)] as const] : []),
    ]),
  )
}

function failuresText({ data }: StudyModel): string {
  const failed = data.trials.filter(({ status }) => status === 'error').length
  const survived = data.run.failures - failed
  return `${plural(failed, 'trial')} failed${survived > 0 ? `, and ${plural(survived, 'failure')} more ${survived === 1 ? 'was' : 'were'} survived by trying again` : ''}`
}

/** Why the study is over, or how it stands. */
export function whyEnded({ data }: StudyModel): string {
  const { state, haltReason, haltedBy } = data.run
  if (state === 'halted')
    return `halted${haltedBy === null ? '' : ` by ${sanitize(haltedBy)}`}: ${sanitize(haltReason ?? '')}`
  if (state === 'finished') return 'nothing was left to try: all trials that were asked for have ended'
  const open = data.trials.filter(({ status }) => status !== 'terminated' && status !== 'error').length
  return open === 0
    ? 'not marked as finished when this was written, though no trial was open'
    : `not yet: ${plural(open, 'trial')} still open when this was written`
}

function bestConfig(model: StudyModel): HTMLElement {
  const { data } = model
  const heading = (text: string) => make('h3', { id: 'best-title' }, text)
  const box = (...content: Content[]) => make('section', { class: 'card', 'aria-labelledby': 'best-title' }, ...content)
  if (data.front.length > 0) return box(heading('Pareto front'), frontTable(model))
  const best = data.best === null ? undefined : data.trials[data.best]
  if (best === undefined || data.best === null)
    return box(heading('Best config'), make('p', { class: 'missing' }, 'No trial has a value that could be the best.'))
  return box(
    heading('Best config'),
    make('p', { class: 'faint' }, 'Of ', trialLink(data.best), '.'),
    codeBox([
      { name: 'TypeScript', text: `const config = ${toTypeScript(best.config)}\n` },
      { name: 'JSON', text: `${toJson(best.config)}\n` },
    ]),
  )
}

function frontTable(model: StudyModel): HTMLElement {
  const { definition, front } = model.data
  const columns = definition.objectives.map(({ metric }) => ({ metric, values: model.lastValues(metric) }))
  const [first] = definition.objectives
  const sign = first?.mode === 'max' ? -1 : 1
  const firstValue = (trial: number) => columns[0]?.values[trial] ?? 0
  const sorted = front.toSorted((a, b) => sign * (firstValue(a) - firstValue(b)))
  const shown = sorted.slice(0, mostOnFront)
  return make(
    'div',
    {},
    make(
      'p',
      { class: 'faint' },
      shown.length < front.length
        ? `${shown.length} of ${front.length}; the table of trials marks all.`
        : 'By their last reports; each trial’s page has its config to copy.',
    ),
    scrollTable(
      { 'aria-labelledby': 'best-title' },
      'plain numbers',
      ['trial', ...columns.map(({ metric }) => sanitize(metric))],
      make(
        'tbody',
        {},
        ...shown.map(trial =>
          make(
            'tr',
            {},
            make('th', { scope: 'row' }, trialLink(trial)),
            ...columns.map(({ values }) => make('td', {}, formatNumber(values[trial] ?? Number.NaN))),
          ),
        ),
      ),
    ),
  )
}
