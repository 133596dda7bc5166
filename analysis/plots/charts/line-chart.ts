import { axesPlot } from '../core/axes-plot.js'
import { type AxisOptions, settleAxis } from '../core/axis.js'
import { assertSeries } from '../core/check.js'
import { type Curve, curveSeries, type LineForm, legendOf, type Point } from '../core/curves.js'
import { type ChartOptions, label } from '../core/option.js'
import type { Plot, PlotSizeOptions } from '../core/plot.js'

/** A line, and a band around it if it has one. */
export interface LineSeries {
  /** What the legend calls it. */
  readonly name: string
  /** In rising order. @defaultValue 1, 2, 3 … */
  readonly x?: ArrayLike<number>
  /** NaN and infinities make gaps. */
  readonly y: ArrayLike<number>
  /** The edges of the band: a confidence interval, say, or quartiles. */
  readonly lower?: ArrayLike<number>
  /** Its upper edge, as many. */
  readonly upper?: ArrayLike<number>
  /** Whether each value holds until the next. @defaultValue false */
  readonly isStep?: boolean
  /** What is drawn: the points alone, in any order of x, the line alone, or both. @defaultValue a line, with marks that tell it from the others */
  readonly form?: LineForm
}

/** How lines are drawn. */
export interface LineChartOptions extends ChartOptions, PlotSizeOptions {
  /** The horizontal axis: its name, scale and bounds. */
  readonly x?: AxisOptions
  /** The vertical axis, likewise. */
  readonly y?: AxisOptions
}

/**
 * Lines that differ in colour, dash and marker, with bands; points beside them, or alone.
 *
 * @throws `TuneError` `INVALID_OPTION` for lists of different lengths
 */
export function lineChart(series: readonly LineSeries[], options: LineChartOptions = {}): Plot {
  const curves = series.map((each, index): Curve => {
    const { name, y, lower, upper, isStep = false, form } = each
    const length = y.length
    const x = each.x ?? Array.from({ length }, (_, i) => i + 1)
    assertSeries('lineChart', name, length, { x, ...(lower && { lower }), ...(upper && { upper }) })
    const pointsOf = (values: ArrayLike<number>) =>
      Array.from(values, (value, i): Point => [x[i] ?? Number.NaN, value]).filter(([place]) => Number.isFinite(place))
    return {
      name: label(name),
      points: pointsOf(y),
      // points take no dash from lines, nor lines a marker from points
      slot: series.slice(0, index).filter(before => (before.form === 'points') === (form === 'points')).length,
      isStep,
      form,
      ...(lower && upper && { lower: pointsOf(lower), upper: pointsOf(upper) }),
    }
  })
  const all = curves.flatMap(({ points, lower = [], upper = [] }) => [...points, ...lower, ...upper])
  const x = settleAxis(
    all.map(point => point[0]),
    { scale: 'linear', ...options.x },
  )
  const y = settleAxis(
    all.map(point => point[1]),
    { ...options.y },
  )
  const columns = [label(options.x?.name ?? 'x'), label(options.y?.name ?? 'y')]
  const legend = curves.length > 1 ? curves.map(legendOf) : []
  return axesPlot({ x, y, legend, series: curveSeries(curves, columns) }, options)
}
