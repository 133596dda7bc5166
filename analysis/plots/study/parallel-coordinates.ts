import type { ParallelSeriesOption } from 'echarts'
import { type Axis, extentOf, labelWidth, settleAxis } from '../core/axis.js'
import { evenly } from '../core/evenly.js'
import { shapes } from '../core/markers.js'
import { type ChartOptions, frame, label } from '../core/option.js'
import { Plot } from '../core/plot.js'
import { accent, neutral, ordinary } from '../core/theme.js'
import { type ParameterOptions, parametersOf } from './parameters.js'
import { assertSomething, type MetricOptions, objectiveOf, type PlotSource, readStudy, scoresOf } from './source.js'

/** How parallel coordinates are drawn. */
export interface ParallelCoordinatesOptions extends ChartOptions, MetricOptions, ParameterOptions {
  /** How many trials are drawn at most: all good ones, the rest evenly chosen. @defaultValue 1000 */
  readonly maxTrials?: number
  /** Which share of the trials counts as good, in (0, 1]; 100 trials at most. @defaultValue 0.1 */
  readonly goodShare?: number
}

/** The most trials that count as good: more of them hide one another. */
const mostGood = 100

/** The most parameters that are shown unless they are named. */
const mostParameters = 12

/**
 * Each trial as a line across its hyperparameters to its value: good trials in colour over the others, the best thick. A line passes over the
 * parameters that its trial does not have.
 *
 * @throws `TuneError` `INVALID_OPTION` without metric or mode, `NO_RESULT` if no trial has a finite value
 * @see Optuna's `plot_parallel_coordinate`
 */
export function plotParallelCoordinates(source: PlotSource, options: ParallelCoordinatesOptions = {}): Plot {
  const study = readStudy(source)
  const objective = objectiveOf(study, options, 'plotParallelCoordinates')
  const { metric, mode } = objective
  const { maxTrials = 1000, goodShare = 0.1 } = options
  const scores = scoresOf(study, objective, 'all')
  assertSomething(scores.size, metric, 'plotParallelCoordinates')
  const all = parametersOf(study, options, 'plotParallelCoordinates')
  const parameters = options.parameters === undefined ? all.slice(0, mostParameters) : all
  const sign = mode === 'min' ? 1 : -1
  const ranked = study.trials
    .flatMap(({ index, config }) => {
      const score = scores.get(index)
      return score === undefined
        ? []
        : [{ score, row: [...parameters.map(each => each.read(config) ?? '-'), score, index] }]
    })
    .sort((a, b) => sign * (a.score - b.score))
  const good = Math.max(1, Math.min(maxTrials, mostGood, Math.ceil(ranked.length * goodShare)))
  const others = evenly(ranked.slice(good), maxTrials - good)
  const lines: ParallelSeriesOption[] = [
    style('best', ranked.slice(0, 1), { color: accent, width: 3.5, opacity: 1, z: 4 }),
    style(`best ${good} of ${ranked.length}`, ranked.slice(1, good), {
      color: ordinary,
      width: 1.5,
      opacity: good > 60 ? 0.5 : 0.9,
      z: 3,
    }),
    style('other trials', others, {
      color: neutral,
      width: 1,
      opacity: Math.max(0.12, Math.min(0.5, 25 / others.length)),
      z: 2,
    }),
  ].filter(each => each.data?.length)

  const axes = parameters.map((each, dim) => {
    if (each.categories) return { dim, name: each.name, type: 'category' as const, data: [...each.categories] }
    const [min, max] = each.bounds ?? extentOf(ranked.map(({ row }) => Number(row[dim]))) ?? [0, 1]
    return {
      dim,
      name: each.name,
      ...scaleOf(settleAxis([min, max], { scale: each.isLog ? 'log' : 'linear' })),
    }
  })
  const names = parameters.map(each => each.name)
  const value = settleAxis(scores.values(), { scale: 'auto' })
  const left = ranked.length - good - others.length
  const notes = [
    ...(all.length > parameters.length ? [`${parameters.length} of ${all.length} hyperparameters`] : []),
    ...(left > 0 ? [`${good + others.length} of ${ranked.length} trials are drawn`] : []),
  ]
  return new Plot(
    size => {
      const legend = lines.map(({ name, lineStyle }) => ({
        name: String(name),
        symbol: pictureOf(Number(lineStyle?.width)),
      }))
      const words = frame(
        size,
        { title: `Hyperparameters and ${metric}`, subtitle: notes.join('; '), ...options },
        legend,
      )
      const room = Math.floor((size.width - 150) / Math.max(1, parameters.length) / 8)
      return {
        ...words.option,
        tooltip: {},
        parallel: {
          left: 60,
          right: Math.max(64, 26 + labelWidth(value)),
          top: words.top + 32,
          bottom: words.bottom + 16,
        },
        parallelAxis: [...axes, { dim: parameters.length, name: label(metric, 24), ...scaleOf(value) }].map(axis => ({
          ...axis,
          name: label(axis.name, Math.max(6, room)),
          nameLocation: 'end' as const,
          nameGap: 14,
        })),
        series: lines.map(line => ({
          ...line,
          dimensions: [...names, label(metric, 24), 'trial'],
        })) as ParallelSeriesOption[],
      }
    },
    { width: Math.max(800, 110 * (parameters.length + 1)), height: 450 },
  )
}

interface LineStyle {
  readonly color: string
  readonly width: number
  readonly opacity: number
  readonly z: number
}

function style(
  name: string,
  trials: readonly { readonly row: readonly (number | string)[] }[],
  { color, width, opacity, z }: LineStyle,
): ParallelSeriesOption {
  return {
    type: 'parallel',
    name,
    data: trials.map(({ row }) => [...row]),
    lineStyle: { color, width, opacity },
    itemStyle: { color },
    z,
  } as ParallelSeriesOption
}

/** In black and white thickness tells what is good. */
function pictureOf(width: number): string {
  return width > 2 ? shapes.stroke : width > 1 ? shapes.dash : shapes.hair
}

function scaleOf({ isLog, min, max, ticks }: Axis) {
  const values = [...ticks]
  return {
    type: isLog ? ('log' as const) : ('value' as const),
    min,
    max,
    axisTick: { customValues: values },
    axisLabel: { customValues: values },
  }
}
