import type { LineSeriesOption, ScatterSeriesOption } from 'echarts'
import type { LegendEntry } from './legend.js'
import { markers } from './markers.js'
import { cloudSeries } from './points.js'
import { cycle, dashes } from './theme.js'

/** A point of a curve: x and y. */
export type Point = readonly [x: number, y: number]

/** What is drawn of a line: its points alone, the line alone, or both. */
export type LineForm = 'points' | 'line' | 'points-and-line'

/** A line, which may have a band around it. */
export interface Curve {
  readonly name: string
  /** In the order of x; a value that is no finite number makes a gap. */
  readonly points: readonly Point[]
  /** The band's outline from left to right, below and above. */
  readonly lower?: readonly Point[]
  readonly upper?: readonly Point[]
  /** Which dash and marker it has. */
  readonly slot: number
  /** Whether a value holds until the next one. @defaultValue false */
  readonly isStep?: boolean
  /** Whether each point is marked; else just a few, to tell lines apart. @defaultValue whether there are at most 12 */
  readonly isMarked?: boolean
  /** @defaultValue a line, marked as `isMarked` says */
  readonly form?: LineForm | undefined
}

/** What the few marks of a line are apart from those of the next line, as a share of the distance between marks. */
const stagger = 0.381966

/**
 * Draws curves: a line each, its marks, and its band. All have the curve's name, so that the legend shows and hides them together.
 *
 * @param columns - what the coordinates are called when a point without a line is pointed at
 */
export function curveSeries(
  curves: readonly Curve[],
  columns: readonly string[] = ['x', 'y'],
): (LineSeriesOption | ScatterSeriesOption)[] {
  return [
    ...curves.map(curve => (curve.form === 'points' ? cloud(curve, columns) : line(curve))),
    ...curves.flatMap(curve => (hasOwnMarks(curve) ? [marks(curve)] : [])),
    ...curves.flatMap(curve =>
      curve.lower && curve.upper ? band(curve.name, curve.lower, curve.upper, curve.isStep) : [],
    ),
  ]
}

function isEveryPointMarked({ form, isMarked, points }: Curve): boolean {
  return form === undefined ? (isMarked ?? points.length <= 12) : form !== 'line'
}

/** Whether marks are drawn apart from the line: they are few, or not at its corners. */
function hasOwnMarks(curve: Curve): boolean {
  if (curve.form !== undefined) return curve.form === 'points-and-line' && curve.isStep === true
  return !isEveryPointMarked(curve)
}

function line(curve: Curve): LineSeriesOption {
  const { name, slot, isStep = false, form } = curve
  const points = isStep ? decimate(steps(curve.points), 4000) : decimate(curve.points, 1500)
  return {
    type: 'line',
    name,
    data: points.map(gapless),
    showSymbol: isEveryPointMarked(curve) && !isStep,
    symbol: cycle(markers, slot),
    symbolSize: 7,
    // a legend would have a mark even where there is none
    ...(form === 'line' && { itemStyle: { opacity: 0 } }),
    lineStyle: { width: 2, type: cycle(dashes, slot) },
    z: 4,
  }
}

/** A curve as a legend lists it. */
export function legendOf({ name, slot, form }: Curve): LegendEntry {
  return form === 'points' ? { name, symbol: cycle(markers, slot) } : name
}

function cloud({ name, points, slot }: Curve, columns: readonly string[]): ScatterSeriesOption {
  const rows = points.filter(([, y]) => Number.isFinite(y))
  return cloudSeries({ name, rows, columns, symbol: cycle(markers, slot) })
}

/** A point as echarts takes it: what is no finite number leaves a gap. */
function gapless([x, y]: Point): (number | null)[] {
  return [x, Number.isFinite(y) ? y : null]
}

function marks(curve: Curve): ScatterSeriesOption {
  const { name, points, slot } = curve
  const count = isEveryPointMarked(curve) ? points.length : Math.min(points.length, 7)
  const gap = points.length / count
  const shift = isEveryPointMarked(curve) ? 0 : (slot * stagger) % 1
  const chosen = Array.from({ length: count }, (_, i) => Math.floor((i + shift) * gap))
  return {
    type: 'scatter',
    name,
    data: chosen.flatMap(index => {
      const point = points[index]
      return point !== undefined && Number.isFinite(point[1]) ? [[...point]] : []
    }),
    symbol: cycle(markers, slot),
    symbolSize: 7,
    silent: true,
    tooltip: { show: false },
    z: 5,
  }
}

/**
 * A band as one closed line that runs along its upper edge and back along its lower one: what it encloses is filled, on every kind of axis (stacked areas
 * would not do on logarithmic ones).
 */
function band(name: string, lower: readonly Point[], upper: readonly Point[], isStep = false): LineSeriesOption[] {
  return runs(lower, upper).map(run => {
    const [low, high] = isStep
      ? [steps(run.lower), steps(run.upper)]
      : [decimate(run.lower, 800), decimate(run.upper, 800)]
    const first = high[0]
    return {
      type: 'line',
      name,
      data: [...high, ...low.toReversed(), ...(first ? [first] : [])].map(point => [...point]),
      symbol: 'none',
      lineStyle: { width: 0.5, opacity: 0.5 },
      areaStyle: { opacity: 0.15 },
      silent: true,
      tooltip: { show: false },
      z: 2,
    }
  })
}

interface Run {
  readonly lower: Point[]
  readonly upper: Point[]
}

/** The stretches of a band in which both edges are finite. */
function runs(lower: readonly Point[], upper: readonly Point[]): Run[] {
  const found: Run[] = []
  let current: Run | undefined
  for (const [index, low] of lower.entries()) {
    const high = upper[index]
    if (high === undefined || !Number.isFinite(low[1]) || !Number.isFinite(high[1])) {
      current = undefined
      continue
    }
    if (current === undefined) {
      current = { lower: [], upper: [] }
      found.push(current)
    }
    current.lower.push(low)
    current.upper.push(high)
  }
  return found.filter(run => run.lower.length > 1)
}

/** The corners of a line that holds each value until the next. */
export function steps(points: readonly Point[]): Point[] {
  const corners: Point[] = []
  let held: Point | undefined
  for (const [index, point] of points.entries()) {
    // what does not change needs no corner
    const isLast = index === points.length - 1
    if (held !== undefined && Object.is(held[1], point[1]) && !isLast) continue
    if (held !== undefined && !Object.is(held[1], point[1]) && held[0] !== point[0]) corners.push([point[0], held[1]])
    corners.push(point)
    held = point
  }
  return corners
}

/** Leaves out points that would not be seen: of each of many equal stretches the first, last, least and greatest stay. */
export function decimate(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points
  const stretches = Math.max(1, Math.floor(most / 4))
  const kept: Point[] = []
  for (let i = 0; i < stretches; i++) {
    const from = Math.floor((i * points.length) / stretches)
    const to = Math.floor(((i + 1) * points.length) / stretches) - 1
    let [low, high] = [from, from]
    for (let j = from; j <= to; j++) {
      if (valueAt(points, j) < valueAt(points, low)) low = j
      if (valueAt(points, j) > valueAt(points, high)) high = j
    }
    for (const index of [...new Set([from, low, high, to])].sort((a, b) => a - b)) {
      const point = points[index]
      if (point !== undefined) kept.push(point)
    }
  }
  return kept
}

function valueAt(points: readonly Point[], index: number): number {
  return points[index]?.[1] ?? Number.NaN
}
