import type { LineSeriesOption, XAXisComponentOption, YAXisComponentOption } from 'echarts'
import { show, TuneError } from '../../../src/errors.js'
import { formatNumber } from '../../../src/results/text.js'
import { type Axis, extentOf, labelWidth, positionOn, settleAxis } from '../core/axis.js'
import { evenly } from '../core/evenly.js'
import { shapes } from '../core/markers.js'
import { type ChartOptions, cellArea, frame, label } from '../core/option.js'
import { Plot } from '../core/plot.js'
import { cloudSeries } from '../core/points.js'
import { levelLines, type Side, smooth } from '../core/smooth.js'
import { measureText } from '../core/text-width.js'
import { accent, sequential } from '../core/theme.js'
import { horizontalAxes, settleParameter, verticalAxes } from './parameter-axes.js'
import { type PlotParameter, parametersOf } from './parameters.js'
import { assertSomething, type MetricOptions, objectiveOf, type PlotSource, readStudy, scoresOf } from './source.js'

/** How a contour is drawn. */
export interface ContourOptions extends ChartOptions, MetricOptions {
  /** Whether colours go by the logarithm of the metric; `auto` where positive values span more than two powers of ten. @defaultValue `'auto'` */
  readonly scale?: 'linear' | 'log' | 'auto'
}

/** The most trials that are marked, evenly chosen: more would hide the colours. */
const mostDots = 400

/** Cells along a side that is no list of categories. */
const cells = 36

/**
 * The metric over two hyperparameters, smoothed over what the trials came to (all other hyperparameters averaged out), with level lines and the
 * trials; what no trial is near to stays empty.
 *
 * @param pair - the paths of the horizontal and the vertical hyperparameter
 * @throws `TuneError` `INVALID_OPTION` without metric or mode, or for a path that no config has; `NO_RESULT` if no trial has a finite value
 * @see Optuna's `plot_contour`
 */
export function plotContour(
  source: PlotSource,
  pair: readonly [x: string, y: string],
  options: ContourOptions = {},
): Plot {
  const study = readStudy(source)
  const objective = objectiveOf(study, options, 'plotContour')
  const { metric, mode } = objective
  const [px, py] = parametersOf(study, { parameters: pair }, 'plotContour')
  if (px === undefined || py === undefined || px.path === py.path)
    throw new TuneError(
      'INVALID_OPTION',
      `plotContour: the pair is ${show(pair)}: pass the paths of two hyperparameters`,
    )
  const scores = scoresOf(study, objective, 'all')
  const rows = study.trials.flatMap(({ index, config }) => {
    const [x, y, value] = [px.read(config), py.read(config), scores.get(index)]
    return x === undefined || y === undefined || value === undefined ? [] : [{ x, y, value, index }]
  })
  assertSomething(rows.length, metric, 'plotContour')
  const isLog = settleAxis(
    rows.map(row => row.value),
    { scale: options.scale ?? 'auto' },
  ).isLog
  const colorOf = (value: number) => (isLog ? Math.log10(value) : value)
  const ax = sideOf(
    px,
    rows.map(row => row.x),
  )
  const ay = sideOf(
    py,
    rows.map(row => row.y),
  )
  const samples = rows
    .map(({ x, y, value }) => ({ u: positionOn(ax.axis, x), v: positionOn(ay.axis, y), value: colorOf(value) }))
    .filter(sample => Number.isFinite(sample.value))
  const grid = smooth(samples, ax.side, ay.side)
  const [low, high] = extentOf(grid) ?? [0, 1]
  const best = rows.reduce((a, b) => ((mode === 'min' ? b.value < a.value : b.value > a.value) ? b : a))
  const data = Array.from(grid, (value, i) => [i % ax.side.cells, Math.floor(i / ax.side.cells), value]).filter(cell =>
    Number.isFinite(cell[2]),
  )
  const dots = evenly(rows, mostDots)
  const columns = [px.name, py.name, label(metric), 'trial']
  const left =
    44 + (py.categories ? Math.max(24, ...py.categories.map(name => measureText(name))) : labelWidth(ay.axis))
  return new Plot(
    size => {
      const part = dots.length < rows.length ? `, of which ${dots.length} are marked` : ''
      const note = `${isLog ? 'logarithm of the metric, ' : ''}smoothed over ${rows.length} trials${part}`
      const words = frame(size, { title: `${metric} by ${px.name} and ${py.name}`, subtitle: note, ...options }, [
        'trials',
        'best',
      ])
      return {
        ...words.option,
        tooltip: { trigger: 'item' },
        grid: cellArea(
          size,
          { left, right: 110, top: words.top, bottom: words.bottom + 46 },
          ax.side.cells,
          ay.side.cells,
        ),
        xAxis: [counting(ax.side.cells), ...horizontalAxes(px, ax.axis).map(bare)] as XAXisComponentOption[],
        yAxis: [counting(ay.side.cells), ...verticalAxes(py, ay.axis, left - 24).map(bare)] as YAXisComponentOption[],
        visualMap: {
          type: 'continuous',
          seriesIndex: 0,
          dimension: 2,
          min: low,
          max: high > low ? high : low + 1,
          right: 12,
          top: 'middle',
          itemHeight: Math.max(80, Math.min(200, size.height - 180)),
          text: [high, low].map(value => formatNumber(isLog ? 10 ** value : value)),
          inRange: { color: [...sequential] },
          precision: 4,
        },
        series: [
          { type: 'heatmap', data, xAxisIndex: 0, yAxisIndex: 0, silent: true, progressive: 0, z: 1 },
          ...levels(grid, ax, ay, low, high),
          {
            ...cloudSeries({
              name: 'trials',
              columns,
              rows: dots.map(({ x, y, value, index }) => [x, y, value, index]),
              symbol: shapes.disc,
              color: '#ffffff',
            }),
            xAxisIndex: 1,
            yAxisIndex: 1,
            symbolSize: dots.length > 200 ? 4 : 5,
            itemStyle: { color: '#ffffff', borderColor: '#000000', borderWidth: 0.8, opacity: 0.9 },
            z: 4,
          },
          {
            ...cloudSeries({
              name: 'best',
              columns,
              rows: [[best.x, best.y, best.value, best.index]],
              symbol: shapes.star,
              symbolSize: 17,
              opacity: 1,
            }),
            xAxisIndex: 1,
            yAxisIndex: 1,
            itemStyle: { color: accent, borderColor: '#000000', borderWidth: 0.8, opacity: 1 },
            z: 5,
          },
        ],
      }
    },
    { width: 720, height: 540 },
  )
}

/** One side of the contour. */
interface ContourSide {
  readonly axis: Axis
  readonly side: Side
}

function sideOf(parameter: PlotParameter, values: readonly number[]): ContourSide {
  const { categories } = parameter
  const side = { cells: categories?.length ?? cells, isCategorical: categories !== undefined }
  return { axis: settleParameter(parameter, values), side }
}

/** An axis that cells are numbered on. */
function counting(count: number) {
  return { type: 'category', show: false, data: Array.from({ length: count }, (_, i) => String(i)) }
}

function bare<T>(axis: T) {
  return { ...axis, splitLine: { show: false } }
}

function levels(grid: Float64Array, ax: ContourSide, ay: ContourSide, low: number, high: number): LineSeriesOption[] {
  if (ax.side.isCategorical || ay.side.isCategorical || !(high > low)) return []
  const count = 8
  const lines = Array.from({ length: count - 1 }, (_, i) => low + ((i + 1) * (high - low)) / count)
  const data = lines.flatMap(level =>
    levelLines(grid, ax.side.cells, ay.side.cells, level).flatMap(([x1, y1, x2, y2]) => [
      [valueAt(ax, x1), valueAt(ay, y1)],
      [valueAt(ax, x2), valueAt(ay, y2)],
      [null, null],
    ]),
  )
  return [
    {
      type: 'line',
      data,
      xAxisIndex: 1,
      yAxisIndex: 1,
      symbol: 'none',
      silent: true,
      lineStyle: { color: '#ffffff', width: 0.8, opacity: 0.7 },
      z: 3,
    },
  ]
}

/** The value on an axis at a place in units of cells from the middle of the first one. */
function valueAt({ axis, side }: ContourSide, place: number): number {
  const share = (place + 0.5) / side.cells
  return axis.isLog ? axis.min * (axis.max / axis.min) ** share : axis.min + share * (axis.max - axis.min)
}
