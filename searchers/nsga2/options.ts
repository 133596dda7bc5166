import { show, TuneError } from '../../src/errors.js'
import type { CommonOptions } from '../kit/experience.js'
import { type Crossover, checkCrossover, checkMutation, type Mutation } from '../kit/variation.js'

/** Options of {@link NSGA2Searcher}. */
export interface NSGA2SearcherOptions extends CommonOptions {
  /**
   * How many configs may have children at a time: about as many points of the Pareto front as can be told apart. An integer of at least 2.
   *
   * @defaultValue 1.5 √n for n trials, from 20 to 100
   */
  readonly populationSize?: number
  /**
   * How many trials fill the space evenly before the first child; configs that were evaluated elsewhere count. An integer of at least 0.
   *
   * @defaultValue `populationSize`, at most a quarter of the study's trials
   */
  readonly startupTrials?: number
  /**
   * How two parents make a child.
   *
   * @defaultValue `{ type: 'sbx', eta: 5 }`
   */
  readonly crossover?: Crossover
  /**
   * How likely a child is to have two parents; else it is a changed copy of one. In [0, 1].
   *
   * @defaultValue 0.9
   */
  readonly crossoverProbability?: number
  /**
   * The index of the polynomial mutation of numbers, at least 0: the larger, the smaller its steps.
   *
   * @defaultValue 10
   */
  readonly mutationEta?: number
  /**
   * How likely each parameter of a child is to be mutated, in [0, 1].
   *
   * @defaultValue 1 / d for d parameters
   */
  readonly mutationProbability?: number
}

/** The options with defaults in place of what was left out, where they don't depend on the study. */
export interface ResolvedOptions {
  readonly populationSize: number | undefined
  readonly startupTrials: number | undefined
  readonly crossover: Crossover
  readonly crossoverProbability: number
  readonly mutation: Mutation
}

const known: readonly string[] = [
  'pointsToEvaluate',
  'populationSize',
  'startupTrials',
  'crossover',
  'crossoverProbability',
  'mutationEta',
  'mutationProbability',
] satisfies (keyof NSGA2SearcherOptions)[]

/** Checks the options and fills in the defaults; throws `INVALID_OPTION` with the value and what to write instead. */
export function resolveOptions(options: NSGA2SearcherOptions): ResolvedOptions {
  for (const key in options) {
    if (!known.includes(key)) throw invalid(`there is no option '${key}'; the options are ${known.join(', ')}`)
  }
  const {
    populationSize,
    startupTrials,
    crossover = { type: 'sbx', eta: 5 },
    crossoverProbability = 0.9,
    mutationEta: eta = 10,
    mutationProbability: probability,
  } = options
  if (populationSize !== undefined) checkCount('populationSize', populationSize, 2)
  if (startupTrials !== undefined) checkCount('startupTrials', startupTrials, 0)
  checkCrossover(crossover)
  if (!(typeof crossoverProbability === 'number' && crossoverProbability >= 0 && crossoverProbability <= 1))
    throw invalid(`crossoverProbability is ${show(crossoverProbability)}; make it a number from 0 to 1`)
  const mutation = { eta, probability }
  checkMutation(mutation)
  return { populationSize, startupTrials, crossover, crossoverProbability, mutation }
}

function checkCount(option: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return
  throw invalid(`${option} is ${show(value)}; make it a whole number of at least ${least}`)
}

function invalid(what: string): TuneError {
  return new TuneError('INVALID_OPTION', `NSGA2Searcher: ${what}`)
}

/** The sizes that are left to the study. */
export interface Plan {
  readonly populationSize: number
  readonly startupTrials: number
}

/**
 * Fills in what depends on the study.
 *
 * @param budget - how many trials the study has; Infinity without an end
 */
export function planSearch(options: ResolvedOptions, budget: number): Plan {
  const { populationSize = Math.round(Math.min(100, Math.max(20, 1.5 * Math.sqrt(budget)))) } = options
  const { startupTrials = Math.round(Math.min(populationSize, budget / 4)) } = options
  return { populationSize, startupTrials }
}
