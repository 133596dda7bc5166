/// <reference lib="dom" />
import { sanitize } from '../../../src/results/text.js'
import type { Objective } from '../../../src/trial.js'
import { plotDistribution } from '../../plots/study/distribution.js'
import { plotImportances } from '../../plots/study/importances.js'
import { plotLineage } from '../../plots/study/lineage.js'
import { plotOptimizationHistory } from '../../plots/study/optimization-history.js'
import { plotParetoFront } from '../../plots/study/pareto-front.js'
import { plotRungs, rungTable } from '../../plots/study/rungs.js'
import { plotTimeline } from '../../plots/study/timeline.js'
import { ChartCard, type ChartContext, type ChartSpec } from './chart-card.js'
import { contourCard } from './charts/contour-card.js'
import { curvesCard } from './charts/curves-card.js'
import { parallelCard } from './charts/parallel-card.js'
import { rungTableOf } from './charts/rung-table.js'
import { sliceCards } from './charts/slice-cards.js'
import { choose, make, section } from './dom.js'
import type { TrialFilter } from './trials-table.js'

/** A chart, or why there is none. */
type Entry = { readonly node: HTMLElement } | { readonly title: string; readonly missing: string }

/** The metrics of {@link StudyModel} that charts can be drawn of. */
function chartMetrics(context: ChartContext): string[] {
  const { definition, reports } = context.model.data
  const named = definition.objectives.map(({ metric }) => metric)
  return [...new Set([...named, ...reports.metrics.map(({ name }) => name)])]
}

/** All charts that the study has data for, with what they are drawn of to choose, and why others are left out. */
export function chartsSection(context: ChartContext, showInTable: TrialFilter): HTMLElement {
  const { data } = context.model
  const place = make('div', { class: 'charts' })
  let cards: ChartCard[] = []
  let objective: Objective | null = data.objective
  const track = (card: ChartCard) => {
    cards.push(card)
    return card.root
  }
  const draw = () => {
    for (const card of cards) card.dispose()
    cards = []
    const entries = entriesFor(context, objective, track, showInTable)
    const missing = entries.flatMap(entry => ('missing' in entry ? [entry] : []))
    place.replaceChildren(
      ...entries.flatMap(entry => ('node' in entry ? [entry.node] : [])),
      ...(missing.length > 0 ? [leftOut(missing)] : []),
    )
  }
  const controls =
    objective === null
      ? undefined
      : objectiveControls(context, objective, chosen => {
          objective = chosen
          draw()
        })
  draw()
  return section('charts', 'Charts', controls, place)
}

function leftOut(missing: readonly { readonly title: string; readonly missing: string }[]): HTMLElement {
  return make(
    'aside',
    { class: 'card wide leftout', 'aria-label': 'Charts that are left out' },
    make('h3', {}, 'Not drawn'),
    make('ul', {}, ...missing.map(({ title, missing: why }) => make('li', {}, make('strong', {}, title), ` — ${why}`))),
  )
}

function objectiveControls(
  context: ChartContext,
  objective: Objective,
  onChange: (objective: Objective) => void,
): HTMLElement | undefined {
  const metrics = chartMetrics(context)
  if (metrics.length < 2) return undefined
  let chosen = objective
  const modes = make('span')
  const drawModes = () =>
    modes.replaceChildren(
      choose(
        'of which',
        [
          { value: 'min', text: 'smaller is better' },
          { value: 'max', text: 'larger is better' },
        ],
        chosen.mode,
        mode => {
          chosen = { ...chosen, mode: mode === 'max' ? 'max' : 'min' }
          onChange(chosen)
        },
      ),
    )
  drawModes()
  const own = context.model.data.definition.objectives
  return make(
    'div',
    { class: 'controls' },
    choose(
      'Charts show',
      metrics.map(value => ({ value, text: sanitize(value) })),
      chosen.metric,
      metric => {
        chosen = { metric, mode: own.find(each => each.metric === metric)?.mode ?? chosen.mode }
        drawModes()
        onChange(chosen)
      },
    ),
    modes,
  )
}

function entriesFor(
  context: ChartContext,
  objective: Objective | null,
  track: (card: ChartCard) => HTMLElement,
  showInTable: TrialFilter,
): Entry[] {
  const { model } = context
  const { data, view, parameters } = model
  const card = (spec: ChartSpec): Entry => ({ node: track(new ChartCard(spec, context)) })
  const without = (title: string, missing: string): Entry => ({ title, missing })
  const entries: Entry[] = []
  const scored = objective === null ? 0 : model.bestValues(objective).filter(Number.isFinite).length
  const longest = data.trials.reduce((most, { iteration }) => Math.max(most, iteration), 0)
  const exploits = data.happenings.filter(({ exploit }) => exploit !== undefined).length

  if (data.definition.objectives.length > 1) entries.push(...fronts(context, card))
  if (objective === null || scored === 0) {
    const why =
      objective === null ? 'the study has no metric' : `no trial reported a finite ${sanitize(objective.metric)}`
    entries.push(without('Optimization history, learning curves, and what they tell of hyperparameters', why))
  } else {
    entries.push(
      card({
        id: 'history',
        title: 'Optimization history',
        about: 'Each trial’s best value in the order of trials, and the best so far.',
        interaction: { hover: 'points', zoom: 'both' },
        build: () => plotOptimizationHistory(view, { ...objective, title: '' }),
        class: 'wide',
      }),
    )
    if (longest > 1) entries.push({ node: track(curvesCard(context, objective)) })
    else entries.push(without('Learning curves', 'no trial made more than one report'))
    entries.push(
      'missing' in data.importances || objective.metric !== data.objective?.metric
        ? without(
            'Importance of hyperparameters',
            'missing' in data.importances
              ? data.importances.missing
              : `they were computed for ${sanitize(data.objective?.metric ?? '')}`,
          )
        : importanceEntry(card, data.importances),
    )
    entries.push(
      card({
        id: 'distribution',
        title: 'Distribution',
        about: 'Which share of the trials came to at most each value.',
        interaction: { hover: 'lines', zoom: 'x' },
        build: () => plotDistribution({ [data.definition.name]: view }, { ...objective, title: '', legend: false }),
        class: 'half',
        height: 320,
      }),
    )
    if (parameters.length === 0 || scored < 2)
      entries.push(
        without(
          'Parallel coordinates, slices and contour',
          scored < 2 ? 'they need two trials with a value' : 'no hyperparameter differs between trials',
        ),
      )
    else {
      entries.push({ node: track(parallelCard(context, objective, showInTable)) })
      entries.push(...sliceCards(context, objective, track).map(node => ({ node })))
      entries.push(
        parameters.length < 2
          ? without('Contour', 'it needs two hyperparameters that differ')
          : { node: track(contourCard(context, objective)) },
      )
    }
    const rungs = rungTable(view, objective)
    if (rungs.length > 0) {
      entries.push(
        card({
          id: 'rungs',
          title: 'Rungs',
          about: 'How many trials reached each rung, and how many went on.',
          interaction: { hover: 'points', zoom: 'none' },
          build: () => plotRungs(view, { ...objective, title: '' }),
          class: 'half',
          height: 320,
        }),
      )
      entries.push({ node: rungTableOf(rungs, objective) })
    } else entries.push(without('Rungs', 'no scheduler stopped trials at common iterations'))
  }
  if (exploits > 0) entries.push(lineage(context, track, without))
  if (data.reports.total > 0)
    entries.push(
      card({
        id: 'timeline',
        title: 'Timeline',
        about: 'When trials worked, side by side; gaps are time in which a place had nothing to do.',
        interaction: { hover: 'points', zoom: 'x' },
        build: () => plotTimeline(view, { title: '' }),
        class: 'wide',
        height: 340,
      }),
    )
  else entries.push(without('Timeline', 'no trial made a report'))
  return entries
}

function importanceEntry(
  card: (spec: ChartSpec) => Entry,
  {
    method,
    values,
  }: { readonly method: string; readonly values: readonly { readonly name: string; readonly value: number }[] },
): Entry {
  const shown = Math.min(20, values.length)
  return card({
    id: 'importances',
    title: 'Importance of hyperparameters',
    about:
      method === 'fanova'
        ? 'The share of the variance between trials that each explains alone (fANOVA).'
        : 'What makes the best tenth of the trials differ from the rest (PED-ANOVA).',
    interaction: { hover: 'points', zoom: 'none' },
    build: () => plotImportances(values, { title: '' }),
    class: 'half',
    height: Math.max(320, 90 + 26 * shown),
  })
}

function fronts(context: ChartContext, card: (spec: ChartSpec) => Entry): Entry[] {
  const { definition } = context.model.data
  const [first, ...others] = definition.objectives
  return others.map((second, i) =>
    card({
      id: `front-${i}`,
      title: `Pareto front: ${sanitize(first?.metric ?? '')} and ${sanitize(second.metric)}`,
      about: 'Trials that no other is better than in both.',
      interaction: { hover: 'points', zoom: 'both' },
      class: others.length > 1 ? 'half' : 'wide',
      height: 420,
      build: () => plotParetoFront(context.model.view, { objectives: [first ?? second, second], title: '' }),
    }),
  )
}

function lineage(
  context: ChartContext,
  track: (card: ChartCard) => HTMLElement,
  without: (title: string, missing: string) => Entry,
): Entry {
  const { parameters, leaves, view } = context.model
  const isNumeric = (path: string) =>
    leaves.every(each => each.get(path) === undefined || typeof each.get(path) === 'number')
  const numeric = parameters.filter(({ path }) => isNumeric(path))
  const [first] = numeric
  if (first === undefined) return without('Lineage', 'no hyperparameter is a number')
  let chosen = first.path
  const options = numeric.map(({ path }) => ({ value: path, text: sanitize(path) }))
  const control = choose('of', options, chosen, path => {
    chosen = path
    card.redraw()
  })
  const card: ChartCard = new ChartCard(
    {
      id: 'lineage',
      title: 'Lineage',
      about: 'A hyperparameter as trials went on with it; diamonds mark where one took over another.',
      interaction: { hover: 'points', zoom: 'both' },
      controls: numeric.length > 1 ? [control] : [],
      class: 'wide',
      height: 400,
      build: () => plotLineage(view, chosen, { title: '' }),
    },
    context,
  )
  return { node: track(card) }
}
