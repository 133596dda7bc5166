/// <reference lib="dom" />
import type { Objective } from '../../../../src/trial.js'
import { plotParallelCoordinates } from '../../../plots/study/parallel-coordinates.js'
import { ChartCard, type ChartContext } from '../chart-card.js'
import type { Chart } from '../chart-library.js'
import { button } from '../dom.js'
import type { TrialFilter } from '../trials-table.js'

/** What of the library's model tells which lines are inside the bars that were drawn on axes. */
interface ParallelModel {
  getModel(): {
    getSeries(): readonly { readonly getRawIndicesByActiveState?: (state: 'active') => readonly number[] }[]
  }
}

/** Each trial as a line across its hyperparameters; what is brushed on the axes can be looked up in the table. */
export function parallelCard(context: ChartContext, objective: Objective, showInTable: TrialFilter): ChartCard {
  const { parameters, view } = context.model
  let brushed: readonly number[] | undefined
  const look = button('', () => brushed && showInTable(brushed), { class: 'quiet small', hidden: true })
  const onBrush = (chart: Chart) => {
    brushed = trialsInside(chart)
    look.hidden = brushed === undefined
    look.textContent = `Show ${brushed?.length ?? 0} in the table`
  }
  return new ChartCard(
    {
      id: 'parallel',
      title: 'Parallel coordinates',
      about:
        'Each trial as a line across its hyperparameters to its value. Draw along an axis to keep the lines that pass there.',
      interaction: { hover: 'points', zoom: 'none' },
      controls: [look],
      build: () => plotParallelCoordinates(view, { ...objective, title: '' }),
      onDrawn: chart => {
        look.hidden = true
        brushed = undefined
        chart.on('axisareaselected', () => onBrush(chart))
      },
      height: 420,
      class: parameters.length > 8 ? 'wide roomy' : 'wide',
    },
    context,
  )
}

/** The trials whose lines pass through all bars; undefined while there are none. */
function trialsInside(chart: Chart): number[] | undefined {
  const series = (chart as unknown as ParallelModel).getModel().getSeries()
  const drawn = (chart.getOption().series ?? []) as readonly { readonly data?: readonly (readonly unknown[])[] }[]
  let isBrushed = false
  const trials = series.flatMap((each, i) => {
    const rows = drawn[i]?.data ?? []
    const active = each.getRawIndicesByActiveState?.('active') ?? []
    if (active.length > 0 || rows.length === 0) isBrushed ||= active.length > 0
    return active.flatMap(row => {
      const index = rows[row]?.at(-1)
      return typeof index === 'number' ? [index] : []
    })
  })
  return isBrushed ? trials.sort((a, b) => a - b) : undefined
}
