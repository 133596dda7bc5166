/// <reference lib="dom" />
import { sanitize } from '../../../../src/results/text.js'
import type { Objective } from '../../../../src/trial.js'
import { plotContour } from '../../../plots/study/contour.js'
import { ChartCard, type ChartContext } from '../chart-card.js'
import { choose } from '../dom.js'

/** The metric over two hyperparameters, the most important ones unless others are chosen. */
export function contourCard(context: ChartContext, objective: Objective): ChartCard {
  const { parameters, view, data } = context.model
  const ranked = 'missing' in data.importances ? [] : data.importances.values.map(({ name }) => name)
  const paths = [
    ...new Set([
      ...ranked.filter(name => parameters.some(({ path }) => path === name)),
      ...parameters.map(({ path }) => path),
    ]),
  ]
  const pair: [string, string] = [paths[0] ?? '', paths[1] ?? '']
  const options = parameters.map(({ path }) => ({ value: path, text: sanitize(path) }))
  const pick = (place: 0 | 1, name: string) =>
    choose(name, options, pair[place], path => {
      pair[place] = path
      card.redraw()
    })
  const card: ChartCard = new ChartCard(
    {
      id: 'contour',
      title: 'Contour',
      about: 'The metric over two hyperparameters, all others averaged out.',
      interaction: { hover: 'points', zoom: 'none' },
      controls: [pick(0, 'across'), pick(1, 'up')],
      build: () => {
        if (pair[0] === pair[1]) throw new Error('Choose two different hyperparameters.')
        return plotContour(view, pair, { ...objective, title: '' })
      },
      height: 460,
      class: 'wide',
    },
    context,
  )
  return card
}
