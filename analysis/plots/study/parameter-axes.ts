import type { XAXisComponentOption, YAXisComponentOption } from 'echarts'
import { type Axis, extentOf, settleAxis, xAxis, yAxis } from '../core/axis.js'
import type { PlotParameter } from './parameters.js'

/** Settles the axis that a hyperparameter's values are placed on; a category is one wide, its number in its middle. */
export function settleParameter(parameter: PlotParameter, values: readonly number[]): Axis {
  const { categories, bounds, isLog, name } = parameter
  if (categories) return { isLog: false, min: -0.5, max: categories.length - 0.5, ticks: [], title: name }
  const ends = extentOf(values) ?? bounds ?? [0, 1]
  return settleAxis([...ends, ...(bounds ?? [])], { name, scale: isLog ? 'log' : 'linear' })
}

/** The horizontal axis that points are placed on, and for categories a second one that names them. */
export function horizontalAxes(parameter: PlotParameter, axis: Axis, gridIndex = 0): XAXisComponentOption[] {
  const places = { ...xAxis(axis), gridIndex, position: 'bottom' } as XAXisComponentOption
  if (!parameter.categories) return [places]
  const rotate = parameter.categories.join('').length > 24 ? 30 : 0
  const names = {
    ...naming(parameter, parameter.categories, rotate),
    gridIndex,
    position: 'bottom' as const,
    nameGap: 30,
  }
  return [{ ...places, show: false }, names]
}

/** The vertical axis that points are placed on, and for categories a second one that names them. */
export function verticalAxes(parameter: PlotParameter, axis: Axis, nameGap: number): YAXisComponentOption[] {
  const places = { ...yAxis(axis), nameGap, position: 'left' } as YAXisComponentOption
  if (!parameter.categories) return [places]
  return [
    { ...places, show: false },
    { ...naming(parameter, parameter.categories, 0), position: 'left' as const, nameGap },
  ]
}

function naming({ name }: PlotParameter, categories: readonly string[], rotate: number) {
  return {
    type: 'category' as const,
    data: [...categories],
    name,
    nameLocation: 'middle' as const,
    axisLabel: { interval: 0, rotate, width: 120, overflow: 'truncate' as const },
  }
}
