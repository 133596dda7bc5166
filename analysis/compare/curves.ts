import type { Mode } from '../../src/index.js'
import type { MedianBootstrap } from './median-bootstrap.js'
import { quartilesOf } from './quantiles.js'
import { better, type StudyTrace, studySeconds, worst } from './trace.js'

/** What a best-so-far curve runs against: trials begun, reports of all trials together, or seconds (virtual ones in a simulation). */
export type Axis = 'trials' | 'iterations' | 'seconds'

/** The best value so far of a strategy on a problem, over its repeats. Studies that ended early keep their last value. */
export interface BestSoFarCurve {
  /** Its name. */
  readonly strategy: string
  /** The name of the problem that its studies were on. */
  readonly problem: string
  /** What `x` counts. */
  readonly axis: Axis
  /** How many studies it is of. */
  readonly studies: number
  /** [points] Ascending; the same for all strategies on the problem. */
  readonly x: Float64Array
  /** [points] The median over the studies, and quartiles of their values; the worse infinity where a study has none yet. */
  readonly median: Float64Array
  /** The first quartile over the studies, likewise. */
  readonly lowerQuartile: Float64Array
  /** The third quartile. */
  readonly upperQuartile: Float64Array
  /** [points] The median's 95 % bootstrap interval, at each point by itself. */
  readonly lower: Float64Array
  /** Its upper end. */
  readonly upper: Float64Array
}

const mostPoints = 100

/** Where curves of these studies have their points: evenly spaced, from the first that all may have to the last of any. */
export function curveGrid(traces: readonly StudyTrace[], axis: Axis): Float64Array {
  const end = traces.reduce((most, trace) => Math.max(most, lengthOf(trace, axis)), 0)
  const points = axis === 'seconds' ? mostPoints : Math.min(mostPoints, end)
  return Float64Array.from({ length: points }, (_, i) => {
    const x = (end * (i + 1)) / points
    return axis === 'seconds' ? x : Math.round(x)
  })
}

/** The best value of one study at each point. */
export function sampleTrace(trace: StudyTrace, axis: Axis, x: Float64Array, mode: Mode): Float64Array {
  if (axis === 'seconds') return sampleTime(trace, x, mode)
  const values = axis === 'trials' ? trace.bestOfFirst : trace.best
  return x.map(count => values[Math.min(count, values.length) - 1] ?? worst(mode))
}

/** Summarizes the curves of one strategy's studies on one problem. */
export function bestSoFar(
  traces: readonly StudyTrace[],
  key: Pick<BestSoFarCurve, 'strategy' | 'problem' | 'axis'>,
  x: Float64Array,
  mode: Mode,
  bootstrap: MedianBootstrap,
): BestSoFarCurve {
  const samples = traces.map(trace => sampleTrace(trace, key.axis, x, mode))
  const make = () => new Float64Array(x.length)
  const [median, lowerQuartile, upperQuartile, lower, upper] = [make(), make(), make(), make(), make()]
  for (let i = 0; i < x.length; i++) {
    const values = Float64Array.from(samples, sample => sample[i] ?? Number.NaN)
    const quartiles = quartilesOf(values)
    median[i] = quartiles.median
    lowerQuartile[i] = quartiles.lowerQuartile
    upperQuartile[i] = quartiles.upperQuartile
    const interval = bootstrap.intervalOf(values)
    lower[i] = interval.lower
    upper[i] = interval.upper
  }
  return { ...key, studies: traces.length, x, median, lowerQuartile, upperQuartile, lower, upper }
}

function lengthOf(trace: StudyTrace, axis: Axis): number {
  switch (axis) {
    case 'trials':
      return trace.bestOfFirst.length
    case 'iterations':
      return trace.best.length
    case 'seconds':
      return studySeconds(trace)
    default:
      return axis satisfies never
  }
}

/** In logical order reports are not committed in the order of their times. */
function sampleTime({ best, seconds }: StudyTrace, x: Float64Array, mode: Mode): Float64Array {
  const order = Uint32Array.from(best, (_, i) => i).sort((a, b) => (seconds[a] ?? 0) - (seconds[b] ?? 0))
  let value = worst(mode)
  let next = 0
  return x.map(until => {
    // a hair more, since the end of the last study is a sum of rounded numbers
    for (; next < order.length && (seconds[order[next] ?? 0] ?? 0) <= until * (1 + 1e-12); next++)
      value = better(value, best[order[next] ?? 0] ?? value, mode)
    return value
  })
}
