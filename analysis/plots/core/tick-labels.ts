import type { ChartOption } from './option.js'

/**
 * Writes the labels of an axis: digits in groups of three, or `1e-8` for all of them where some would be long.
 *
 * @returns as many as ticks
 */
export function tickLabels(ticks: readonly number[], isLog: boolean): string[] {
  return ticks.map(arePowers(ticks, isLog) ? powerText : plainText)
}

/** Whether some labels are too long, or too much like one another, to be written in full. */
function arePowers(ticks: readonly number[], isLog: boolean): boolean {
  const sizes = ticks.map(Math.abs)
  const largest = Math.max(0, ...sizes)
  if (isLog) return largest >= 1e7 || sizes.some(size => size < 1e-4)
  return largest >= 1e9 || (largest < 1e-3 && ticks.some(tick => plainText(tick).length > 7))
}

/** A number as a factor and a power of ten: `1e-8`, `2.5e4`; from 1 to below 10 just the number. */
function powerText(value: number): string {
  // places on an axis carry what rounding added
  const [factor = '', exponent = ''] = Number(value.toPrecision(12)).toExponential().split('e')
  return Number(exponent) === 0 ? factor : `${factor}e${Number(exponent)}`
}

/** A number as echarts writes it: in full, with commas between groups of three digits. */
function plainText(value: number): string {
  const [, sign = '', first = '', rest = '', exponent] = /^(-?)(\d)(?:\.(\d+))?e-(\d+)$/.exec(String(value)) ?? []
  if (exponent !== undefined) return `${sign}0.${'0'.repeat(Number(exponent) - 1)}${first}${rest}`
  const [whole = '', ...fraction] = String(value).split('.')
  return [whole.replace(/(\d)(?=(?:\d{3})+$)/g, '$1,'), ...fraction].join('.')
}

/** What is looked at of an axis. */
interface AxisPart {
  readonly type?: string
  readonly axisLabel?: { readonly customValues?: readonly number[]; readonly formatter?: unknown }
}

/**
 * Lets labels of very small and very large numbers be written as `1e-8`. That takes functions, which an option of plain data has none of: a page calls
 * it for what it draws, `echarts.init(element, plotThemes.dark).setOption(withTickLabels(plot.option))`. SVG and PNG have such labels already.
 *
 * @returns the same option if all its labels are short
 */
export function withTickLabels(option: ChartOption): ChartOption {
  const changed = (['xAxis', 'yAxis', 'parallelAxis'] as const).flatMap(key => {
    const given = option[key] as unknown as AxisPart | readonly AxisPart[] | undefined
    const axes = given === undefined ? [] : isList(given) ? given : [given]
    return axes.some(isLong) ? [[key, axes.map(axis => (isLong(axis) ? withPowers(axis) : axis))]] : []
  })
  return changed.length === 0 ? option : ({ ...option, ...Object.fromEntries(changed) } as ChartOption)
}

function isLong({ type, axisLabel }: AxisPart): boolean {
  const { customValues, formatter } = axisLabel ?? {}
  return customValues !== undefined && formatter === undefined && arePowers(customValues, type === 'log')
}

function withPowers(axis: AxisPart): AxisPart {
  return { ...axis, axisLabel: { ...axis.axisLabel, formatter: powerText } }
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value)
}
