import type { LineSeriesOption } from 'echarts'
import { show, TuneError } from '../../../src/errors.js'
import { axesPlot } from '../core/axes-plot.js'
import { type AxisOptions, settleAxis } from '../core/axis.js'
import { curveSeries, type Point } from '../core/curves.js'
import { shapes } from '../core/markers.js'
import type { ChartOptions } from '../core/option.js'
import type { Plot } from '../core/plot.js'
import { cloudSeries } from '../core/points.js'
import { neutral, ordinary } from '../core/theme.js'
import { type PlotParameter, parametersOf } from './parameters.js'
import { type PlotSource, type PlotStudy, readStudy } from './source.js'

/** How a lineage is drawn. */
export interface LineageOptions extends ChartOptions {
  /** The hyperparameter's axis. */
  readonly value?: AxisOptions
}

/** The most trials that have a colour and a name of their own. */
const mostNamed = 8

/**
 * A hyperparameter over the iterations of each trial, as population-based training changed it: a mark where a trial took over another's state, and a
 * dotted line from the donor's value.
 *
 * @param parameter - its path, such as `optimizer/lr`
 * @throws `TuneError` `INVALID_OPTION` for a path that no config has, or a hyperparameter that is no number
 */
export function plotLineage(source: PlotSource, parameter: string, options: LineageOptions = {}): Plot {
  const study = readStudy(source)
  const [described] = parametersOf(study, { parameters: [parameter] }, 'plotLineage')
  if (described === undefined || described.categories?.some(name => !Number.isFinite(Number(name))))
    throw new TuneError(
      'INVALID_OPTION',
      `plotLineage: ${show(parameter)} is no number in some configs: pass the path of a number`,
    )
  const numeric = asNumber(described)
  const histories = new Map(study.trials.map(trial => [trial.index, historyOf(study, trial.index, numeric)]))
  const curves = study.trials.flatMap(({ index, iteration }) => {
    const steps = histories.get(index) ?? []
    const last = steps.at(-1)
    if (last === undefined || iteration === 0) return []
    const points: Point[] = [
      ...steps.map(({ at, value }): Point => [at, value]),
      [Math.max(iteration, last.at), last.value],
    ]
    return [{ name: `trial ${index}`, points, slot: index % mostNamed, isStep: true }]
  })
  const exploits = [...histories].flatMap(([index, steps]) =>
    steps.flatMap(({ at, value, donor }) => (donor === undefined ? [] : [{ index, at, value, ...donor }])),
  )
  const links = exploits.map(({ at, value, from, fromAt }) => {
    const steps = histories.get(from) ?? []
    const held = steps.findLast(step => step.at <= fromAt) ?? steps[0]
    return [
      [fromAt, held?.value ?? value],
      [at, value],
      [null, null],
    ]
  })
  const x = settleAxis(
    curves.flatMap(({ points }) => points.map(point => point[0])),
    { name: 'iteration', scale: 'linear', isInteger: true, min: 0 },
  )
  const y = settleAxis(
    curves.flatMap(({ points }) => points.map(point => point[1])),
    {
      name: numeric.name,
      scale: numeric.isLog ? 'log' : 'auto',
      ...options.value,
    },
  )
  const isNamed = curves.length <= mostNamed
  const columns = ['iteration', numeric.name, 'trial', 'donor']
  const mark = {
    name: 'takes over another trial',
    columns,
    rows: exploits.map(each => [each.at, each.value, each.index, each.from]),
    symbol: shapes.diamond,
    color: neutral,
    symbolSize: 9,
    opacity: 1,
  }
  const dotted: LineSeriesOption = {
    type: 'line',
    data: links.flat(),
    symbol: 'none',
    silent: true,
    lineStyle: { color: neutral, type: [2, 3], width: 1 },
    z: 2,
  }
  const legend = [...(isNamed ? curves.map(curve => curve.name) : []), ...(mark.rows.length > 0 ? [mark.name] : [])]
  const drawn = [
    ...(isNamed ? curveSeries(curves) : curveSeries(curves).flatMap(faint)),
    ...(mark.rows.length > 0 ? [cloudSeries(mark), dotted] : []),
  ]
  return axesPlot({ x, y, legend, series: drawn }, { title: `Lineage: ${numeric.name} over iterations`, ...options })
}

/** A line of one trial among many. */
function faint(series: ReturnType<typeof curveSeries>[number]): LineSeriesOption[] {
  if (series.type !== 'line') return []
  return [{ ...series, lineStyle: { color: ordinary, width: 1.2, opacity: 0.7 } }]
}

interface Step {
  readonly at: number
  readonly value: number
  /** Whose state was taken over, and after how many reports of its own. */
  readonly donor: { readonly from: number; readonly fromAt: number } | undefined
}

function historyOf(study: PlotStudy, index: number, { read }: PlotParameter): Step[] {
  return study.lineageOf(index).flatMap(({ iteration, config, exploit }) => {
    const value = read(config)
    if (value === undefined) return []
    return [{ at: iteration, value, donor: exploit && { from: exploit.donor, fromAt: exploit.checkpoint.iteration } }]
  })
}

/** Numbers that were taken for categories, since they are few, as numbers again. */
function asNumber(parameter: PlotParameter): PlotParameter {
  const { categories, path } = parameter
  if (categories === undefined) return parameter
  const read: PlotParameter['read'] = config => {
    const place = parameter.read(config)
    if (place !== undefined) return Number(categories[place])
    return undefined
  }
  return { ...parameter, path, categories: undefined, read }
}
