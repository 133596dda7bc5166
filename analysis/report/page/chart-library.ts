/// <reference lib="dom" />

import type { EChartsType } from 'echarts'
import type { ChartOption } from '../../plots/core/option.js'
import { withTickLabels } from '../../plots/core/tick-labels.js'

/** The chart library, whose script stands before the page's own. */
interface ChartLibrary {
  init(
    element: HTMLElement,
    theme: Readonly<Record<string, unknown>>,
    options: { renderer: 'canvas'; width: number; height: number; devicePixelRatio?: number },
  ): EChartsType
}

declare global {
  var echarts: ChartLibrary
}

/** A chart that is drawn. */
export type Chart = EChartsType

/** What a pointer is at, as the library tells it. */
export interface Pointed {
  readonly seriesName?: string
  readonly seriesType?: string
  readonly dataIndex?: number
  readonly value?: unknown
  readonly name?: string
  readonly dimensionNames?: readonly string[]
  readonly axisValue?: number | string
}

/** Begins a chart in an element. */
export function beginChart(
  element: HTMLElement,
  theme: Readonly<Record<string, unknown>>,
  size: { readonly width: number; readonly height: number },
  devicePixelRatio?: number,
): Chart {
  return globalThis.echarts.init(element, theme, {
    renderer: 'canvas',
    ...size,
    ...(devicePixelRatio !== undefined && { devicePixelRatio }),
  })
}

/** Draws at once, without waiting for the next frame. */
export function drawNow(chart: Chart, option: ChartOption): void {
  chart.setOption(withTickLabels(option), { notMerge: true })
  chart.getZr().flush()
}
