import type { GridComponentOption, XAXisComponentOption, YAXisComponentOption } from 'echarts'
import { type AxisOptions, labelWidth, settleAxis, yAxis } from '../core/axis.js'
import { shapes } from '../core/markers.js'
import { type ChartOptions, frame, label } from '../core/option.js'
import { Plot } from '../core/plot.js'
import { type Cloud, cloudSeries } from '../core/points.js'
import { accent, neutral, ordinary } from '../core/theme.js'
import { horizontalAxes, settleParameter } from './parameter-axes.js'
import { type ParameterOptions, type PlotParameter, parametersOf } from './parameters.js'
import {
  assertSomething,
  type MetricOptions,
  objectiveOf,
  type PlotSource,
  readStudy,
  scoresOf,
  stoppedEarly,
} from './source.js'

/** How slices are drawn. */
export interface SlicesOptions extends ChartOptions, MetricOptions, ParameterOptions {
  /** The metric's axis. */
  readonly value?: AxisOptions
  /** Panels in a row. @defaultValue 4 at most */
  readonly columns?: number
}

/** The most panels that are drawn unless parameters are named. */
const mostPanels = 16

/**
 * Each trial's value against each hyperparameter, a panel each; logarithmic domains on logarithmic axes, choices as categories with their points
 * spread sideways.
 *
 * @throws `TuneError` `INVALID_OPTION` without metric or mode, `NO_RESULT` if no trial has a finite value
 * @see Optuna's `plot_slice`
 */
export function plotSlices(source: PlotSource, options: SlicesOptions = {}): Plot {
  const study = readStudy(source)
  const objective = objectiveOf(study, options, 'plotSlices')
  const { metric, mode } = objective
  const scores = scoresOf(study, objective, 'all')
  assertSomething(scores.size, metric, 'plotSlices')
  const all = parametersOf(study, options, 'plotSlices')
  const parameters = options.parameters === undefined ? all.slice(0, mostPanels) : all
  const sign = mode === 'min' ? 1 : -1
  const best = [...scores].reduce((a, b) => (sign * (b[1] - a[1]) < 0 ? b : a))[0]
  const early = stoppedEarly(study)
  const clouds = (parameter: PlotParameter): Cloud[] => {
    const rows: Record<'whole' | 'stopped' | 'best', number[][]> = { whole: [], stopped: [], best: [] }
    for (const { index, config } of study.trials) {
      const score = scores.get(index)
      const value = parameter.read(config)
      if (score === undefined || value === undefined) continue
      rows[index === best ? 'best' : early.has(index) ? 'stopped' : 'whole'].push([
        value + spread(parameter, index),
        score,
        index,
      ])
    }
    const columns = [parameter.name, label(metric), 'trial']
    return [
      { name: 'trial', rows: rows.whole, columns, symbol: shapes.disc, color: ordinary },
      { name: 'stopped early', rows: rows.stopped, columns, symbol: shapes.tip, color: neutral },
      {
        name: `best: trial ${best}`,
        rows: rows.best,
        columns,
        symbol: shapes.star,
        color: accent,
        symbolSize: 15,
        opacity: 1,
      },
    ].filter(cloud => cloud.rows.length > 0)
  }
  const panels = parameters.map(parameter => {
    const own = clouds(parameter)
    const values = own.flatMap(cloud => cloud.rows.map(row => Number(row[0])))
    return { parameter, clouds: own, axis: settleParameter(parameter, values) }
  })
  const legend = panels.flatMap(panel => panel.clouds)
  const y = settleAxis(scores.values(), { name: metric, ...options.value })
  const columns = Math.max(1, Math.min(options.columns ?? 4, panels.length))
  const rows = Math.ceil(panels.length / columns)
  const subtitle = all.length > parameters.length ? `${parameters.length} of ${all.length} hyperparameters` : ''
  return new Plot(
    size => {
      const words = frame(size, { title: `${metric} by hyperparameter`, subtitle, ...options }, legend)
      const left = 46 + labelWidth(y)
      const cell = {
        width: (size.width - left - 12) / columns,
        height: (size.height - words.top - words.bottom) / rows,
      }
      const grids: GridComponentOption[] = []
      const xAxes: XAXisComponentOption[] = []
      const yAxes: YAXisComponentOption[] = []
      const series = panels.flatMap((panel, index) => {
        const [row, column] = [Math.floor(index / columns), index % columns]
        grids.push({
          left: left + column * cell.width,
          top: words.top + row * cell.height + 4,
          width: cell.width - 22,
          height: cell.height - 56,
          outerBoundsMode: 'none',
        })
        const xAxisIndex = xAxes.length
        xAxes.push(...horizontalAxes(panel.parameter, panel.axis, index))
        const { name, axisLabel, ...axis } = yAxis(y)
        const isFirst = column === 0
        yAxes.push({
          ...axis,
          gridIndex: index,
          name: isFirst ? name : '',
          axisLabel: { ...axisLabel, show: isFirst },
          nameGap: left - 22,
        } as YAXisComponentOption)
        return panel.clouds.map(cloud => ({ ...cloudSeries(cloud), xAxisIndex, yAxisIndex: index }))
      })
      return { ...words.option, tooltip: { trigger: 'item' }, grid: grids, xAxis: xAxes, yAxis: yAxes, series }
    },
    { width: Math.max(480, 84 + 230 * columns), height: 100 + 220 * rows },
  )
}

/** Sideways within a category, the same for a trial each time. */
function spread({ categories }: PlotParameter, trialIndex: number): number {
  return categories === undefined ? 0 : (((trialIndex + 1) * 0.6180339887498949) % 1) * 0.6 - 0.3
}
