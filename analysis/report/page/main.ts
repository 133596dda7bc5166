/// <reference lib="dom" />
import { decodeJson } from '../../../src/json.js'
import { describePart } from '../../../src/results/describe-parts.js'
import { plural, sanitize } from '../../../src/results/text.js'
import type { ReportData } from '../data/report-data.js'
import { type ChartContext, followTheme } from './chart-card.js'
import { chartsSection } from './charts.js'
import { decisionsSection } from './decisions.js'
import { fill, link, make } from './dom.js'
import { nextSection } from './next/next-section.js'
import { overviewSection } from './overview.js'
import { reproduceSection } from './reproduce.js'
import { modelOf, type StudyModel } from './study-model.js'
import { Theme } from './theme.js'
import { formatMoment } from './times.js'
import { TrialView } from './trial/trial-view.js'
import { TrialsTable } from './trials-table.js'

/** The parts of the page, by their anchors. */
const parts = [
  ['overview', 'Overview'],
  ['next', 'What next'],
  ['charts', 'Charts'],
  ['trials', 'Trials'],
  ['decisions', 'Decisions'],
  ['reproduce', 'Reproduce'],
] as const

/** Draws the report. */
export function main(): void {
  // the page and its data are written by the same version
  const data = decodeJson(document.getElementById('data')?.textContent ?? '') as unknown as ReportData
  const model = modelOf(data)
  const theme = new Theme()
  const context: ChartContext = {
    model,
    theme,
    openTrial: index => {
      location.hash = `#/trial/${index}`
    },
  }
  const table = new TrialsTable(model)
  const showInTable = (trials: readonly number[]) => {
    table.select(trials)
    table.root.scrollIntoView()
  }
  const study = make(
    'div',
    { id: 'study' },
    overviewSection(model),
    nextSection(model),
    chartsSection(context, showInTable),
    table.root,
    decisionsSection(model),
    reproduceSection(model),
  )
  const trial = make('div', { id: 'trial', hidden: true })
  const content = make('main', { id: 'main' }, study, trial)
  document.body.append(
    make('a', { class: 'skip', href: '#main' }, 'Skip to the content'),
    header(model, theme),
    navigation(study),
    content,
    make(
      'footer',
      { class: 'faint' },
      `Written ${formatMoment(data.writtenMs)} by tunewright ${sanitize(data.versions.tunewright)}. This file needs no network.`,
    ),
  )
  followTheme(theme)
  followAddress(study, trial, context)
}

function header({ data }: StudyModel, theme: Theme): HTMLElement {
  const { definition, trials } = data
  const line = [
    plural(trials.length, 'trial'),
    describePart({ ...definition.searcher, options: {} }),
    describePart({ ...definition.scheduler, options: {} }),
  ]
  return make(
    'header',
    { class: 'page' },
    make(
      'div',
      { class: 'title' },
      make(
        'div',
        {},
        make('p', { class: 'faint kicker' }, 'Study'),
        make('h1', {}, sanitize(data.title)),
        make('p', { class: 'faint' }, line.join(' · ')),
      ),
      theme.toggle(),
    ),
  )
}

/** The way to the parts of the page, which tells where the reader is. */
function navigation(study: HTMLElement): HTMLElement {
  const links = new Map(parts.map(([id, name]) => [id as string, link(`#${id}`, name)]))
  const seen = new IntersectionObserver(
    entries => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) links.get(target.id)?.setAttribute('aria-current', 'true')
        else links.get(target.id)?.removeAttribute('aria-current')
      }
    },
    // a line a little below the top, so that just one part is there
    { rootMargin: '-25% 0px -75% 0px' },
  )
  for (const part of study.children) seen.observe(part)
  return make('nav', { class: 'parts', 'aria-label': 'Parts of the report' }, make('div', {}, ...links.values()))
}

/** Shows the study, or the trial that the address names. */
function followAddress(study: HTMLElement, place: HTMLElement, context: ChartContext): void {
  const title = document.title
  let view: TrialView | undefined
  let scrolled = 0
  const follow = () => {
    const [, index] = /^#\/trial\/(\d+)$/.exec(location.hash) ?? []
    if (view === undefined && index !== undefined) scrolled = scrollY
    view?.dispose()
    const was = view
    view = index === undefined ? undefined : new TrialView(Number(index), context)
    study.hidden = view !== undefined
    place.hidden = view === undefined
    fill(place, view?.root)
    document.title = view === undefined ? title : `Trial ${index} – ${title}`
    if (view !== undefined) {
      scrollTo(0, 0)
      view.root.querySelector('h1')?.focus({ preventScroll: true })
    } else if (location.hash === '#/' && was !== undefined) scrollTo(0, scrolled)
    else if (was !== undefined) document.getElementById(location.hash.slice(1))?.scrollIntoView()
  }
  addEventListener('hashchange', follow)
  follow()
}
