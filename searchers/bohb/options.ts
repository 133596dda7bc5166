import { OptionChecks } from '../../src/option-checks.js'
import { TRAINING_ITERATION, wallClockMetrics } from '../../src/trial.js'
import type { CommonOptions } from '../kit/experience.js'

/** Options of {@link BOHBSearcher}. */
export interface BOHBSearcherOptions extends CommonOptions {
  /**
   * The metric that measures how far a trial has come: the scheduler's. Trials are compared by what they reported at the same value of it.
   *
   * @defaultValue `'trainingIteration'`
   */
  readonly timeAttr?: string
  /**
   * N_min: the least number of configs that either density is made of; a level is modelled once it has two results more. A whole number from 2.
   *
   * @defaultValue the number of parameters that vary and one more, at least 2
   */
  readonly minPointsInModel?: number
  /**
   * How many percent of a level's results count as good; above 0 and below 100. At most 48 configs do.
   *
   * @defaultValue 15
   */
  readonly topNPercent?: number
  /**
   * How many candidates are drawn for a suggestion; a whole number from 1.
   *
   * @defaultValue 64
   */
  readonly numSamples?: number
  /**
   * ρ: how many of the suggestions don't ask the model and come from a sequence that fills the space; in [0, 1].
   *
   * @defaultValue 1/3
   */
  readonly randomFraction?: number
  /**
   * How much wider than the density's kernels those are that candidates are drawn from; a number from 1.
   *
   * @defaultValue 3
   */
  readonly bandwidthFactor?: number
  /**
   * The least bandwidth of a kernel, as a share of a parameter's range (in its measure, so of the decades of a log-scaled one); above 0, at most 1.
   * A number of finitely many values has at least a quarter of the distance between two.
   *
   * @defaultValue 0.001
   */
  readonly minBandwidth?: number
}

/** The options with defaults in place of what was left out, where they don't depend on the space. */
export interface ResolvedOptions extends Required<Omit<BOHBSearcherOptions, 'pointsToEvaluate' | 'minPointsInModel'>> {
  readonly minPointsInModel: number | undefined
}

const known: readonly string[] = [
  'pointsToEvaluate',
  'timeAttr',
  'minPointsInModel',
  'topNPercent',
  'numSamples',
  'randomFraction',
  'bandwidthFactor',
  'minBandwidth',
] satisfies (keyof BOHBSearcherOptions)[]

/** Checks the options and fills in the defaults; throws `INVALID_OPTION` with the value and what to write instead. */
export function resolveOptions(options: BOHBSearcherOptions): ResolvedOptions {
  const checks = new OptionChecks('BOHBSearcher')
  checks.knows(options, known)
  const {
    timeAttr = TRAINING_ITERATION,
    minPointsInModel,
    topNPercent = 15,
    numSamples = 64,
    randomFraction = 1 / 3,
    bandwidthFactor = 3,
    minBandwidth = 1e-3,
  } = options
  checks.that(
    typeof timeAttr === 'string' && timeAttr !== '' && !wallClockMetrics.includes(timeAttr),
    'timeAttr',
    timeAttr,
    'the name of a metric that takes the same values in each trial, such as the iteration',
  )
  if (minPointsInModel !== undefined) checks.integer('minPointsInModel', minPointsInModel, 2)
  checks.number('topNPercent', topNPercent, { above: 0, below: 100 })
  checks.integer('numSamples', numSamples, 1)
  checks.number('randomFraction', randomFraction, { least: 0, most: 1 })
  checks.number('bandwidthFactor', bandwidthFactor, { least: 1 })
  checks.number('minBandwidth', minBandwidth, { above: 0, most: 1 })
  return { timeAttr, minPointsInModel, topNPercent, numSamples, randomFraction, bandwidthFactor, minBandwidth }
}
