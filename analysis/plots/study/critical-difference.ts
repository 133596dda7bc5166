import type { LineSeriesOption, ScatterSeriesOption } from 'echarts'
import { show, TuneError } from '../../../src/errors.js'
import { formatNumber } from '../../../src/results/text.js'
import { type ChartOptions, frame, label } from '../core/option.js'
import { Plot } from '../core/plot.js'
import { measureText } from '../core/text-width.js'
import { neutral } from '../core/theme.js'

/** What a critical-difference diagram is drawn of; a comparison's `ranks` and `nemenyi` fit. */
export interface CriticalDifferenceData {
  /** Mean ranks of the strategies, 1 being best. */
  readonly ranks: readonly { readonly strategy: string; readonly meanRank: number }[]
  /** Mean ranks that are this far apart differ. */
  readonly difference: number
  /** Strategies that do not differ, joined by a bar. @defaultValue the largest groups within the difference */
  readonly groups?: readonly (readonly string[])[]
}

/**
 * The mean ranks of strategies on a line, the best on the left; a thick bar joins those that do not differ.
 *
 * @throws `TuneError` `INVALID_OPTION` for fewer than two strategies
 * @see Demšar, Statistical Comparisons of Classifiers over Multiple Data Sets, Journal of Machine Learning Research 7 (2006), figure 1
 */
export function plotCriticalDifference(data: CriticalDifferenceData, options: ChartOptions = {}): Plot {
  const { ranks, difference } = data
  if (ranks.length < 2 || !ranks.every(({ meanRank }) => Number.isFinite(meanRank)))
    throw new TuneError(
      'INVALID_OPTION',
      `plotCriticalDifference: ranks are ${show(ranks)}: pass the mean ranks of two strategies or more`,
    )
  const sorted = ranks.toSorted((a, b) => a.meanRank - b.meanRank || (a.strategy < b.strategy ? -1 : 1))
  const count = sorted.length
  const groups = data.groups
    ? data.groups.map(names => sorted.filter(each => names.includes(each.strategy)))
    : groupsOf(sorted, difference)
  const bars = groups.filter(group => group.length > 1)
  const half = Math.ceil(count / 2)
  const firstRow = 1.2 + 0.55 * bars.length
  const entries = sorted.map(({ strategy, meanRank }, i) => {
    const isLeft = i < half
    return {
      name: `${label(strategy, 32)}  ${meanRank.toFixed(2)}`,
      meanRank,
      isLeft,
      row: firstRow + (isLeft ? i : count - 1 - i),
    }
  })
  const lowest = Math.max(...entries.map(({ row }) => row)) + 0.8
  const ends = [1, count] as const
  return new Plot(
    size => {
      const words = frame(size, {
        title: 'Mean ranks (critical-difference diagram)',
        subtitle: 'the best rank is on the left; bars join strategies that are not shown to differ',
        ...options,
      })
      const margin = (isLeft: boolean) =>
        60 + Math.max(60, ...entries.filter(each => each.isLeft === isLeft).map(each => measureText(each.name)))
      const axis = { min: -1.6, max: lowest, inverse: true, type: 'value', show: false } as const
      const line = (points: (number | null)[][], width: number): LineSeriesOption => ({
        type: 'line',
        data: points,
        symbol: 'none',
        silent: true,
        lineStyle: { color: neutral, width },
        z: 2,
      })
      const ticks = Array.from({ length: count }, (_, i) => i + 1)
      const hair = (value: number, from: number, to: number) => [
        [value, from],
        [value, to],
        [null, null],
      ]
      return {
        ...words.option,
        grid: { left: margin(true), right: margin(false), top: words.top + 8, bottom: 12, outerBoundsMode: 'none' },
        xAxis: { type: 'value', min: ends[0], max: ends[1], show: false },
        yAxis: axis,
        series: [
          line([...hair(1, 0, 0), [1, 0], [count, 0]], 1.5),
          line(
            ticks.flatMap(tick => hair(tick, -0.18, 0)),
            1.5,
          ),
          line(
            entries.flatMap(({ meanRank, row, isLeft }) => [
              [meanRank, 0],
              [meanRank, row],
              [isLeft ? 1 : count, row],
              [null, null],
            ]),
            1.2,
          ),
          {
            ...line(
              bars.flatMap((group, i) => barAt(group, 0.55 * (i + 1))),
              5,
            ),
            lineStyle: { width: 5, color: '#0072b2', cap: 'round' },
          },
          line(
            [
              ...hair(1, -1.1, -0.8),
              [1, -0.95],
              [Math.min(count, 1 + difference), -0.95],
              [null, null],
              ...hair(Math.min(count, 1 + difference), -1.1, -0.8),
            ],
            1.5,
          ),
          texts(ticks.map(tick => ({ at: [tick, -0.2], text: String(tick), position: 'top' }))),
          texts([
            {
              at: [1 + Math.min(count - 1, difference) / 2, -1.05],
              text: `critical difference ${formatNumber(difference)}`,
              position: 'top',
            },
          ]),
          texts(
            entries.map(({ name, isLeft, row }) => ({
              at: [isLeft ? 1 : count, row],
              text: name,
              position: isLeft ? 'left' : 'right',
            })),
          ),
        ],
      }
    },
    { width: 800, height: Math.round(118 + 30 * (lowest + 1.6)) },
  )
}

interface Text {
  readonly at: readonly [number, number]
  readonly text: string
  readonly position: 'top' | 'left' | 'right'
}

/** Words at places of the diagram. */
function texts(list: readonly Text[]): ScatterSeriesOption {
  return {
    type: 'scatter',
    symbol: 'circle',
    symbolSize: 1,
    itemStyle: { color: 'transparent' },
    silent: true,
    clip: false,
    data: list.map(({ at, text, position }) => ({
      value: [...at],
      label: {
        show: true,
        formatter: text,
        position,
        distance: 6,
        fontSize: 12,
      },
    })),
    z: 4,
  }
}

function barAt(group: readonly { readonly meanRank: number }[], row: number): (number | null)[][] {
  const [first, last] = [group[0]?.meanRank ?? 0, group.at(-1)?.meanRank ?? 0]
  return [
    [first - 0.04, row],
    [last + 0.04, row],
    [null, null],
  ]
}

/** The largest runs of strategies whose ranks are not as far apart as the difference. */
function groupsOf<T extends { readonly meanRank: number }>(sorted: readonly T[], difference: number): T[][] {
  const groups: T[][] = []
  let reached = 0
  for (const [i, first] of sorted.entries()) {
    const beyond = sorted.findIndex(each => each.meanRank - first.meanRank >= difference)
    const stop = beyond === -1 ? sorted.length : beyond
    if (stop > reached && stop - i > 1) groups.push(sorted.slice(i, stop))
    reached = Math.max(reached, stop)
  }
  return groups
}
