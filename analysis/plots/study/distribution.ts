import { axesPlot } from '../core/axes-plot.js'
import { type AxisOptions, settleAxis } from '../core/axis.js'
import { type Curve, curveSeries, type Point } from '../core/curves.js'
import { type ChartOptions, label } from '../core/option.js'
import type { Plot } from '../core/plot.js'
import { assertSomething, type MetricOptions, objectiveOf, type PlotSource, readStudy, scoresOf } from './source.js'

/** How empirical distributions are drawn. */
export interface DistributionOptions extends ChartOptions, MetricOptions {
  /** The metric's axis. */
  readonly value?: AxisOptions
}

/**
 * Which share of each study's trials came to at most each value: of two curves the left one is the better where smaller is better. Trials
 * without a finite value are not counted.
 *
 * @param sources - studies by name
 * @throws `TuneError` `INVALID_OPTION` without metric or mode, `NO_RESULT` if no trial has a finite value
 * @see Optuna's `plot_edf`
 */
export function plotDistribution(
  sources: Readonly<Record<string, PlotSource>>,
  options: DistributionOptions = {},
): Plot {
  const studies = Object.entries(sources).map(([name, source]) => {
    const study = readStudy(source)
    const objective = objectiveOf(study, options, 'plotDistribution')
    const values = [...scoresOf(study, objective, 'all').values()].sort((a, b) => a - b)
    return { name, objective, values }
  })
  const metric = studies[0]?.objective.metric ?? options.metric ?? ''
  const all = studies.flatMap(study => study.values)
  assertSomething(all.length, metric, 'plotDistribution')
  const x = settleAxis(all, { name: metric, ...options.value })
  const y = settleAxis([0, 1], { name: 'share of trials', scale: 'linear', min: 0, max: 1 })
  const curves = studies.map(({ name, values }, slot): Curve => {
    const points: Point[] = values.map((value, index) => [value, (index + 1) / values.length])
    const [first, last] = [values[0] ?? 0, x.max]
    return {
      name: label(`${label(name, 30)} (${values.length} trials)`, 48),
      points: [[first, 0], ...points, [last, 1]],
      slot,
      isStep: true,
    }
  })
  const legend = curves.map(curve => curve.name)
  const title = `Distribution of ${metric} over trials`
  return axesPlot({ x, y, legend, series: curveSeries(curves) }, { title, ...options })
}
