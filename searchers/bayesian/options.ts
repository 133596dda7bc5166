import { OptionChecks } from '../../src/option-checks.js'
import type { CommonOptions } from '../kit/experience.js'

/**
 * What makes a config worth trying: the improvement on the best one that the model expects; what it may come to if luck has it, the mean less
 * `kappa` standard deviations, `kappa` at least 0; or that it is the best one of a function drawn from the model.
 */
export type AcquisitionChoice =
  | { readonly type: 'expected-improvement' }
  | { readonly type: 'confidence-bound'; readonly kappa: number }
  | { readonly type: 'thompson-sampling' }

/** Options of {@link BayesianSearcher}. */
export interface BayesianSearcherOptions extends CommonOptions {
  /**
   * How many trials fill the space evenly before the first that a model proposes; configs that were evaluated elsewhere count. An integer of at
   * least 1.
   *
   * @defaultValue 2 d for d parameters, from 8 to 20 (to 40 with trust regions), and at most a quarter of the study's trials but 4 at least
   */
  readonly startupTrials?: number
  /**
   * What makes a config worth trying.
   *
   * @defaultValue `{ type: 'expected-improvement' }`
   */
  readonly acquisition?: AcquisitionChoice
  /**
   * When results are made to look normal, by a Yeo-Johnson transform. `alternate` does it for every other trial: the transformed model is
   * right near the best config, the other one sees what lies far from it, and what one of them misses the other finds.
   *
   * @defaultValue 'alternate'
   */
  readonly outputWarping?: 'alternate' | 'always' | 'never'
  /**
   * Whether numbers are bent, each by a curve that is learnt, so that the metric varies as fast everywhere in their range. It helps where a
   * parameter ought to have a log scale and hasn't; it costs about as much again.
   *
   * @defaultValue false
   */
  readonly isInputWarped?: boolean
  /**
   * The variance of the metric's noise as a share of that of all results, at least 0; or that it is to be learnt. 0 is for metrics that are the same each time.
   *
   * @defaultValue 'learn'
   */
  readonly noise?: 'learn' | number
  /**
   * How trials that have not ended are counted: with what the model expects of them (0), or with so many draws of what they may come to, over
   * which expected improvement is averaged. An integer of at least 0; the time of a suggestion grows in proportion.
   *
   * @defaultValue 0
   */
  readonly fantasies?: number
  /**
   * Whether to search only near the best config, in a region that grows with success and shrinks without, and to begin anew when it has shrunk to
   * nothing. `auto` does so with more than 20 parameters.
   *
   * @defaultValue 'auto'
   */
  readonly trustRegion?: 'auto' | 'always' | 'never'
  /**
   * How many observations the model is fitted to at most, half of them the best ones and half the last; an integer of at least 10.
   *
   * @defaultValue 500
   */
  readonly maxObservations?: number
}

/** The options with defaults in place of what was left out, where they don't depend on the study. */
export type ResolvedOptions = Required<Omit<BayesianSearcherOptions, 'pointsToEvaluate' | 'startupTrials'>> & {
  readonly startupTrials: number | undefined
}

const known: readonly string[] = [
  'pointsToEvaluate',
  'startupTrials',
  'acquisition',
  'outputWarping',
  'isInputWarped',
  'noise',
  'fantasies',
  'trustRegion',
  'maxObservations',
] satisfies (keyof BayesianSearcherOptions)[]

/** Checks the options and fills in the defaults; throws `INVALID_OPTION` with the value and what to write instead. */
export function resolveOptions(options: BayesianSearcherOptions): ResolvedOptions {
  const checks = new OptionChecks('BayesianSearcher')
  checks.knows(options, known)
  const {
    startupTrials,
    acquisition = { type: 'expected-improvement' },
    outputWarping = 'alternate',
    isInputWarped = false,
    noise = 'learn',
    fantasies = 0,
    trustRegion = 'auto',
    maxObservations = 500,
  } = options
  if (startupTrials !== undefined) checks.integer('startupTrials', startupTrials, 1)
  checkAcquisition(checks, acquisition)
  checks.word('outputWarping', outputWarping, ['alternate', 'always', 'never'])
  checks.flag('isInputWarped', isInputWarped)
  const isNoise = noise === 'learn' || (typeof noise === 'number' && noise >= 0 && noise <= 1)
  checks.that(isNoise, 'noise', noise, "'learn' or a number from 0 to 1")
  checks.integer('fantasies', fantasies, 0)
  checks.word('trustRegion', trustRegion, ['auto', 'always', 'never'])
  checks.integer('maxObservations', maxObservations, 10)
  return {
    startupTrials,
    acquisition,
    outputWarping,
    isInputWarped,
    noise,
    fantasies,
    trustRegion,
    maxObservations,
  }
}

function checkAcquisition(checks: OptionChecks, acquisition: AcquisitionChoice): void {
  switch (acquisition?.type) {
    case 'expected-improvement':
    case 'thompson-sampling':
      break
    case 'confidence-bound':
      checks.number('acquisition.kappa', acquisition.kappa, { least: 0 })
      break
    default:
      acquisition satisfies never
      checks.that(
        false,
        'acquisition',
        acquisition,
        "{ type: 'expected-improvement' }, { type: 'confidence-bound', kappa } or { type: 'thompson-sampling' }",
      )
  }
}
