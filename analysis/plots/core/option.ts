import type { EChartsOption, TitleComponentOption } from 'echarts'
import { cut, displayWidth, sanitize } from '../../../src/results/text.js'
import { type LegendEntry, layOutLegend } from './legend.js'
import { measureText } from './text-width.js'

/** What echarts draws: plain data, without functions, so that it can be written as JSON and drawn again in a page. */
export type ChartOption = EChartsOption

/** The extent of a picture, in pixels. */
export interface PlotSize {
  /** In pixels. */
  readonly width: number
  /** In pixels. */
  readonly height: number
}

/** What every chart may be told. */
export interface ChartOptions {
  /** The heading; an empty one leaves heading and subtitle out. @defaultValue what the chart shows */
  readonly title?: string
  /** A line below the heading. @defaultValue what the chart has to say, if anything */
  readonly subtitle?: string
  /** Whether there is a key to colours and shapes. @defaultValue where there are several */
  readonly legend?: boolean
}

/** The words around a drawing, and the room that is left for it. */
export interface Frame {
  readonly option: ChartOption
  /** Pixels above and below the drawing's own room. */
  readonly top: number
  readonly bottom: number
}

/** A name or value as a label: one line, no control characters, cut to so many cells. */
export function label(text: string, width = 40): string {
  return cut(sanitize(text), width)
}

/** Lays out heading and legend. */
export function frame(size: PlotSize, text: ChartOptions, legend: readonly LegendEntry[] = []): Frame {
  const title = label(text.title ?? '', Math.floor((size.width - 24) / (16 * 0.62)))
  const subtitle = text.subtitle === undefined ? [] : wrap(sanitize(text.subtitle), (size.width - 24) / (12 * 0.54))
  const isBare = text.title === ''
  const heading: TitleComponentOption = {
    show: !isBare,
    text: title,
    subtext: subtitle.join('\n'),
    left: 12,
    top: 10,
    itemGap: 6,
    textStyle: { fontSize: 16, fontWeight: 'bold' },
    subtextStyle: { fontSize: 12, lineHeight: 16 },
  }
  const top = isBare ? 12 : 42 + 16 * subtitle.length
  if (legend.length === 0 || text.legend === false) return { option: { title: heading }, top, bottom: 12 }
  const key = layOutLegend(legend, size.width)
  return { option: { title: heading, legend: key.option }, top, bottom: key.height }
}

/** Breaks a text into lines of at most so many cells. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && displayWidth(last) + 1 + displayWidth(word) <= width)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(cut(word, Math.floor(width)))
  }
  return lines
}

/**
 * Where the one system of axes of a chart stands; labels and names of axes lie inside these margins.
 *
 * @param names - categories that stand on the left, which need a margin of their own: fonts differ in width
 */
export function plotArea({ top, bottom }: Frame, right = 24, names: readonly string[] = []) {
  if (names.length > 0) {
    const left = 28 + names.reduce((most, name) => Math.max(most, measureText(name)), 0)
    return { left, right, top, bottom: bottom + 48, outerBoundsMode: 'none' } as const
  }
  return { left: 16, right, top, bottom, outerBoundsMode: 'same', outerBoundsContain: 'all' } as const
}

/**
 * Margins that leave so many whole pixels for each cell of a table of colours, so that no gaps show between cells.
 *
 * @param least - the margins that are needed
 */
export function cellArea(
  size: PlotSize,
  least: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number },
  columns: number,
  rows: number,
) {
  const [left, top] = [Math.ceil(least.left), Math.ceil(least.top)]
  const width = columns * Math.max(1, Math.floor((size.width - left - least.right) / Math.max(1, columns)))
  const height = rows * Math.max(1, Math.floor((size.height - top - least.bottom) / Math.max(1, rows)))
  return {
    left,
    top,
    right: size.width - left - width,
    bottom: size.height - top - height,
    outerBoundsMode: 'none',
  } as const
}
