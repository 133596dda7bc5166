import type { LegendComponentOption } from 'echarts'
import { measureText } from './text-width.js'

/** What a legend lists: a series by its name, or one with another picture. */
export type LegendEntry = string | { readonly name: string; readonly symbol: string }

/** A legend, and how many pixels it needs below the drawing. */
export interface Legend {
  readonly option: LegendComponentOption
  readonly height: number
}

/** Pixels: the picture of an entry, what lies between it and its name, between entries, and from row to row. */
const picture = 34
const space = 5
const gap = 16
const pitch = 22

/**
 * Lays out a legend below a drawing: as many columns as fit in, each as wide as its longest name. Widths are set, since what draws the legend knows less
 * of fonts than it takes to keep entries apart.
 *
 * @param width - of the picture, in pixels
 */
export function layOutLegend(entries: readonly LegendEntry[], width: number): Legend {
  const distinct = [...new Map(entries.map(entry => [nameOf(entry), entry])).values()]
  const room = width - 24
  const most = room - picture - space
  const full = distinct.map(entry => Math.ceil(measureText(nameOf(entry))))
  const names = full.map(name => Math.min(most, name))
  const isCut = full.map(name => name > most)
  const columns = columnsOf(names, room)
  // what draws it takes texts for narrower than they may be
  const cut = { width: Math.floor(0.85 * most), overflow: 'truncate' } as const
  // rows are less far apart than entries are: the rest is put behind the names
  const between = pitch - 14
  return {
    option: {
      type: 'plain',
      left: 'center',
      bottom: 8,
      // as far from the left as the last name of a row ends from the right
      padding: [5, 5, 5, 5 + gap - between],
      width,
      itemWidth: picture,
      itemHeight: 11,
      itemGap: between,
      data: distinct.flatMap((entry, index) => [
        // begins a row
        ...(index > 0 && index % columns.length === 0 ? ['\n'] : []),
        {
          name: nameOf(entry),
          ...(typeof entry !== 'string' && { icon: entry.symbol }),
          textStyle: isCut[index] ? cut : { width: (columns[index % columns.length] ?? 0) + gap - between },
        },
      ]),
      // else as thick as marks are wide
      itemStyle: { borderWidth: 1 },
      // without a ground the widths would not count
      textStyle: { fontSize: 12, lineHeight: 14, backgroundColor: 'transparent' },
    },
    height: 18 + pitch * Math.ceil(names.length / columns.length),
  }
}

/** How much higher than usual a picture should be for a legend of many rows to leave the drawing its room, in pixels. */
export function legendExcess(entries: readonly LegendEntry[], width: number): number {
  return Math.max(0, layOutLegend(entries, width).height - 18 - 2 * pitch)
}

function nameOf(entry: LegendEntry): string {
  return typeof entry === 'string' ? entry : entry.name
}

/** The widths of names in as many columns as fit in, one at least. */
function columnsOf(names: readonly number[], room: number): readonly number[] {
  for (let count = Math.min(names.length, Math.floor(room / picture)); count > 1; count--) {
    const columns = Array.from({ length: count }, (_, column) =>
      names.reduce((widest, name, i) => (i % count === column ? Math.max(widest, name) : widest), 0),
    )
    if (widthOf(columns) <= room) return columns
  }
  return [Math.max(0, ...names)]
}

/** How wide a row is. */
function widthOf(columns: readonly number[]): number {
  return columns.reduce((sum, name) => sum + picture + space + name + gap, -gap)
}
