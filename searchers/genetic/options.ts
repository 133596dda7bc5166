import { OptionChecks } from '../../src/option-checks.js'
import { type Breeding, checkBreeding } from '../kit/breeding.js'
import type { CommonOptions } from '../kit/experience.js'
import type { Crossover } from '../kit/variation.js'
import type { Selection } from './selection.js'

/** Options of {@link GeneticSearcher}. */
export interface GeneticSearcherOptions extends CommonOptions {
  /**
   * How many configs may have children at a time; an integer of at least 2.
   *
   * @defaultValue 7 + 2 √d for 100 trials of d parameters, √(n / 100) times as many for n trials up to 1,600; at most n / 6
   */
  readonly populationSize?: number
  /**
   * How many of the population are the best ever seen; the others are the last that were observed. An integer from 0 to `populationSize`. More of
   * them find the optimum sooner; fewer forget values that were good by luck, when the metric is noisy.
   *
   * @defaultValue half of `populationSize`, rounded up
   */
  readonly elites?: number
  /**
   * How many trials fill the space evenly before the first child; configs that were evaluated elsewhere count. An integer of at least 0.
   *
   * @defaultValue 2.5 times `populationSize`, at most a quarter of the study's trials
   */
  readonly startupTrials?: number
  /**
   * How parents are picked.
   *
   * @defaultValue `{ type: 'tournament', size: 3 }`
   */
  readonly selection?: Selection
  /**
   * How two parents make a child.
   *
   * @defaultValue `{ type: 'blx-alpha', alpha: 0.5 }`
   */
  readonly crossover?: Crossover
  /**
   * How likely a child is to have two parents; else it is a changed copy of one. In [0, 1].
   *
   * @defaultValue 0.8
   */
  readonly crossoverProbability?: number
  /**
   * The index of the polynomial mutation of numbers, at least 0: the larger, the smaller its steps.
   *
   * @defaultValue 5
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
export interface ResolvedGeneticOptions extends Breeding {
  readonly populationSize: number | undefined
  readonly elites: number | undefined
  readonly startupTrials: number | undefined
  readonly selection: Selection
}

const known: readonly string[] = [
  'pointsToEvaluate',
  'populationSize',
  'elites',
  'startupTrials',
  'selection',
  'crossover',
  'crossoverProbability',
  'mutationEta',
  'mutationProbability',
] satisfies (keyof GeneticSearcherOptions)[]

/** Checks the options and fills in the defaults; throws `INVALID_OPTION` with the value and what to write instead. */
export function resolveOptions(options: GeneticSearcherOptions): ResolvedGeneticOptions {
  const checks = new OptionChecks('GeneticSearcher')
  checks.knows(options, known)
  const {
    populationSize,
    elites,
    startupTrials,
    selection = { type: 'tournament', size: 3 },
    crossover = { type: 'blx-alpha', alpha: 0.5 },
    crossoverProbability = 0.8,
    mutationEta: eta = 5,
    mutationProbability: probability,
  } = options
  if (populationSize !== undefined) checks.integer('populationSize', populationSize, 2)
  if (elites !== undefined) checks.integer('elites', elites, 0, populationSize)
  if (startupTrials !== undefined) checks.integer('startupTrials', startupTrials, 0)
  checkSelection(checks, selection)
  const breeding = { crossover, crossoverProbability, mutation: { eta, probability } }
  checkBreeding(checks, breeding)
  return { populationSize, elites, startupTrials, selection, ...breeding }
}

function checkSelection(checks: OptionChecks, selection: Selection): void {
  switch (selection?.type) {
    case 'tournament':
      checks.integer('selection.size', selection.size, 1)
      break
    case 'rank':
      checks.number('selection.pressure', selection.pressure, { least: 1, most: 2 })
      break
    default:
      selection satisfies never
      checks.that(false, 'selection', selection, "{ type: 'tournament', size } or { type: 'rank', pressure }")
  }
}

/** The sizes that are left to the study. */
export interface PopulationPlan {
  readonly populationSize: number
  readonly elites: number
  readonly startupTrials: number
}

/**
 * Fills in what depends on the study.
 *
 * @param budget - how many trials the study has; Infinity without an end
 * @param dimensions - how many parameters there are
 */
export function planPopulation(options: ResolvedGeneticOptions, budget: number, dimensions: number): PopulationPlan {
  const growth = Math.sqrt(Math.min(1600, Math.max(100, budget)) / 100)
  const usual = Math.max(4, Math.round(Math.min(growth * (7 + 2 * Math.sqrt(dimensions)), budget / 6)))
  const { populationSize = usual } = options
  const { elites = Math.ceil(populationSize / 2) } = options
  const { startupTrials = Math.round(Math.min(2.5 * populationSize, budget / 4)) } = options
  return { populationSize, elites: Math.min(elites, populationSize), startupTrials }
}
