import type { XAXisComponentOption, YAXisComponentOption } from 'echarts'
import { label } from './option.js'
import { measureText } from './text-width.js'
import { tickLabels } from './tick-labels.js'
import { logTicks, niceStep, steppedTicks } from './ticks.js'

/** How an axis is measured; `auto` takes logarithms of positive values that span more than two powers of ten. */
export type Scale = 'linear' | 'log' | 'auto'

/** An axis of numbers. */
export interface AxisOptions {
  /** What is measured. @defaultValue none is written */
  readonly name?: string
  /** What it is measured in, put in brackets behind the name. @defaultValue none */
  readonly unit?: string
  /** @defaultValue `'auto'` */
  readonly scale?: Scale
  /** Where the axis begins; a logarithmic one only above 0. @defaultValue a little below the least value */
  readonly min?: number
  /** Where the axis ends. @defaultValue a little above the greatest value */
  readonly max?: number
  /** Whether only integers are labelled. @defaultValue false */
  readonly isInteger?: boolean
}

/** An axis whose kind and extent are settled. */
export interface Axis {
  readonly isLog: boolean
  readonly min: number
  readonly max: number
  readonly ticks: readonly number[]
  readonly title: string
}

/** The least and the greatest finite value; those that are not positive left out where only positive ones can be shown. */
export function extentOf(values: Iterable<number>, isPositive = false): readonly [number, number] | undefined {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (!Number.isFinite(value) || (isPositive && value <= 0)) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  return low <= high ? [low, high] : undefined
}

/** Settles an axis for the values that are to be seen on it. */
export function settleAxis(values: Iterable<number>, options: AxisOptions): Axis {
  const { scale = 'auto', name = '', unit } = options
  const title = unit === undefined ? label(name, 60) : `${label(name, 60)} (${label(unit, 20)})`
  const list = [...values]
  const [low, high] = extentOf(list) ?? [0, 1]
  const from = options.min ?? low
  const to = options.max ?? high
  const isLog = scale === 'log' || (scale === 'auto' && from > 0 && to / from > 100)
  if (isLog) {
    const [least, most] = extentOf([...list, from, to], true) ?? [0.1, 1]
    return { title, ...logAxis(least, most, options) }
  }
  return { title, ...linearAxis(from, to, options) }
}

function linearAxis(from: number, to: number, { min, max, isInteger = false }: AxisOptions): Omit<Axis, 'title'> {
  let span = to - from
  if (span <= 0) span = Math.abs(from) > 0 ? Math.abs(from) / 5 : 1
  const step = niceStep(span / 6, isInteger)
  // so that points at the end of an axis are whole
  const slack = span * 0.02
  const low = min ?? from - slack
  const high = max ?? to + slack
  return { isLog: false, min: low, max: high, ticks: steppedTicks(low, high, step) }
}

function logAxis(least: number, most: number, { min = 0, max = 0, isInteger }: AxisOptions): Omit<Axis, 'title'> {
  const from = min > 0 ? min : least
  const to = max > 0 ? max : most
  const slack = Math.max(0.03 * Math.log10(to / from), to === from ? 0.3 : 0)
  const low = min > 0 ? min : from * 10 ** -slack
  const high = max > 0 ? max : to * 10 ** slack
  return { isLog: true, min: low, max: high, ticks: high > low ? logTicks(low, high, isInteger) : [low] }
}

/** What echarts takes for a horizontal axis. */
export function xAxis(axis: Axis): XAXisComponentOption {
  return { ...common(axis), nameLocation: 'middle', nameGap: 30 } as XAXisComponentOption
}

/** What echarts takes for a vertical axis. */
export function yAxis(axis: Axis): YAXisComponentOption {
  return { ...common(axis), nameLocation: 'middle', nameGap: 16 + labelWidth(axis) } as YAXisComponentOption
}

function common({ isLog, min, max, ticks, title }: Axis) {
  return {
    type: isLog ? 'log' : 'value',
    name: title,
    min,
    max,
    axisTick: { customValues: [...ticks] },
    axisLabel: { customValues: [...ticks], hideOverlap: true },
    axisLine: { onZero: false },
    splitLine: { show: true },
    minorTick: { show: false },
  }
}

/** How many pixels the widest label of an axis takes. */
export function labelWidth({ ticks, isLog }: Axis): number {
  return tickLabels(ticks, isLog).reduce((most, text) => Math.max(most, measureText(text)), 8)
}

/** Where a value stands between the ends of an axis, 0 to 1. */
export function positionOn({ isLog, min, max }: Axis, value: number): number {
  return isLog ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min)
}
