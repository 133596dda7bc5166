/// <reference lib="dom" />
import type { ChartOption } from '../../plots/core/option.js'
import type { Pointed } from './chart-library.js'
import type { StudyModel } from './study-model.js'
import { describeLines, describePoint, describeTrial, trialOf } from './tooltip.js'

/** What can be done with a chart beside looking at it. */
export interface Interaction {
  /** Whether points are told of one by one, or lines all together at a place. */
  readonly hover: 'points' | 'lines'
  /** Along which axes it can be zoomed. */
  readonly zoom: 'both' | 'x' | 'none'
}

type Part = Readonly<Record<string, unknown>>

/** The words below a chart's heading. */
export function captionOf({ title }: ChartOption): string {
  const first = Array.isArray(title) ? title[0] : title
  return first?.subtext ?? ''
}

/** Makes of a drawing one that answers a pointer; its heading is the page's. */
export function withInteraction(option: ChartOption, { hover, zoom }: Interaction, model: StudyModel): ChartOption {
  const { title: _, ...rest } = option
  const axis = firstOf(option.xAxis as Part | readonly Part[] | undefined)
  const axisName = typeof axis?.name === 'string' ? axis.name : ''
  const mute = new Set(
    seriesOf(option)
      .filter(({ type, tooltip }) => type === 'line' && isHidden(tooltip))
      .map(({ name }) => name),
  )
  const describe = (given: unknown): HTMLElement => {
    const list = (Array.isArray(given) ? given : [given]) as readonly Pointed[]
    const [first] = list
    if (hover === 'lines' || first === undefined)
      return describeLines(
        list.filter(({ seriesName }) => !mute.has(seriesName)),
        axisName,
      )
    const trial = trialOf(first)
    return trial === undefined ? describePoint(first) : describeTrial(model, trial)
  }
  return {
    ...rest,
    animation: false,
    tooltip: {
      trigger: hover === 'lines' ? 'axis' : 'item',
      confine: true,
      enterable: false,
      transitionDuration: 0,
      className: 'chart-tip',
      // elements, never markup
      formatter: describe,
      ...(hover === 'lines' && { axisPointer: { type: 'line', snap: true } }),
    },
    ...(hover === 'points' && { series: seriesOf(option).map(pointsFirst) }),
    ...(zoom !== 'none' && zooming(zoom)),
  } as ChartOption
}

function isHidden(tooltip: unknown): boolean {
  return typeof tooltip === 'object' && tooltip !== null && 'show' in tooltip && tooltip.show === false
}

function seriesOf({ series }: ChartOption): readonly Part[] {
  return (Array.isArray(series) ? series : [series]) as unknown as readonly Part[]
}

/** A line has nothing to tell, and must not stand between a pointer and the points below it. */
function pointsFirst(series: Part): Part {
  return series.type === 'line' ? { ...series, silent: true } : series
}

/** Zooming by a box that is drawn, by turning the wheel with Ctrl held down, or by pinching. */
function zooming(zoom: 'both' | 'x'): Part {
  const wheel = {
    type: 'inside',
    filterMode: 'none',
    zoomOnMouseWheel: 'ctrl',
    moveOnMouseMove: false,
    moveOnMouseWheel: false,
  }
  const box = {
    dataZoom: {
      xAxisIndex: 0,
      yAxisIndex: zoom === 'both' ? 0 : 'none',
      filterMode: 'none',
      brushStyle: { opacity: 0.2 },
    },
  }
  return {
    // what draws boxes is a part of the toolbox, whose own pictures are not wanted
    toolbox: { show: true, itemSize: 0, top: -60, feature: box },
    dataZoom: [{ ...wheel, xAxisIndex: 0 }, ...(zoom === 'both' ? [{ ...wheel, yAxisIndex: 0 }] : [])],
  }
}

function firstOf<T>(value: T | readonly T[] | undefined): T | undefined {
  return Array.isArray(value) ? value[0] : (value as T | undefined)
}
