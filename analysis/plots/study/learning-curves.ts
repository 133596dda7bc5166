import type { LineSeriesOption } from 'echarts'
import { axesPlot } from '../core/axes-plot.js'
import { type AxisOptions, settleAxis } from '../core/axis.js'
import { type Curve, curveSeries, decimate, type Point } from '../core/curves.js'
import { evenly } from '../core/evenly.js'
import { shapes } from '../core/markers.js'
import { type ChartOptions, label } from '../core/option.js'
import type { Plot } from '../core/plot.js'
import { cloudSeries } from '../core/points.js'
import { accent, neutral } from '../core/theme.js'
import { rungLevels } from './rungs.js'
import {
  assertSomething,
  curvesOf,
  type MetricOptions,
  objectiveOf,
  type PlotSource,
  readStudy,
  scoresOf,
  stoppedEarly,
} from './source.js'

/** How learning curves are drawn. */
export interface LearningCurvesOptions extends ChartOptions, MetricOptions {
  /** How many of the best trials have a colour, dash and name of their own. @defaultValue 5 */
  readonly highlight?: number
  /** How many of the other trials are drawn at most, evenly chosen. @defaultValue 300 */
  readonly maxTrials?: number
  /** The iterations at which the scheduler decided, as vertical lines. @defaultValue where trials were stopped, if those are few */
  readonly rungs?: readonly number[]
  /** The metric's axis. */
  readonly value?: AxisOptions
}

/**
 * The metric over the iterations of each trial: the best trials in colour, the others grey, with marks where trials were stopped or failed and
 * lines at rungs.
 *
 * @throws `TuneError` `INVALID_OPTION` without metric or mode, `NO_RESULT` if no trial has a finite value
 * @see Optuna's `plot_intermediate_values`
 */
export function plotLearningCurves(source: PlotSource, options: LearningCurvesOptions = {}): Plot {
  const study = readStudy(source)
  const objective = objectiveOf(study, options, 'plotLearningCurves')
  const { metric, mode } = objective
  const { highlight = 5, maxTrials = 300 } = options
  const curves = new Map<number, Point[]>()
  for (const [index, values] of curvesOf(study, metric))
    curves.set(
      index,
      values.map(({ iteration, value }) => [iteration, value]),
    )
  const scores = scoresOf(study, objective, 'all')
  assertSomething(scores.size, metric, 'plotLearningCurves')
  const sign = mode === 'min' ? 1 : -1
  const ranked = [...scores].sort((a, b) => sign * (a[1] - b[1]) || a[0] - b[0]).map(([index]) => index)
  const best = ranked.slice(0, highlight)
  const rest = ranked.slice(highlight).sort((a, b) => a - b)
  const others = evenly(rest, maxTrials)
  const shown = new Set([...best, ...others])

  const early = stoppedEarly(study)
  const stops: (readonly [number, number, number])[] = []
  const failures: (readonly [number, number, number])[] = []
  for (const { index, status } of study.trials) {
    const end = curves.get(index)?.findLast(([, value]) => Number.isFinite(value))
    if (end === undefined || !shown.has(index)) continue
    if (status === 'error') failures.push([...end, index])
    else if (early.has(index)) stops.push([...end, index])
  }
  const named = best.map((index, slot): Curve => ({ name: `trial ${index}`, points: curves.get(index) ?? [], slot }))
  const levels = options.rungs ?? rungLevels(study)
  const x = settleAxis(
    [...curves.values()].flatMap(points => points.map(([iteration]) => iteration)),
    {
      name: 'iteration',
      scale: 'linear',
      isInteger: true,
    },
  )
  const y = settleAxis(
    [...curves.values()].flatMap(points => points.map(([, value]) => value)),
    { name: metric, ...options.value },
  )
  const columns = ['iteration', label(metric), 'trial']
  const clouds = [
    { name: 'stopped', rows: stops, columns, symbol: shapes.tip, color: neutral, symbolSize: 6, opacity: 1 },
    { name: 'failed', rows: failures, columns, symbol: shapes.cross, color: accent, symbolSize: 8, opacity: 1 },
  ].filter(cloud => cloud.rows.length > 0)
  const grey = others.length > 0 ? [background(others.map(index => curves.get(index) ?? []))] : []
  const left = rest.length - others.length
  const notes = [
    ...(levels.length > 0 ? [`dotted lines: rungs at ${levels.join(', ')}`] : []),
    ...(left > 0 ? [`${others.length} of ${rest.length} other trials are drawn`] : []),
  ]
  const legend = [
    ...named.map(each => each.name),
    ...(grey.length > 0 ? [{ name: 'other trials', symbol: shapes.dash }] : []),
    ...clouds,
  ]
  const drawn = [...curveSeries(named), ...grey, ...clouds.map(cloudSeries), ...rungLines(levels)]
  const words = { title: `Learning curves of ${metric}`, subtitle: notes.join('; '), ...options }
  return axesPlot({ x, y, legend, series: drawn }, words)
}

/** All other trials as one line with gaps: one shape, however many they are. */
function background(curves: readonly (readonly Point[])[]): LineSeriesOption {
  const perCurve = Math.max(20, Math.floor(30_000 / curves.length))
  return {
    type: 'line',
    name: 'other trials',
    data: curves.flatMap(points => [
      ...decimate(points, perCurve).map(([x, y]) => [x, Number.isFinite(y) ? y : null]),
      [null, null],
    ]),
    symbol: 'none',
    lineStyle: { width: 1, color: neutral, opacity: Math.max(0.25, Math.min(0.7, 30 / curves.length)) },
    itemStyle: { color: neutral },
    silent: true,
    tooltip: { show: false },
    z: 1,
  }
}

function rungLines(levels: readonly number[]): LineSeriesOption[] {
  if (levels.length === 0) return []
  return [
    {
      type: 'line',
      data: [],
      silent: true,
      markLine: {
        symbol: 'none',
        silent: true,
        label: { show: false },
        lineStyle: { color: neutral, type: [2, 3], width: 1.5 },
        data: levels.map(level => ({ xAxis: level })),
      },
    },
  ]
}
