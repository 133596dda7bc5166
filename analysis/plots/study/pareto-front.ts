import { show, TuneError } from '../../../src/errors.js'
import { hypervolume } from '../../../src/math/hypervolume.js'
import { nonDominatedRanks } from '../../../src/math/pareto.js'
import { formatNumber } from '../../../src/results/text.js'
import { type Objective, readObjectives, type TrialReport } from '../../../src/trial.js'
import { axesPlot } from '../core/axes-plot.js'
import { type AxisOptions, settleAxis } from '../core/axis.js'
import { curveSeries, type Point } from '../core/curves.js'
import { shapes } from '../core/markers.js'
import { type ChartOptions, label } from '../core/option.js'
import type { Plot } from '../core/plot.js'
import { cloudSeries } from '../core/points.js'
import { accent, neutral } from '../core/theme.js'
import { type PlotSource, type PlotStudy, readStudy } from './source.js'

/** How a Pareto front is drawn. */
export interface ParetoFrontOptions extends ChartOptions {
  /** The two metrics, horizontal first. @defaultValue the study's, if it has two */
  readonly objectives?: readonly [Objective, Objective]
  /** The worst values of interest, by metric: what the front dominates up to there is shaded and measured. */
  readonly reference?: Readonly<Record<string, number>>
  /** The metric across. @defaultValue the study's first */
  readonly x?: AxisOptions
  /** The metric upwards. @defaultValue the study's second */
  readonly y?: AxisOptions
}

/**
 * Two metrics against one another by the last reports of trials, the front of those that no other dominates, and the hypervolume up to
 * a reference point. Failed trials are left out.
 *
 * @throws `TuneError` `INVALID_OPTION` without two metrics, `NO_RESULT` if no trial has finite values of both
 * @see Optuna's `plot_pareto_front`
 */
export function plotParetoFront(source: PlotSource, options: ParetoFrontOptions = {}): Plot {
  const study = readStudy(source)
  const [first, second] = options.objectives ?? study.objectives
  if (first === undefined || second === undefined || (options.objectives ?? study.objectives).length !== 2)
    throw new TuneError(
      'INVALID_OPTION',
      "plotParetoFront shows two metrics: pass objectives: [{ metric: 'loss', mode: 'min' }, { metric: 'seconds', mode: 'min' }]",
    )
  const pair = [first, second] as const
  const trials = valuesOf(study, pair)
  if (trials.length === 0)
    throw new TuneError(
      'NO_RESULT',
      `plotParetoFront: no trial reported finite values of both ${show(first.metric)} and ${show(second.metric)}`,
    )
  const flat = Float64Array.from(trials.flatMap(({ losses }) => [...losses]))
  const ranks = nonDominatedRanks(flat, trials.length, 2)
  const front = trials.filter((_, i) => ranks[i] === 0).sort((a, b) => a.at[0] - b.at[0] || a.index - b.index)
  const others = trials.filter((_, i) => ranks[i] !== 0)
  const corner = options.reference && pair.map(({ metric }) => referenceOf(options.reference ?? {}, metric))
  const x = settleAxis([...trials.map(({ at }) => at[0]), ...(corner ? [corner[0] ?? 0] : [])], {
    name: first.metric,
    ...options.x,
  })
  const y = settleAxis([...trials.map(({ at }) => at[1]), ...(corner ? [corner[1] ?? 0] : [])], {
    name: second.metric,
    ...options.y,
  })
  const signs = pair.map(({ mode }) => (mode === 'max' ? -1 : 1))
  const volume =
    corner &&
    hypervolume(
      flat,
      trials.length,
      Float64Array.from(corner, (value, k) => value * (signs[k] ?? 1)),
    )
  const columns = [label(first.metric), label(second.metric), 'trial']
  const rowsOf = (list: typeof trials) => list.map(({ at, index }) => [...at, index])
  const clouds = [
    { name: 'dominated', rows: rowsOf(others), columns, symbol: shapes.disc, color: neutral },
    {
      name: 'Pareto front',
      rows: rowsOf(front),
      columns,
      symbol: shapes.diamond,
      color: accent,
      symbolSize: 10,
      opacity: 1,
    },
    ...(corner
      ? [
          {
            name: 'reference',
            rows: [[...corner, -1]],
            columns: columns.slice(0, 2),
            symbol: shapes.cross,
            color: neutral,
            symbolSize: 11,
          },
        ]
      : []),
  ].filter(cloud => cloud.rows.length > 0)
  const subtitle = [
    `${front.length} of ${trials.length} trials are on the front`,
    ...pair.map(({ metric, mode }) => `${mode === 'min' ? 'smaller' : 'larger'} ${metric} is better`),
    ...(volume === undefined ? [] : [`hypervolume ${formatNumber(volume)}`]),
  ].join('; ')
  const stairs = staircase(
    front.map(({ at }) => at),
    first.mode,
  )
  const drawn = [
    ...clouds.map(cloudSeries),
    ...curveSeries([{ name: 'Pareto front', points: stairs, slot: 0, isMarked: false }])
      .filter(each => each.type === 'line')
      .map(each => ({ ...each, lineStyle: { color: accent, width: 1.5 }, silent: true, z: 2 })),
    ...(corner ? [dominated(stairs, corner, signs)] : []),
  ]
  const words = { title: `${first.metric} and ${second.metric}`, subtitle, ...options }
  return axesPlot({ x, y, legend: clouds, series: drawn }, words, { width: 720, height: 540 })
}

interface Located {
  readonly index: number
  readonly at: readonly [number, number]
  /** With signs turned so that smaller is better. */
  readonly losses: Float64Array
}

function valuesOf(study: PlotStudy, objectives: readonly Objective[]): Located[] {
  const last = new Map<number, TrialReport>()
  for (const { trialIndex, report } of study.reports()) last.set(trialIndex, report)
  return study.trials.flatMap(({ index, status }) => {
    const losses = status === 'error' ? undefined : readObjectives(last.get(index), objectives)
    if (losses === undefined) return []
    const [a = 0, b = 0] = Array.from(losses, (loss, k) => (objectives[k]?.mode === 'max' ? -loss : loss))
    return [{ index, at: [a, b] as const, losses }]
  })
}

function referenceOf(reference: Readonly<Record<string, number>>, metric: string): number {
  const value = Object.hasOwn(reference, metric) ? reference[metric] : undefined
  if (value !== undefined && Number.isFinite(value)) return value
  throw new TuneError(
    'INVALID_OPTION',
    `plotParetoFront: the reference of ${show(metric)} is ${show(value)}: pass a finite number`,
  )
}

/** The edge of what the front dominates, from left to right. */
function staircase(front: readonly Point[], horizontal: Objective['mode']): Point[] {
  const corners: Point[] = []
  for (const [i, point] of front.entries()) {
    const before = front[i - 1]
    // what a point dominates lies on the side of the worse
    if (before) corners.push(horizontal === 'min' ? [point[0], before[1]] : [before[0], point[1]])
    corners.push(point)
  }
  return corners
}

function dominated(stairs: readonly Point[], corner: readonly number[], signs: readonly number[]) {
  const [rx = 0, ry = 0] = corner
  const [sx = 1, sy = 1] = signs
  const inside = stairs.map(([x, y]): Point => [sx * Math.min(sx * x, sx * rx), sy * Math.min(sy * y, sy * ry)])
  const [first, last] = [inside[0], inside.at(-1)]
  // from the end nearest to the reference's abscissa, the outline goes on along its ordinate
  const outline: Point[] =
    first && last
      ? sx > 0
        ? [[first[0], ry], ...inside, [rx, last[1]], [rx, ry], [first[0], ry]]
        : [[rx, first[1]], ...inside, [last[0], ry], [rx, ry], [rx, first[1]]]
      : []
  return {
    type: 'line' as const,
    name: 'Pareto front',
    data: outline.map(point => [...point]),
    symbol: 'none',
    lineStyle: { width: 0 },
    areaStyle: { color: accent, opacity: 0.12 },
    silent: true,
    tooltip: { show: false },
    z: 1,
  }
}
