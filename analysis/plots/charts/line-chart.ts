import { type AxisOptions, settleAxis, xAxis, yAxis } from '../core/axis.js'
import { assertSeries } from '../core/check.js'
import { type Curve, curveSeries, type Point } from '../core/curves.js'
import { type ChartOptions, frame, label, plotArea } from '../core/option.js'
import { Plot, type PlotSizeOptions, sizeOf } from '../core/plot.js'

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
}

/** How lines are drawn. */
export interface LineChartOptions extends ChartOptions, PlotSizeOptions {
  /** The horizontal axis: its name, scale and bounds. */
  readonly x?: AxisOptions
  /** The vertical axis, likewise. */
  readonly y?: AxisOptions
}

/**
 * Lines that differ in colour, dash and marker, with bands.
 *
 * @throws `TuneError` `INVALID_OPTION` for lists of different lengths
 */
export function lineChart(series: readonly LineSeries[], options: LineChartOptions = {}): Plot {
  const curves = series.map((each, slot): Curve => {
    const { name, y, lower, upper, isStep = false } = each
    const length = y.length
    const x = each.x ?? Array.from({ length }, (_, i) => i + 1)
    assertSeries('lineChart', name, length, { x, ...(lower && { lower }), ...(upper && { upper }) })
    const pointsOf = (values: ArrayLike<number>) =>
      Array.from(values, (value, i): Point => [x[i] ?? Number.NaN, value]).filter(([place]) => Number.isFinite(place))
    return {
      name: label(name),
      points: pointsOf(y),
      slot,
      isStep,
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
  return new Plot(size => {
    const words = frame(size, options, curves.length > 1 ? curves.map(curve => curve.name) : [])
    return {
      ...words.option,
      tooltip: { trigger: 'item' },
      grid: plotArea(words),
      xAxis: xAxis(x),
      yAxis: yAxis(y),
      series: curveSeries(curves),
    }
  }, sizeOf(options))
}
