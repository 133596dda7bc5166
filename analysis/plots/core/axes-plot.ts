import { type Axis, xAxis, yAxis } from './axis.js'
import type { LegendEntry } from './legend.js'
import { type ChartOption, type ChartOptions, frame, type PlotSize, plotArea } from './option.js'
import { Plot, type PlotSizeOptions, sizeOf } from './plot.js'

/** What a chart on one pair of axes is made of. */
export interface AxesParts {
  readonly x: Axis
  readonly y: Axis
  /** What echarts draws on them. */
  readonly series: NonNullable<ChartOption['series']>
  /** What the key explains. @defaultValue there is no key */
  readonly legend?: readonly LegendEntry[]
}

/**
 * A chart on one pair of axes of numbers, under its heading and above its key; higher where the key has many rows.
 *
 * @param size - unless the options have another. @defaultValue as large as most charts
 */
export function axesPlot(
  { x, y, series, legend = [] }: AxesParts,
  options: ChartOptions & PlotSizeOptions,
  size?: PlotSize,
): Plot {
  return new Plot(
    extent => {
      const words = frame(extent, options, legend)
      return {
        ...words.option,
        tooltip: { trigger: 'item' },
        grid: plotArea(words),
        xAxis: xAxis(x),
        yAxis: yAxis(y),
        series,
      }
    },
    sizeOf(options, size, legend),
  )
}
