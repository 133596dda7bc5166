import { axesPlot } from '../core/axes-plot.js'
import { type AxisOptions, settleAxis } from '../core/axis.js'
import { assertSeries } from '../core/check.js'
import { markers } from '../core/markers.js'
import { type ChartOptions, label } from '../core/option.js'
import type { Plot, PlotSizeOptions } from '../core/plot.js'
import { cloudSeries } from '../core/points.js'
import { cycle } from '../core/theme.js'

/** Points of one colour and shape. */
export interface ScatterSeries {
  /** What the legend calls it. */
  readonly name: string
  /** The points' horizontal coordinates. */
  readonly x: ArrayLike<number>
  /** Their vertical ones, as many. */
  readonly y: ArrayLike<number>
}

/** How points are drawn. */
export interface ScatterChartOptions extends ChartOptions, PlotSizeOptions {
  /** The horizontal axis: its name, scale and bounds. */
  readonly x?: AxisOptions
  /** The vertical axis, likewise. */
  readonly y?: AxisOptions
}

/**
 * Points that differ in colour and shape by series; those that are not finite are left out.
 *
 * @throws `TuneError` `INVALID_OPTION` for lists of different lengths
 */
export function scatterChart(series: readonly ScatterSeries[], options: ScatterChartOptions = {}): Plot {
  const columns = [label(options.x?.name ?? 'x'), label(options.y?.name ?? 'y')]
  const clouds = series.map(({ name, x, y }, slot) => {
    assertSeries('scatterChart', name, x.length, { y })
    const rows = Array.from(x, (value, i) => [value, y[i] ?? Number.NaN])
    return {
      name: label(name),
      columns,
      symbol: cycle(markers, slot),
      rows: rows.filter(row => row.every(Number.isFinite)),
    }
  })
  const values = (column: number) => clouds.flatMap(({ rows }) => rows.map(row => row[column] ?? Number.NaN))
  const x = settleAxis(values(0), { ...options.x })
  const y = settleAxis(values(1), { ...options.y })
  const legend = clouds.length > 1 ? clouds : []
  return axesPlot({ x, y, legend, series: clouds.map(cloudSeries) }, options)
}
