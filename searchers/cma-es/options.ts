import { OptionChecks } from '../../src/option-checks.js'
import type { CommonOptions } from '../kit/experience.js'
import type { Axes } from './model.js'
import { usualPopulationSize } from './parameters.js'

/**
 * What happens once a run has converged.
 *
 * - `bipop`: half of what is left goes to the best run so far, which goes on where it stopped, to three tenths of the width; the other half to new runs, as many
 *   trials from the best points that no run was near, with a small step, as from random ones with the whole space in view and a population that doubles each time.
 * - `ipop`: likewise, without the small ones.
 * - `none`: the first run goes on.
 */
export type Restarts = 'bipop' | 'ipop' | 'none'

/** Options of {@link CMAESSearcher}. */
export interface CMAESSearcherOptions extends CommonOptions {
  /**
   * λ: how many trials must end before the distribution moves; an integer of at least 2. Larger ones see more of the landscape and cope better with
   * noise, smaller ones are faster.
   *
   * @defaultValue 2 + ⌊3 ln p⌋ for p numbers and values of choices besides each one's first, two less than without pairs, or a third of the trials that are
   * open at a time if that is more; at most a sixteenth of the study's trials, a tenth if there are choices, and at least 4, rounded down to an even number
   */
  readonly populationSize?: number
  /**
   * σ: how wide the first distribution is, its standard deviation as a part of each parameter's range; above 0, at most 1. After k trials
   * that fill the space it is 1.4 k^(1/d) times narrower, as near as the best of them is to something better.
   *
   * @defaultValue 0.25
   */
  readonly sigma0?: number
  /**
   * How many trials fill the space evenly before the first distribution, which has its mean at the best of them; an integer of at least 0. Without any it
   * starts from the middle of the space, or from the best point to evaluate.
   *
   * @defaultValue ⌊240 / d²⌋, at most 60 and at most three fifths of the study's trials; 0 if that leaves fewer than 16, as from 4 parameters on
   */
  readonly startupTrials?: number
  /**
   * Whether only how far each number varies is learnt, not how they vary together. That takes d times fewer trials to learn and less time, and
   * is blind to parameters that hang together.
   *
   * @defaultValue 'auto': true for more than 64 numbers
   */
  readonly separable?: boolean | 'auto'
  /** What happens once a run has converged. @defaultValue 'bipop' */
  readonly restarts?: Restarts
}

/** The options with defaults in place of what was left out, where they don't depend on the study. */
export interface ResolvedOptions {
  readonly populationSize: number | undefined
  readonly sigma0: number
  readonly startupTrials: number | undefined
  readonly separable: boolean | 'auto'
  readonly restarts: Restarts
}

const known: readonly string[] = [
  'pointsToEvaluate',
  'populationSize',
  'sigma0',
  'startupTrials',
  'separable',
  'restarts',
] satisfies (keyof CMAESSearcherOptions)[]

/** Checks the options and fills in the defaults; throws `INVALID_OPTION` with the value and what to write instead. */
export function resolveOptions(options: CMAESSearcherOptions): ResolvedOptions {
  const checks = new OptionChecks('CMAESSearcher')
  checks.knows(options, known)
  const { populationSize, sigma0 = 0.25, startupTrials, separable = 'auto', restarts = 'bipop' } = options
  if (populationSize !== undefined) checks.integer('populationSize', populationSize, 2)
  checks.number('sigma0', sigma0, { above: 0, most: 1 })
  if (startupTrials !== undefined) checks.integer('startupTrials', startupTrials, 0)
  const isSeparability = separable === 'auto' || typeof separable === 'boolean'
  checks.that(isSeparability, 'separable', separable, "true, false or 'auto'")
  checks.word('restarts', restarts, ['bipop', 'ipop', 'none'])
  return { populationSize, sigma0, startupTrials, separable, restarts }
}

/** How a study is searched. */
export interface Plan {
  /** λ. */
  readonly populationSize: number
  /** σ of a distribution over the whole space. */
  readonly sigma: number
  /** How many trials fill the space first. */
  readonly startupTrials: number
  readonly isSeparable: boolean
  readonly restarts: Restarts
  /** A run has converged once all standard deviations are smaller: in few dimensions a new one is cheap, and more likely to find better. */
  readonly tolerance: number
}

/** Up to how many numbers their covariance is learnt. */
const mostCorrelated = 64
/** Beyond so many open trials the generation grows no more with them. */
const mostShared = 192
/** Fewer than that say little of a space. */
const fewestStartupTrials = 16

/**
 * Fills in what depends on the study.
 *
 * @param budget - how many trials the study has; Infinity without an end
 * @param places - how many are open at a time
 */
export function planSearch(options: ResolvedOptions, { numbers, choices }: Axes, budget: number, places: number): Plan {
  const d = Math.max(1, numbers.length + choices.length)
  const learnt = choices.reduce((sum, { size }) => sum + size - 1, numbers.length)
  // tables of choices need larger generations to tell luck from merit
  const most = Math.floor(budget / (choices.length > 0 ? 10 : 16))
  // a generation that is many times smaller than what is open is drawn from distributions long past
  const shared = Math.floor(Math.min(places, mostShared) / 3)
  const usual = Math.max(4, Math.min(Math.max(usualPopulationSize(learnt) - 2, shared), most))
  const affordable = Math.floor(Math.min(240 / d ** 2, 60, 0.6 * budget))
  const { populationSize = usual - (usual % 2), sigma0: sigma, separable, restarts } = options
  const { startupTrials = affordable < fewestStartupTrials ? 0 : affordable } = options
  const isSeparable = separable === 'auto' ? numbers.length > mostCorrelated : separable
  return { populationSize, sigma, startupTrials, isSeparable, restarts, tolerance: 0.1 / d ** 2 }
}
