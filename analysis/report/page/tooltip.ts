/// <reference lib="dom" />
import { formatNumber, formatValue, sanitize } from '../../../src/results/text.js'
import type { Pointed } from './chart-library.js'
import { facts, make } from './dom.js'
import type { StudyModel } from './study-model.js'

/** The most hyperparameters that are told of a trial that is pointed at. */
const mostParameters = 10
/** The most lines that are told of at one place. */
const mostLines = 12

/** The trial that a point stands for, if it stands for one. */
export function trialOf({ dimensionNames = [], value }: Pointed): number | undefined {
  const place = dimensionNames.lastIndexOf('trial')
  const index = Array.isArray(value) ? value[place] : undefined
  return typeof index === 'number' && Number.isInteger(index) && index >= 0 ? index : undefined
}

/** What is told of a trial that is pointed at. */
export function describeTrial(
  model: StudyModel,
  index: number,
  more: readonly (readonly [string, string])[] = [],
): HTMLElement {
  const trial = model.data.trials[index]
  const leaves = model.leaves[index]
  if (trial === undefined || leaves === undefined) return make('div')
  const parameters = model.parameters
    .flatMap(({ path, name }) => {
      const value = leaves.get(path)
      return value === undefined ? [] : [[sanitize(name), cutText(formatValue(value))] as const]
    })
    .slice(0, mostParameters)
  return make(
    'div',
    { class: 'tip' },
    make('strong', {}, `Trial ${index}`),
    ` ${model.stateOf(index)} after ${trial.iteration}`,
    facts([...more, ...parameters]),
    make('span', { class: 'faint' }, 'click to open'),
  )
}

/** What is told of a point of any other kind. */
export function describePoint(pointed: Pointed): HTMLElement {
  const { value, name = '', seriesName = '', dimensionNames = [] } = pointed
  const values = Array.isArray(value) ? value : [value]
  const told = values.flatMap((each, i) => {
    if (typeof each !== 'number') return []
    const label = values.length > 1 ? (dimensionNames[i] ?? '') : seriesName
    return [[sanitize(label), formatNumber(each)] as const]
  })
  return make('div', { class: 'tip' }, name !== '' && make('strong', {}, sanitize(name)), facts(told))
}

/** What is told of all lines at a place of the horizontal axis. */
export function describeLines(pointed: readonly Pointed[], axisName: string): HTMLElement {
  const values = new Map<string, number>()
  for (const { seriesName = '', value, seriesType } of pointed) {
    const y = Array.isArray(value) ? value[1] : undefined
    if (seriesType === 'line' && typeof y === 'number' && Number.isFinite(y) && !values.has(seriesName))
      values.set(seriesName, y)
  }
  const at = pointed[0]?.axisValue
  const rows = [...values].slice(0, mostLines).map(([name, y]) => [sanitize(name), formatNumber(y)] as const)
  const place = typeof at === 'number' ? formatNumber(at) : String(at ?? '')
  return make('div', { class: 'tip' }, make('strong', {}, `${axisName} ${place}`.trim()), facts(rows))
}

function cutText(text: string): string {
  return text.length > 48 ? `${text.slice(0, 47)}…` : text
}
