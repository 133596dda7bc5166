import { show, TuneError } from '../../../src/errors.js'
import { isBetter, readMetric } from '../../../src/trial.js'
import { type LineChartOptions, lineChart } from '../charts/line-chart.js'
import type { Plot } from '../core/plot.js'
import { type MetricOptions, objectiveOf, type PlotSource, type PlotStudy, readStudy } from './source.js'

/** What a best-so-far curve runs against: trials begun, reports of all trials together, or seconds since the first one began. */
export type BestSoFarAxis = 'trials' | 'iterations' | 'seconds'

/** How best-so-far curves are drawn. */
export interface BestSoFarOptions extends LineChartOptions, MetricOptions {
  /** @defaultValue `'iterations'` */
  readonly against?: BestSoFarAxis
}

/** A curve that a comparison of strategies has made. */
export interface StrategyCurve {
  /** What the legend calls it. */
  readonly strategy: string
  /** What `x` counts. */
  readonly axis: BestSoFarAxis
  /** Where the curve is known, ascending. */
  readonly x: ArrayLike<number>
  /** The best value so far there, the median over studies; as many. */
  readonly median: ArrayLike<number>
  /** The edges of the band. */
  readonly lower: ArrayLike<number>
  /** The upper edge of the band, as many. */
  readonly upper: ArrayLike<number>
}

const axisNames: Readonly<Record<BestSoFarAxis, string>> = {
  trials: 'trials begun',
  iterations: 'iterations of all trials',
  seconds: 'time since the start',
}

/**
 * The best value so far of several strategies, each with the studies that it was repeated in: the median, and a band from the lower to the upper
 * quartile. A study that ended early keeps its last value; before a study's first value there is none, and the curve begins once all have one.
 *
 * @param strategies - the studies of each strategy, by its name
 * @throws `TuneError` `INVALID_OPTION` without metric or mode
 */
export function plotBestSoFar(
  strategies: Readonly<Record<string, readonly PlotSource[]>>,
  options: BestSoFarOptions = {},
): Plot {
  const { against = 'iterations' } = options
  let name = ''
  const sets = Object.entries(strategies).map(([strategy, sources]) => {
    const traces = sources.map(source => {
      const study = readStudy(source)
      const { metric, mode } = objectiveOf(study, options, 'plotBestSoFar')
      name = metric
      return improvements(study, metric, mode, against)
    })
    return { strategy, traces: traces.filter(trace => trace.length > 0) }
  })
  const end = Math.max(0, ...sets.flatMap(({ traces }) => traces.map(trace => trace.at(-1)?.x ?? 0)))
  const curves = sets.flatMap(({ strategy, traces }): StrategyCurve[] => {
    if (traces.length === 0) return []
    const begin = Math.max(...traces.map(trace => trace[0]?.x ?? 0))
    const x = [...new Set([begin, ...traces.flatMap(trace => trace.map(each => each.x)), end])]
      .filter(place => place >= begin)
      .sort((a, b) => a - b)
    const places = thin(x, 400)
    const columns = places.map(place => traces.map(trace => valueAt(trace, place)).sort((a, b) => a - b))
    return [
      {
        strategy: traces.length === 1 ? strategy : `${strategy} (${traces.length} studies)`,
        axis: against,
        x: places,
        median: columns.map(values => quantile(values, 0.5)),
        lower: columns.map(values => quantile(values, 0.25)),
        upper: columns.map(values => quantile(values, 0.75)),
      },
    ]
  })
  if (curves.length === 0) throw new TuneError('NO_RESULT', `plotBestSoFar: no trial reported a finite ${show(name)}`)
  const subtitle = sets.some(({ traces }) => traces.length > 1)
    ? 'median of the studies; bands from the lower to the upper quartile'
    : undefined
  return plotStrategyCurves(curves, {
    ...(subtitle !== undefined && { subtitle }),
    ...options,
    y: { name, ...options.y },
  })
}

/**
 * Draws the curves of a comparison: best value so far, with bands.
 *
 * @param curves - all against the same axis
 */
export function plotStrategyCurves(curves: readonly StrategyCurve[], options: LineChartOptions = {}): Plot {
  const axis = curves[0]?.axis ?? 'iterations'
  return lineChart(
    curves.map(({ strategy, x, median, lower, upper }) => ({
      name: strategy,
      x,
      y: median,
      lower,
      upper,
      isStep: true,
    })),
    {
      title: 'Best value so far',
      ...options,
      x: { name: axisNames[axis], ...(axis === 'seconds' && { unit: 's' }), scale: 'linear', ...options.x },
    },
  )
}

interface Improvement {
  readonly x: number
  readonly best: number
}

/** Where a study's best value changed, and its last place. */
function improvements(study: PlotStudy, metric: string, mode: 'min' | 'max', against: BestSoFarAxis): Improvement[] {
  const found: Improvement[] = []
  const begun = new Set<number>()
  let count = 0
  let origin: number | undefined
  let best: number | undefined
  let x = 0
  for (const { trialIndex, report } of study.reports()) {
    count += 1
    begun.add(trialIndex)
    const { timestampMs, timeThisIterS } = report.timing
    origin ??= timestampMs - 1000 * timeThisIterS
    // commits may lag behind the clock, but time never runs back
    x =
      against === 'trials' ? begun.size : against === 'iterations' ? count : Math.max(x, (timestampMs - origin) / 1000)
    const value = readMetric(report, metric)
    if (value === undefined || !isBetter(value, best, mode)) continue
    best = value
    if (found.at(-1)?.x === x) found.pop()
    found.push({ x, best })
  }
  if (best !== undefined && found.at(-1)?.x !== x) found.push({ x, best })
  return found
}

function valueAt(trace: readonly Improvement[], x: number): number {
  let [low, high] = [0, trace.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((trace[middle]?.x ?? 0) <= x) low = middle
    else high = middle - 1
  }
  return trace[low]?.best ?? Number.NaN
}

/** Linear interpolation between order statistics (Hyndman and Fan's type 7). */
function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share
  const [below, above] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN]
  return below + (above - below) * (place - Math.floor(place))
}

/** At most so many of the places, the last one among them. */
function thin(places: readonly number[], most: number): number[] {
  if (places.length <= most) return [...places]
  return Array.from({ length: most }, (_, i) => places[Math.floor((i * (places.length - 1)) / (most - 1))] ?? 0)
}
