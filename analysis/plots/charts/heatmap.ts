import { show, TuneError } from '../../../src/errors.js'
import { formatNumber } from '../../../src/results/text.js'
import { extentOf } from '../core/axis.js'
import { type ChartOptions, cellArea, frame, label } from '../core/option.js'
import { Plot, type PlotSizeOptions, sizeOf } from '../core/plot.js'
import { measureText } from '../core/text-width.js'
import { sequential } from '../core/theme.js'

/** A table of numbers. */
export interface HeatmapData {
  /** What the rows are called, from top to bottom. */
  readonly rows: readonly string[]
  /** What the columns are called, from left to right. */
  readonly columns: readonly string[]
  /** Row-major [rows × columns]; NaN leaves a cell empty. */
  readonly values: ArrayLike<number>
}

/** How a table of colours is drawn. */
export interface HeatmapOptions extends ChartOptions, PlotSizeOptions {
  /** What the rows are. */
  readonly rowAxis?: string
  /** What the columns are. */
  readonly columnAxis?: string
  /** What the colours measure. */
  readonly measure?: string
  /** The ends of the colour scale. @defaultValue the least and the greatest value */
  readonly range?: readonly [number, number]
  /** Whether each cell tells its value. @defaultValue for up to 20 rows and columns */
  readonly isLabelled?: boolean
}

/**
 * Numbers as colours from dark (low) to light (high): a confusion matrix, say.
 *
 * @throws `TuneError` `INVALID_OPTION` if there are not rows × columns values
 */
export function heatmap({ rows, columns, values }: HeatmapData, options: HeatmapOptions = {}): Plot {
  if (values.length !== rows.length * columns.length)
    throw new TuneError(
      'INVALID_OPTION',
      `heatmap: there are ${show(values.length)} values: pass rows × columns of them, ${rows.length * columns.length}`,
    )
  const [low, high] = options.range ?? extentOf(Array.from(values)) ?? [0, 1]
  const { isLabelled = rows.length <= 20 && columns.length <= 20 } = options
  const cells = Array.from(values, (value, i) => ({
    value,
    column: i % columns.length,
    row: Math.floor(i / columns.length),
  }))
  const data = cells.flatMap(({ value, column, row }) => {
    if (!Number.isFinite(value)) return []
    const isLight = (value - low) / (high - low || 1) > 0.55
    const text = { show: isLabelled, formatter: formatNumber(value), color: isLight ? '#000000' : '#ffffff' }
    return [{ value: [column, row, value], ...(isLabelled && { label: text }) }]
  })
  const rowNames = rows.map(name => label(name, 24))
  const columnNames = columns.map(name => label(name, 24))
  const left = 24 + Math.max(0, ...rowNames.map(name => measureText(name))) + (options.rowAxis === undefined ? 0 : 22)
  const side = Math.max(18, Math.min(56, 520 / Math.max(rows.length, columns.length, 1)))
  const own = {
    width: Math.round(Math.max(420, left + 130 + side * columns.length)),
    height: Math.round(150 + side * rows.length),
  }
  return new Plot(
    size => {
      const words = frame(size, options)
      const rotate = columnNames.join('').length * 8 + columnNames.length * 8 > size.width - left - 120 ? 45 : 0
      const room = 20 + (rotate === 0 ? 20 : Math.max(0, ...columnNames.map(name => measureText(name) * 0.75)))
      const bottom = room + (options.columnAxis === undefined ? 0 : 24)
      const axis = {
        type: 'category' as const,
        nameLocation: 'middle' as const,
        axisTick: { show: false },
        axisLine: { show: false },
      }
      return {
        ...words.option,
        tooltip: { trigger: 'item' },
        grid: cellArea(size, { left, right: 110, top: words.top + 6, bottom }, columns.length, rows.length),
        xAxis: {
          ...axis,
          data: columnNames,
          name: label(options.columnAxis ?? ''),
          nameGap: room - 2,
          axisLabel: { interval: columns.length <= 40 ? 0 : 'auto', rotate },
        },
        yAxis: {
          ...axis,
          data: rowNames,
          name: label(options.rowAxis ?? ''),
          nameGap: left - 24,
          inverse: true,
          axisLabel: { interval: rows.length <= 40 ? 0 : 'auto' },
        },
        visualMap: {
          type: 'continuous',
          min: low,
          max: high === low ? low + 1 : high,
          dimension: 2,
          right: 12,
          top: 'middle',
          itemHeight: Math.max(60, Math.min(200, size.height - 200)),
          text: [formatNumber(high), formatNumber(low)],
          precision: 4,
          inRange: { color: [...sequential] },
          calculable: false,
        },
        series: [
          {
            type: 'heatmap',
            name: label(options.measure ?? 'value'),
            data,
            label: { fontSize: Math.max(9, Math.min(12, side / 3)) },
          },
        ],
      }
    },
    sizeOf(options, own),
  )
}
