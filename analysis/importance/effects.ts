import { sampleCorrelation } from 'simple-statistics'
import { Rng } from '../../src/rng.js'
import type { ParameterOptions } from '../plots/study/parameters.js'
import type { MetricOptions, PlotSource } from '../plots/study/source.js'
import { checkThat } from '../statistics/check.js'
import { averageRanks } from '../statistics/ranks.js'
import { readEvidence } from './columns.js'
import { growForest, marginal, type Piece } from './fanova.js'

/** What the metric is expected to be at a value of a parameter, whatever the others are. */
export interface EffectPoint {
  /** The parameter's value; the name of a category. */
  readonly at: number | string
  /** In the metric's unit. */
  readonly mean: number
  /** The standard deviation of what trees say: large where there were few trials. */
  readonly deviation: number
}

/** How the metric goes with a parameter. */
export interface ParameterEffect {
  /** Where the parameter stands in a config. */
  readonly name: string
  /** How many trials had it. */
  readonly trials: number
  /** Spearman's rank correlation with the metric, in [−1, 1]; undefined for categories, and where one of the two never differs. */
  readonly rankCorrelation: number | undefined
  /** Evenly spaced over the parameter's range, or one for each category. */
  readonly points: readonly EffectPoint[]
}

/** How {@link effectsOf} is set. */
export interface EffectOptions extends MetricOptions, ParameterOptions {
  /** How many points a number's effect has; an integer from 2. @defaultValue 21 */
  readonly points?: number
  /** How many trees the forest has, an integer from 1. @defaultValue 64 */
  readonly trees?: number
  /** The seed of the forest. @defaultValue 0 */
  readonly seed?: number
}

/**
 * How the metric goes with each parameter by itself: a random forest's predictions, averaged over all that the other parameters may be. A parameter that
 * is not always there is told of by the trials that have it.
 *
 * @param source - a study's results, or its view while it runs
 * @returns the parameters in the order of the configs
 * @throws `TuneError` `INVALID_OPTION`
 * @see Hutter, Hoos and Leyton-Brown (2014), section 4
 */
export function effectsOf(source: PlotSource, options: EffectOptions = {}): ParameterEffect[] {
  const { points = 21, trees = 64, seed = 0 } = options
  checkThat(Number.isSafeInteger(points) && points >= 2, 'effectsOf: points', points, 'an integer from 2')
  checkThat(Number.isSafeInteger(trees) && trees >= 1, 'effectsOf: trees', trees, 'an integer from 1')
  const { columns, losses, mode } = readEvidence(source, options, 'effectsOf')
  const metric = mode === 'max' ? losses.map(loss => -loss) : losses
  const rng = Rng.from(seed).fork('effects')
  const everyone = Array.from(metric.keys())
  const whole = growForest(columns, metric, everyone, trees, rng.fork('whole'))
  return columns.map(({ name, categories, values, labels, numberAt }, feature) => {
    const having = everyone.filter(row => !Number.isNaN(values[row]))
    const isAlways = having.length === metric.length
    const forest = isAlways ? whole : growForest(columns, metric, having, trees, rng.fork(name))
    const curves = forest.map(leaves => marginal(leaves, feature, categories))
    const units = Array.from({ length: points }, (_, i) => i / (points - 1))
    return {
      name,
      trials: having.length,
      rankCorrelation: labels
        ? undefined
        : correlate(
            having.map(row => values[row] ?? 0),
            having.map(row => metric[row] ?? 0),
          ),
      points: labels
        ? labels.map((at, category) => ({ at, ...spread(curves.map(curve => curve[category]?.value ?? Number.NaN)) }))
        : units.map(unit => ({ at: numberAt(unit), ...spread(curves.map(curve => valueAt(curve, unit))) })),
    }
  })
}

function correlate(values: readonly number[], metric: readonly number[]): number | undefined {
  if (new Set(values).size < 2 || new Set(metric).size < 2) return undefined
  return sampleCorrelation([...averageRanks(values)], [...averageRanks(metric)])
}

function valueAt(pieces: readonly Piece[], unit: number): number {
  let end = 0
  for (const { width, value } of pieces) {
    end += width
    // the last digits of sums of widths are not to be trusted
    if (unit <= end + 1e-12) return value
  }
  return pieces.at(-1)?.value ?? Number.NaN
}

function spread(values: readonly number[]): Pick<EffectPoint, 'mean' | 'deviation'> {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return { mean, deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) }
}
