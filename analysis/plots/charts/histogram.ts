import { show, TuneError } from '../../../src/errors.js'
import { axesPlot } from '../core/axes-plot.js'
import { type AxisOptions, extentOf, settleAxis } from '../core/axis.js'
import { type Curve, curveSeries, type Point } from '../core/curves.js'
import { type ChartOptions, label } from '../core/option.js'
import type { Plot, PlotSizeOptions } from '../core/plot.js'

/** Values of one colour. */
export interface HistogramSeries {
  /** What the legend calls it. */
  readonly name: string
  /** NaN and infinities are left out. */
  readonly values: ArrayLike<number>
}

/** How a histogram is drawn. */
export interface HistogramOptions extends ChartOptions, PlotSizeOptions {
  /** How many bins of the same width, from 1 to 1000; in the logarithm where the axis is logarithmic. @defaultValue by the number of values */
  readonly bins?: number
  /** The axis of the values. */
  readonly x?: AxisOptions
  /** Whether shares are shown instead of counts, so that series of different lengths compare. @defaultValue whether lengths differ */
  readonly isShare?: boolean
}

/**
 * How often values fall into bins: outlines with filled areas, so that several series can be seen through one another.
 *
 * @throws `TuneError` `INVALID_OPTION`
 */
export function histogram(series: readonly HistogramSeries[], options: HistogramOptions = {}): Plot {
  const lists = series.map(({ values }) => Array.from(values).filter(Number.isFinite))
  const most = Math.max(1, ...lists.map(list => list.length))
  const { bins = Math.max(8, Math.min(60, Math.ceil(2 * Math.cbrt(most)))) } = options
  if (!Number.isInteger(bins) || bins < 1 || bins > 1000)
    throw new TuneError('INVALID_OPTION', `histogram: bins is ${show(bins)}: pass an integer from 1 to 1000`)
  const x = settleAxis(lists.flat(), { scale: 'linear', ...options.x })
  const { isLog } = x
  const [low, high] = extentOf(lists.flat(), isLog) ?? [0, 1]
  const [from, to] = isLog ? [Math.log(low), Math.log(high)] : [low, high]
  const width = (to - from || 1) / bins
  const edges = Array.from({ length: bins + 1 }, (_, i) => (isLog ? Math.exp(from + i * width) : from + i * width))
  const { isShare = new Set(lists.map(list => list.length)).size > 1 } = options
  const curves = lists.map((list, slot): Curve => {
    const counts = countIn(list, bins, value => ((isLog ? Math.log(value) : value) - from) / width)
    const unit = isShare ? 1 / Math.max(1, list.length) : 1
    const points = counts.flatMap((count, i): Point[] =>
      [edges[i] ?? 0, edges[i + 1] ?? 0].map(edge => [edge, count * unit]),
    )
    const outline: Point[] = [[edges[0] ?? 0, 0], ...points, [edges[bins] ?? 0, 0]]
    return { name: label(series[slot]?.name ?? ''), points: outline, slot, isMarked: false }
  })
  const y = settleAxis([0, ...curves.flatMap(({ points }) => points.map(point => point[1]))], {
    name: isShare ? 'share of values' : 'number of values',
    scale: 'linear',
    min: 0,
  })
  const legend = curves.length > 1 ? curves.map(curve => curve.name) : []
  const drawn = curveSeries(curves).flatMap(line =>
    line.type === 'line' ? [{ ...line, areaStyle: { opacity: 0.25 } }] : curves.length > 1 ? [line] : [],
  )
  return axesPlot({ x, y, legend, series: drawn }, options)
}

function countIn(values: readonly number[], bins: number, place: (value: number) => number): number[] {
  const counts = Array.from({ length: bins }, () => 0)
  for (const value of values) {
    const bin = Math.max(0, Math.min(bins - 1, Math.floor(place(value))))
    if (Number.isFinite(bin)) counts[bin] = (counts[bin] ?? 0) + 1
  }
  return counts
}
