/// <reference lib="dom" />
import { plural, sanitize } from '../../../../src/results/text.js'
import type { TrialReport } from '../../../../src/trial.js'
import { lineChart } from '../../../plots/charts/line-chart.js'
import { reportsOf } from '../../data/view-of.js'
import { ChartCard, type ChartContext } from '../chart-card.js'
import { link, make, trialLink } from '../dom.js'
import { starOf } from '../state-mark.js'
import { configCard, failureCard, filesCard, lastReportCard, timingCard } from './trial-cards.js'
import { ordinal, trialSummary } from './trial-summary.js'
import { historyTable, reportTable } from './trial-tables.js'

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
        `Trial ${index} `,
        trial.name !== trial.id && make('span', { class: 'faint' }, ` ${sanitize(trial.name)}`),
        starOf(index, model),
      ),
      trialSummary(index, trial, model),
      failureCard(trial),
      make(
        'div',
        { class: 'columns' },
        configCard(trial),
        make('div', {}, lastReportCard(trial, reports), timingCard(trial, reports), filesCard(trial, model)),
      ),
      this.#curves(index, reports),
      historyTable(index, trial, model),
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
