import type { BarSeriesOption, LineSeriesOption, XAXisComponentOption, YAXisComponentOption } from 'echarts'
import { formatNumber } from '../../../src/results/text.js'
import { type Axis, type AxisOptions, extentOf, settleAxis, xAxis, yAxis } from '../core/axis.js'
import { assertSeries } from '../core/check.js'
import { type ChartOptions, frame, label, plotArea } from '../core/option.js'
import { Plot, type PlotSizeOptions, sizeOf } from '../core/plot.js'
import { neutral } from '../core/theme.js'

/** Bars of one colour, one for each category. */
export interface BarSeries {
  /** What the legend calls it. */
  readonly name: string
  /** NaN leaves a bar out. */
  readonly values: ArrayLike<number>
  /** The ends of an interval around each value. */
  readonly lower?: ArrayLike<number>
  /** Where the whisker of each bar ends. */
  readonly upper?: ArrayLike<number>
}

/** How bars are drawn. */
export interface BarChartOptions extends ChartOptions, PlotSizeOptions {
  /** The axis of the values. */
  readonly value?: AxisOptions
  /** What the categories are. */
  readonly category?: string
  /** Whether the bars lie, which leaves room for long names. @defaultValue false */
  readonly isHorizontal?: boolean
}

/**
 * Bars for categories, one group of bars a category; groups differ in pattern as well as in colour. Each bar tells its value.
 *
 * @throws `TuneError` `INVALID_OPTION` for lists of different lengths
 */
export function barChart(
  categories: readonly string[],
  series: readonly BarSeries[],
  options: BarChartOptions = {},
): Plot {
  for (const { name, values, lower, upper } of series)
    assertSeries('barChart', name, categories.length, { values, ...(lower && { lower }), ...(upper && { upper }) })
  const { isHorizontal = false } = options
  const ends = series.flatMap(each =>
    [each.values, each.lower ?? [], each.upper ?? []].flatMap(list => [...Array.from(list)]),
  )
  const values = settleAxis([0, ...ends], { scale: 'linear', ...options.value }).isLog
    ? logAxis(ends, options.value)
    : linearAxis(ends, options.value)
  const names = categories.map(name => label(name, 36))
  const bars = series.map(
    (each, index): BarSeriesOption => ({
      type: 'bar',
      name: label(each.name),
      data: Array.from(each.values, value => (Number.isFinite(value) ? value : null)).map(value => ({
        value: value ?? '-',
        label: { formatter: value === null ? '' : formatNumber(value) },
      })),
      barMaxWidth: 44,
      itemStyle: { borderColor: neutral, borderWidth: 0.5, ...(series.length > 1 && { decal: cycleDecal(index) }) },
      label: {
        show: categories.length * series.length <= 40 && each.lower === undefined,
        position: isHorizontal ? 'right' : 'top',
        fontSize: 11,
      },
    }),
  )
  const intervals = series.length === 1 ? series.flatMap(each => whiskers(each, isHorizontal)) : []
  const ownSize = isHorizontal
    ? { width: 800, height: Math.max(240, 120 + Math.max(26, 16 * series.length + 8) * categories.length) }
    : { width: 800, height: 450 }
  const legend = series.length > 1 ? bars.map(bar => String(bar.name)) : []
  // echarts lets bars on a logarithmic axis begin at 1
  const start = values.isLog ? { startValue: values.min } : {}
  return new Plot(
    size => {
      const words = frame(size, options, legend)
      const isCrowded = !isHorizontal && names.join('').length * 8 + names.length * 12 > size.width - 100
      const category = {
        type: 'category',
        name: label(options.category ?? ''),
        nameLocation: 'middle',
        nameGap: isHorizontal ? 90 : 34,
        data: names,
        axisLabel: { interval: 0, rotate: isCrowded ? 35 : 0, ...(names.length > 40 && { interval: 'auto' as const }) },
        axisTick: { alignWithLabel: true },
      } as const
      return {
        ...words.option,
        tooltip: { trigger: 'item' },
        grid: plotArea(words, 48, isHorizontal ? names : []),
        ...(isHorizontal
          ? {
              xAxis: { ...xAxis(values), ...start } as XAXisComponentOption,
              yAxis: { ...category, inverse: true } as YAXisComponentOption,
            }
          : { xAxis: category as XAXisComponentOption, yAxis: { ...yAxis(values), ...start } as YAXisComponentOption }),
        series: [...bars, ...intervals],
      }
    },
    sizeOf(options, ownSize, legend),
  )
}

/** Bars begin at 0, and have room for their numbers at the other end. */
function linearAxis(ends: readonly number[], options: AxisOptions = {}): Axis {
  const settled = settleAxis([0, ...ends], { scale: 'linear', ...options })
  const isAboveZero = ends.every(value => !(value < 0))
  const most = Math.max(0, ...ends.filter(Number.isFinite))
  return {
    ...settled,
    min: options.min ?? (isAboveZero ? 0 : Math.min(0, settled.min + 0)),
    max: options.max ?? most * 1.1,
  }
}

/** Bars begin at the power of ten below the least. */
function logAxis(ends: readonly number[], options: AxisOptions = {}): Axis {
  const [least, most] = extentOf(ends, true) ?? [1, 10]
  const { min = 0, max = 0 } = options
  const from = min > 0 ? min : Number(`1e${Math.ceil(Math.log10(least)) - 1}`)
  const to = max > 0 ? max : most * (most / from) ** 0.06
  return settleAxis([], { ...options, scale: 'log', min: from, max: to })
}

/** Lines from the lower to the upper end of each interval, as one shape with gaps. */
function whiskers({ lower, upper }: BarSeries, isHorizontal: boolean): LineSeriesOption[] {
  if (lower === undefined || upper === undefined) return []
  const data = Array.from(lower).flatMap((low, index) => {
    const ends = [low, upper[index] ?? low].map(end => (isHorizontal ? [end, index] : [index, end]))
    return [...ends, [null, null]]
  })
  return [
    {
      type: 'line',
      data,
      symbol: isHorizontal ? 'path://M4,0H6V10H4Z' : 'path://M0,4V6H10V4Z',
      symbolSize: isHorizontal ? [2, 10] : [10, 2],
      lineStyle: { color: neutral, width: 2 },
      itemStyle: { color: neutral },
      silent: true,
      z: 5,
    },
  ]
}

/** Patterns that tell bars of different groups apart in black and white. */
function cycleDecal(index: number): NonNullable<NonNullable<BarSeriesOption['itemStyle']>['decal']> {
  const color = 'rgba(255,255,255,0.75)'
  const lines = (rotation: number, gap: number) => ({
    symbol: 'rect',
    color,
    dashArrayX: [1, 0],
    dashArrayY: [2, gap],
    rotation,
  })
  const dots = {
    symbol: 'circle',
    color,
    symbolSize: 0.7,
    dashArrayX: [
      [6, 6],
      [0, 6, 6, 0],
    ],
    dashArrayY: [6, 0],
  }
  const decals = [
    { symbol: 'none' },
    lines(-Math.PI / 4, 6),
    dots,
    lines(0, 5),
    lines(Math.PI / 4, 4),
    lines(Math.PI / 2, 5),
  ]
  return decals[index % decals.length] ?? { symbol: 'none' }
}
