/// <reference lib="dom" />
import { sanitize } from '../../../../src/results/text.js'
import type { Objective } from '../../../../src/trial.js'
import { plotSlices } from '../../../plots/study/slices.js'
import { ChartCard, type ChartContext } from '../chart-card.js'
import { make } from '../dom.js'

/** The most panels that are drawn. */
const mostPanels = 16

/** The metric against each hyperparameter, a panel each, the most important ones first. */
export function sliceCards(
  context: ChartContext,
  objective: Objective,
  track: (card: ChartCard) => HTMLElement,
): HTMLElement[] {
  const { parameters, view, data } = context.model
  const weights = new Map(
    'missing' in data.importances ? [] : data.importances.values.map(({ name, value }) => [name, value] as const),
  )
  const ordered = parameters.toSorted((a, b) => (weights.get(b.path) ?? 0) - (weights.get(a.path) ?? 0))
  const shown = ordered.slice(0, mostPanels)
  const panels = shown.map(({ path, name }, i) =>
    track(
      new ChartCard(
        {
          id: `slice-${i}`,
          title: sanitize(name),
          interaction: { hover: 'points', zoom: 'none' },
          build: () => plotSlices(view, { ...objective, parameters: [path], title: '', columns: 1, legend: false }),
          height: 220,
          level: 4,
          class: 'panel',
        },
        context,
      ),
    ),
  )
  const note =
    shown.length < parameters.length ? ` The ${shown.length} most important of ${parameters.length} are drawn.` : ''
  return [
    make(
      'section',
      { class: 'card wide', 'aria-labelledby': 'slices-title' },
      make('h3', { id: 'slices-title' }, 'Slices'),
      make('p', { class: 'faint' }, `Each trial’s best value against each hyperparameter.${note}`),
      make('div', { class: 'panels' }, ...panels),
      key(context),
    ),
  ]
}

/** What the shapes of all panels stand for. */
function key({ model }: ChartContext): HTMLElement {
  const hasStopped = model.data.trials.some((_, index) => model.stateOf(index) === 'stopped')
  return make(
    'p',
    { class: 'faint key' },
    make('span', { class: 'ordinary' }, '●'),
    ' trial',
    ...(hasStopped ? [make('span', {}, '▼'), ' stopped early'] : []),
    make('span', { class: 'star' }, '★'),
    ' best',
  )
}
