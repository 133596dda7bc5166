import { axesPlot } from '../core/axes-plot.js'
import { type AxisOptions, settleAxis } from '../core/axis.js'
import { curveSeries, type Point } from '../core/curves.js'
import { shapes } from '../core/markers.js'
import { type ChartOptions, label } from '../core/option.js'
import type { Plot } from '../core/plot.js'
import { cloudSeries } from '../core/points.js'
import { accent, neutral, ordinary } from '../core/theme.js'
import {
  assertSomething,
  type MetricOptions,
  objectiveOf,
  type PlotSource,
  readStudy,
  scoresOf,
  stoppedEarly,
} from './source.js'

/** How an optimization history is drawn. */
export interface OptimizationHistoryOptions extends ChartOptions, MetricOptions {
  /** Which report stands for a trial: its best (`all`), or its last. @defaultValue `'all'` */
  readonly scope?: 'all' | 'last'
  /** The metric's axis. */
  readonly value?: AxisOptions
}

/**
 * Each trial's value in the order of the trials, and the best so far. Failed trials are marked at the edge.
 *
 * @throws `TuneError` `INVALID_OPTION` without metric or mode, `NO_RESULT` if no trial has a finite value
 * @see Optuna's `plot_optimization_history`
 */
export function plotOptimizationHistory(source: PlotSource, options: OptimizationHistoryOptions = {}): Plot {
  const study = readStudy(source)
  const objective = objectiveOf(study, options, 'plotOptimizationHistory')
  const { metric, mode } = objective
  const scores = scoresOf(study, objective, options.scope ?? 'all')
  assertSomething(scores.size, metric, 'plotOptimizationHistory')
  const early = stoppedEarly(study)
  const rows: Record<'whole' | 'stopped', [number, number][]> = { whole: [], stopped: [] }
  const failed: number[] = []
  const best: Point[] = []
  let incumbent = Number.NaN
  for (const { index, status } of study.trials) {
    const score = scores.get(index)
    if (status === 'error') failed.push(index)
    else if (score !== undefined) rows[early.has(index) ? 'stopped' : 'whole'].push([index, score])
    if (score !== undefined && !(mode === 'min' ? incumbent <= score : incumbent >= score)) incumbent = score
    best.push([index, incumbent])
  }
  const x = settleAxis([0, study.trials.length - 1], { name: 'trial', isInteger: true })
  const y = settleAxis(scores.values(), { name: metric, ...options.value })
  const columns = ['trial', label(metric)]
  const clouds = [
    { name: 'trial', rows: rows.whole, columns, symbol: shapes.disc, color: ordinary },
    { name: 'stopped early', rows: rows.stopped, columns, symbol: shapes.tip, color: neutral },
    {
      name: 'failed',
      rows: failed.map(index => [index, mode === 'min' ? y.max : y.min]),
      columns,
      symbol: shapes.cross,
      color: accent,
    },
  ].filter(cloud => cloud.rows.length > 0)
  const bestSoFar = { name: 'best so far', points: best, slot: 0, isStep: true }
  const drawn = [...curveSeries([bestSoFar]), ...clouds.map(cloudSeries)]
  const legend = ['best so far', ...clouds]
  return axesPlot({ x, y, legend, series: drawn }, { title: `Optimization history of ${metric}`, ...options })
}
