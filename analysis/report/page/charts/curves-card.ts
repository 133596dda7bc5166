/// <reference lib="dom" />
import type { Objective } from '../../../../src/trial.js'
import type { ChartOption } from '../../../plots/core/option.js'
import { accent } from '../../../plots/core/theme.js'
import { plotLearningCurves } from '../../../plots/study/learning-curves.js'
import type { ReportData } from '../../data/report-data.js'
import { ChartCard, type ChartContext } from '../chart-card.js'
import type { Chart } from '../chart-library.js'

/** How near a pointer has to be to a curve, in pixels. */
const reach = 16

/** Learning curves; the one nearest to the pointer is drawn over the others, and opens its trial when it is clicked. */
export function curvesCard(context: ChartContext, objective: Objective): ChartCard {
  const { view, data } = context.model
  const thinned =
    data.reports.every > 1
      ? ` One report of ${data.reports.every} is drawn, and the first, the last and the best of each trial.`
      : ''
  return new ChartCard(
    {
      id: 'curves',
      title: 'Learning curves',
      about: `The best trials in colour over the others; triangles mark where trials were stopped. Click a curve to open its trial.${thinned}`,
      interaction: { hover: 'lines', zoom: 'both' },
      build: () => plotLearningCurves(view, { ...objective, title: '' }),
      onDrawn: chart => follow(chart, context, objective.metric),
      class: 'wide',
      height: 400,
    },
    context,
  )
}

function follow(chart: Chart, { model: { data }, openTrial }: ChartContext, metric: string): void {
  let shown: number | undefined
  const show = (trial: number | undefined) => {
    if (trial === shown) return
    shown = trial
    const points = trial === undefined ? [] : curveOf(data, metric, trial)
    const line = {
      id: 'pointed',
      type: 'line',
      name: trial === undefined ? '' : `trial ${trial}`,
      data: points,
      symbol: 'none',
      silent: true,
      lineStyle: { color: accent, width: 2.5 },
      itemStyle: { color: accent },
      z: 6,
    }
    chart.setOption({ series: [line] } as ChartOption)
  }
  const surface = chart.getZr()
  surface.on('mousemove', ({ offsetX, offsetY }) => {
    show(chart.containPixel('grid', [offsetX, offsetY]) ? nearest(chart, data, metric, offsetX, offsetY) : undefined)
    if (shown !== undefined) surface.setCursorStyle('pointer')
  })
  surface.on('globalout', () => show(undefined))
  surface.on('click', () => {
    if (shown !== undefined) openTrial(shown)
  })
}

/** The trial whose curve passes the pointer most nearly, if one is within reach. */
function nearest(chart: Chart, data: ReportData, metric: string, x: number, y: number): number | undefined {
  const [at = 0] = chart.convertFromPixel({ gridIndex: 0 }, [x, y])
  const values = data.reports.metrics.find(({ name }) => name === metric)?.values ?? []
  const { offsets, iterations } = data.reports
  let found: number | undefined
  let least = reach
  for (let trial = 0; trial + 1 < offsets.length; trial++) {
    const [from, to] = [offsets[trial] ?? 0, offsets[trial + 1] ?? 0]
    const row = iterations ? rowNear(iterations, from, to, at) : from + Math.round(at) - 1
    const value = row >= from && row < to ? values[row] : undefined
    if (typeof value !== 'number' || !Number.isFinite(value)) continue
    const distance = Math.abs(chart.convertToPixel({ yAxisIndex: 0 }, value) - y)
    if (distance >= least) continue
    least = distance
    found = trial
  }
  return found
}

/** The row whose iteration is the last one at or before a place. */
function rowNear(iterations: readonly number[], from: number, to: number, at: number): number {
  let [low, high] = [from, to - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((iterations[middle] ?? 0) <= Math.round(at)) low = middle
    else high = middle - 1
  }
  return low
}

function curveOf({ reports }: ReportData, metric: string, trial: number): (readonly [number, number | null])[] {
  const values = reports.metrics.find(({ name }) => name === metric)?.values ?? []
  const [from, to] = [reports.offsets[trial] ?? 0, reports.offsets[trial + 1] ?? 0]
  return Array.from({ length: to - from }, (_, i) => {
    const value = values[from + i]
    return [reports.iterations?.[from + i] ?? i + 1, typeof value === 'number' && Number.isFinite(value) ? value : null]
  })
}
