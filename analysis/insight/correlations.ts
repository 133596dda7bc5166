import { Rng } from '../../src/rng.js'
import type { NamedColumn } from '../importance/columns.js'
import type { Interval } from '../statistics/bootstrap.js'
import { checkThat } from '../statistics/check.js'
import { type CorrelationResult, pearsonCorrelation, spearmanCorrelation } from '../statistics/correlation.js'
import { associationTest, etaSquared, kruskalWallisTest } from '../statistics/groups.js'
import { holmCorrection } from '../statistics/holm.js'
import { EtaBootstrap } from './eta-bootstrap.js'
import { metricsOf, readFacts, type StudyFacts, type StudyOptions, type StudySource } from './study-facts.js'

/** How two things that differ between trials go together. */
export interface Correlation {
  /** A parameter, by where it stands in a config. */
  readonly first: string
  /** A metric, or another parameter. */
  readonly second: string
  /** How many trials have both. */
  readonly trials: number
  /** Of two numbers, parameters in their own scale (the logarithm where they are log-uniform); undefined where a category is one of them. */
  readonly pearson: CorrelationResult | undefined
  /** Of their ranks, which any rising scale leaves as it is. */
  readonly spearman: CorrelationResult | undefined
  /** Of a category and a number: the share of the number's variance that lies between categories, in [0, 1], with a 95 % bootstrap interval. */
  readonly etaSquared: (Interval & { readonly value: number }) | undefined
  /** Of two categories: in [0, 1], 1 where one tells the other. */
  readonly cramersV: number | undefined
  /** Of the test of ranks: Spearman's, Kruskal and Wallis's, or χ² for two categories. It holds for configs drawn independently of one another. */
  readonly pValue: number
  /** The same after Holm's correction for all correlations in the list. */
  readonly adjustedP: number
}

/** What {@link correlations} found. */
export interface Correlations {
  /** Of each parameter with each metric, the metric that is optimized first; strongest first for each metric. */
  readonly withMetrics: readonly Correlation[]
  /** Of parameters among each other: where such are strong, what one does and what the other does can't be told apart. */
  readonly amongParameters: readonly Correlation[]
  /**
   * Whether the searcher drew each config without looking at results (random, grid, quasi-random). Where it did not, trials crowd where results
   * were good: p-values are then too small, and parameters may go together just for that.
   */
  readonly isIndependent: boolean
  /** How many trials they are of, at most. */
  readonly trials: number
}

/** How {@link correlations} is set. */
export interface CorrelationOptions extends StudyOptions {
  /** The seed of bootstrap intervals and of the choice among very many trials. @defaultValue 0 */
  readonly seed?: number
  /** The most trials that are looked at, an integer from 4; of more so many are drawn. @defaultValue 2000 */
  readonly maxTrials?: number
}

/** The most metrics besides the one that is optimized. */
const mostMetrics = 12
const independent: readonly string[] = ['random', 'grid', 'sobol', 'halton']

/**
 * How each parameter goes with each metric, and parameters with each other. A trial counts with its best value of the study's metric, and with what
 * it reported of other metrics there. A correlation tells what goes together, not what causes it.
 *
 * @param source - a study's results, or its view while it runs
 * @throws `TuneError` `INVALID_OPTION`
 */
export function correlations(source: StudySource, options: CorrelationOptions = {}): Correlations {
  return correlationsOf(readFacts(source, options, 'correlations'), options)
}

/** {@link correlations} of what was read already. */
export function correlationsOf(facts: StudyFacts, { seed = 0, maxTrials = 2000 }: CorrelationOptions): Correlations {
  checkThat(
    Number.isSafeInteger(maxTrials) && maxTrials >= 4,
    'correlations: maxTrials',
    maxTrials,
    'an integer from 4',
  )
  const rng = Rng.from(seed).fork('correlations')
  const places = choosePlaces(facts.trials.length, maxTrials, rng.fork('trials'))
  const bootstrap = new EtaBootstrap(rng.fork('bootstrap'))
  const parameters = facts.columns.map((column): Variable => ({ ...column, values: pick(column.values, places) }))
  const withMetrics = metricVariables(facts, places).map(metric =>
    parameters
      .flatMap(parameter => relate(parameter, metric, bootstrap) ?? [])
      .sort((a, b) => strengthOf(b) - strengthOf(a)),
  )
  const among = parameters.flatMap((first, i) =>
    parameters.slice(i + 1).flatMap(second => relate(first, second, bootstrap) ?? []),
  )
  return {
    withMetrics: correct(withMetrics.flat()),
    amongParameters: correct(among).sort((a, b) => strengthOf(b) - strengthOf(a)),
    isIndependent: independent.includes(facts.searcher),
    trials: places.length,
  }
}

/** How strong a correlation is, in [0, 1], whatever it is of. */
export function strengthOf({ spearman, etaSquared: eta, cramersV }: Omit<Correlation, 'adjustedP'>): number {
  return spearman ? Math.abs(spearman.value) : Math.sqrt(eta?.value ?? 0) || (cramersV ?? 0)
}

type Variable = Pick<NamedColumn, 'name' | 'categories' | 'values'>

function relate(
  first: Variable,
  second: Variable,
  bootstrap: EtaBootstrap,
): Omit<Correlation, 'adjustedP'> | undefined {
  const both = [...first.values.keys()].filter(
    place => !Number.isNaN(first.values[place]) && !Number.isNaN(second.values[place] ?? Number.NaN),
  )
  const [x, y] = [pick(first.values, both), pick(second.values, both)]
  if (both.length < 4 || new Set(x).size < 2 || new Set(y).size < 2) return undefined
  const none = { pearson: undefined, spearman: undefined, etaSquared: undefined, cramersV: undefined }
  const pair = { first: first.name, second: second.name, trials: both.length, ...none }
  if (first.categories > 0 && second.categories > 0) {
    const { cramersV, pValue } = associationTest(x, y)
    return { ...pair, cramersV, pValue }
  }
  if (first.categories > 0 || second.categories > 0) {
    const [groups, numbers] = first.categories > 0 ? [x, y] : [y, x]
    const interval = bootstrap.intervalOf(groups, numbers)
    const { pValue } = kruskalWallisTest(groups, numbers)
    return { ...pair, etaSquared: { value: etaSquared(groups, numbers), ...interval }, pValue }
  }
  const spearman = spearmanCorrelation(x, y)
  return spearman && { ...pair, pearson: pearsonCorrelation(x, y), spearman, pValue: spearman.pValue }
}

function correct(found: readonly Omit<Correlation, 'adjustedP'>[]): Correlation[] {
  const adjusted = holmCorrection(found.map(({ pValue }) => pValue))
  return found.map((each, i) => ({ ...each, adjustedP: adjusted[i] ?? 1 }))
}

/** The metric that is optimized, then others that differ, in the order in which they were first reported. */
function metricVariables({ trials, scores, objective }: StudyFacts, places: readonly number[]): Variable[] {
  const reported = places.map(place => {
    const trial = trials[place]
    return trial === undefined ? new Map<string, number>() : metricsOf(trial)
  })
  const names = new Set(reported.flatMap(metrics => [...metrics.keys()]))
  names.delete(objective.metric)
  const others = [...names].slice(0, mostMetrics).map(name => ({
    name,
    categories: 0,
    values: Float64Array.from(reported, metrics => metrics.get(name) ?? Number.NaN),
  }))
  return [{ name: objective.metric, categories: 0, values: pick(scores, places) }, ...others]
}

/** So many of n places, in their order. */
export function choosePlaces(n: number, most: number, rng: Rng): number[] {
  const places = Array.from({ length: n }, (_, place) => place)
  if (n <= most) return places
  return rng
    .shuffle(places)
    .slice(0, most)
    .sort((a, b) => a - b)
}

function pick(values: Float64Array, places: readonly number[]): Float64Array {
  return Float64Array.from(places, place => values[place] ?? Number.NaN)
}
