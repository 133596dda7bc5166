import { OptionChecks } from '../../src/option-checks.js'
import { type Breeding, checkBreeding } from '../kit/breeding.js'
import type { CommonOptions } from '../kit/experience.js'
import type { Crossover } from '../kit/variation.js'

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
export interface ResolvedOptions extends Breeding {
  readonly populationSize: number | undefined
  readonly startupTrials: number | undefined
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
  const checks = new OptionChecks('NSGA2Searcher')
  checks.knows(options, known)
  const {
    populationSize,
    startupTrials,
    crossover = { type: 'sbx', eta: 5 },
    crossoverProbability = 0.9,
    mutationEta: eta = 10,
    mutationProbability: probability,
  } = options
  if (populationSize !== undefined) checks.integer('populationSize', populationSize, 2)
  if (startupTrials !== undefined) checks.integer('startupTrials', startupTrials, 0)
  const breeding = { crossover, crossoverProbability, mutation: { eta, probability } }
  checkBreeding(checks, breeding)
  return { populationSize, startupTrials, ...breeding }
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
