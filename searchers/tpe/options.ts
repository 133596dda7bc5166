import { OptionChecks } from '../../src/option-checks.js'
import type { CommonOptions } from '../kit/experience.js'

/**
 * Which parameters are modelled together.
 *
 * - `multivariate`: all, conditional ones included, so that what goes well together is tried together.
 * - `grouped`: those that are there under the same condition, from the trials that have them; Optuna's `group`.
 * - `univariate`: each by itself, as in the first paper. Better only where parameters don't bear on one another.
 */
export type ParameterModel = 'multivariate' | 'grouped' | 'univariate'

/**
 * How much each trial counts in its density.
 *
 * - `graded`: a good trial by how much better it is than the first that isn't good (with several objectives, by the volume that it alone
 *   dominates), a bad one the more the worse it is.
 * - `equal`: all the same.
 */
export type TrialWeights = 'graded' | 'equal'

/** Options of {@link TPESearcher}. */
export interface TPESearcherOptions extends CommonOptions {
  /**
   * How many trials fill the space evenly before the first that is learnt from; configs that were evaluated elsewhere count, and failed trials. An
   * integer of at least 0. Optuna's `n_startup_trials`.
   *
   * @defaultValue 8
   */
  readonly startupTrials?: number
  /**
   * How many configs are drawn from the density of the good trials, of which the most promising one is suggested: an integer of at least 1. More make
   * the search greedier. Optuna's `n_ei_candidates`.
   *
   * @defaultValue 24
   */
  readonly candidates?: number
  /**
   * γ: which share of the trials is good, rounded up; above 0, below 1.
   *
   * @defaultValue 0.13
   */
  readonly gamma?: number
  /**
   * How many trials are good at most, an integer of at least 1.
   *
   * @defaultValue 25 for each objective
   */
  readonly maxGood?: number
  /** How much each trial counts. @defaultValue 'graded' */
  readonly weights?: TrialWeights
  /**
   * How much the flat prior counts in both densities, in trials; above 0. More makes the search explore.
   *
   * @defaultValue 1
   */
  readonly priorWeight?: number
  /**
   * Whether kernels have a least width, which falls as trials come in, so that the search doesn't close in too early.
   *
   * @defaultValue true
   */
  readonly magicClip?: boolean
  /**
   * Whether pending trials count as bad ones, so that other places are tried meanwhile.
   *
   * @defaultValue true
   */
  readonly constantLiar?: boolean
  /** Which parameters are modelled together. @defaultValue 'multivariate' */
  readonly model?: ParameterModel
}

/** The options with defaults in place of what was left out, where they don't depend on the study. */
export interface ResolvedOptions {
  readonly startupTrials: number
  readonly candidates: number
  readonly gamma: number
  readonly maxGood: number | undefined
  readonly weights: TrialWeights
  readonly priorWeight: number
  readonly magicClip: boolean
  readonly constantLiar: boolean
  readonly model: ParameterModel
}

const known: readonly string[] = [
  'pointsToEvaluate',
  'startupTrials',
  'candidates',
  'gamma',
  'maxGood',
  'weights',
  'priorWeight',
  'magicClip',
  'constantLiar',
  'model',
] satisfies (keyof TPESearcherOptions)[]

/** Checks the options and fills in the defaults; throws `INVALID_OPTION` with the value and what to write instead. */
export function resolveOptions(options: TPESearcherOptions): ResolvedOptions {
  const checks = new OptionChecks('TPESearcher')
  checks.knows(options, known)
  const {
    startupTrials = 8,
    candidates = 24,
    gamma = 0.13,
    maxGood,
    weights = 'graded',
    priorWeight = 1,
    magicClip = true,
    constantLiar = true,
    model = 'multivariate',
  } = options
  checks.integer('startupTrials', startupTrials, 0)
  checks.integer('candidates', candidates, 1)
  checks.number('gamma', gamma, { above: 0, below: 1 })
  if (maxGood !== undefined) checks.integer('maxGood', maxGood, 1)
  checks.word('weights', weights, ['graded', 'equal'])
  checks.number('priorWeight', priorWeight, { above: 0 })
  checks.flag('magicClip', magicClip)
  checks.flag('constantLiar', constantLiar)
  checks.word('model', model, ['multivariate', 'grouped', 'univariate'])
  return { startupTrials, candidates, gamma, maxGood, weights, priorWeight, magicClip, constantLiar, model }
}
