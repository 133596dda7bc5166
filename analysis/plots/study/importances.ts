import { show, TuneError } from '../../../src/errors.js'
import { barChart } from '../charts/bar-chart.js'
import type { ChartOptions } from '../core/option.js'
import type { Plot } from '../core/plot.js'

/** How much a hyperparameter matters. */
export interface PlotImportance {
  /** The hyperparameter's name or path. */
  readonly name: string
  /** Its share of what is explained, or any other measure from 0. */
  readonly value: number
  /** The ends of an interval around it. */
  readonly lower?: number
  /** Where its whisker ends. */
  readonly upper?: number
}

/** How importances are drawn. */
export interface ImportancesOptions extends ChartOptions {
  /** What the bars measure. @defaultValue `'importance'` */
  readonly measure?: string
  /** The most bars, the most important first. @defaultValue 20 */
  readonly maxBars?: number
}

/**
 * Importances of hyperparameters as bars, the largest first.
 *
 * @throws `TuneError` `INVALID_OPTION` for a value that is no finite number
 * @see Optuna's `plot_param_importances`
 */
export function plotImportances(
  importances: Readonly<Record<string, number>> | readonly PlotImportance[],
  options: ImportancesOptions = {},
): Plot {
  const list: readonly PlotImportance[] = isList(importances)
    ? importances
    : Object.entries(importances).map(([name, value]) => ({ name, value }))
  for (const { name, value } of list)
    if (!Number.isFinite(value))
      throw new TuneError('INVALID_OPTION', `plotImportances: ${show(name)} is ${show(value)}: pass finite numbers`)
  const sorted = list.toSorted((a, b) => b.value - a.value || (a.name < b.name ? -1 : 1))
  const { measure = 'importance', maxBars = 20, title = 'Importance of hyperparameters', subtitle } = options
  const shown = sorted.slice(0, maxBars)
  const note = shown.length < sorted.length ? `the ${shown.length} most important of ${sorted.length}` : undefined
  const words = subtitle ?? note
  return barChart(
    shown.map(({ name }) => name),
    [
      {
        name: measure,
        values: shown.map(({ value }) => value),
        ...(shown.some(each => each.lower !== undefined) && {
          lower: shown.map(each => each.lower ?? each.value),
          upper: shown.map(each => each.upper ?? each.value),
        }),
      },
    ],
    { title, ...(words !== undefined && { subtitle: words }), value: { name: measure }, isHorizontal: true },
  )
}

function isList<T>(value: Readonly<Record<string, number>> | readonly T[]): value is readonly T[] {
  return Array.isArray(value)
}
