import type { XAXisComponentOption, YAXisComponentOption } from 'echarts'
import { label, textWidth } from './option.js'

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
  /** Where the axis begins. @defaultValue a little below the least value */
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
    return { title, ...logAxis(options.min ?? least, options.max ?? most, options) }
  }
  return { title, ...linearAxis(from, to, options) }
}

function linearAxis(from: number, to: number, { min, max, isInteger = false }: AxisOptions): Omit<Axis, 'title'> {
  let span = to - from
  if (span <= 0) span = Math.abs(from) > 0 ? Math.abs(from) / 5 : 1
  const step = niceStep(span / 6, isInteger)
  const digits = Math.max(0, Math.ceil(-Math.log10(step)) + 1)
  // so that points at the end of an axis are whole
  const slack = span * 0.02
  const low = min ?? from - slack
  const high = max ?? to + slack
  const ticks: number[] = []
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++)
    ticks.push(Number((i * step).toFixed(Math.min(100, digits))) + 0)
  return { isLog: false, min: low, max: high, ticks }
}

function niceStep(rough: number, isInteger: boolean): number {
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find(factor => factor * power >= rough * 0.999) ?? 10)
  return isInteger ? Math.max(1, Math.round(step)) : step
}

/** Powers of ten from one label to the next. */
const strides = [1, 2, 3, 5, 10, 20, 30, 50]

function logAxis(from: number, to: number, { min, max }: AxisOptions): Omit<Axis, 'title'> {
  const slack = Math.max(0.03 * Math.log10(to / from), to === from ? 0.3 : 0)
  const low = min ?? from * 10 ** -slack
  const high = max ?? to * 10 ** slack
  const first = Math.floor(Math.log10(low))
  const last = Math.ceil(Math.log10(high))
  const decades = last - first
  const factors = decades <= 2 ? [1, 2, 5] : [1]
  const stride = strides.find(each => decades / each <= 8) ?? 100
  const ticks: number[] = []
  for (let exponent = first; exponent <= last; exponent++) {
    if (exponent % stride !== 0) continue
    for (const factor of factors) {
      const tick = Number(`${factor}e${exponent}`)
      if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push(tick)
    }
  }
  return { isLog: true, min: low, max: high, ticks }
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
export function labelWidth({ ticks }: Axis): number {
  return ticks.reduce((most, tick) => Math.max(most, textWidth(tickText(tick))), 8)
}

/** A label as echarts writes it: small numbers in full. */
function tickText(tick: number): string {
  const text = String(tick)
  const [, sign = '', first = '', rest = '', exponent] = /^(-?)(\d)(?:\.(\d+))?e-(\d+)$/.exec(text) ?? []
  return exponent === undefined ? text : `${sign}0.${'0'.repeat(Number(exponent) - 1)}${first}${rest}`
}

/** Where a value stands between the ends of an axis, 0 to 1. */
export function positionOn({ isLog, min, max }: Axis, value: number): number {
  return isLog ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min)
}
