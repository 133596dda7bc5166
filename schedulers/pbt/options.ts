import type { JsonObject } from '../../src/json.js'
import type { Rng } from '../../src/rng.js'
import { TRAINING_ITERATION } from '../../src/trial.js'
import { isPositive, SchedulerChecks, type TargetOptions } from '../kit/options.js'
import type { ExploreRules } from './explore.js'
import { describeMutations, type Mutations } from './mutations.js'
import type { PopulationRules } from './population-scheduler.js'

/** What a config that a trial is to take over may depend on, beside itself. */
export interface ExploreContext {
  /** The trial that is to go on with it. */
  readonly trialIndex: number
  /** How many reports that trial has made. */
  readonly iteration: number
  /** The config that it had so far. */
  readonly previous: JsonObject
  /** The config that the donor has. */
  readonly donor: JsonObject
  /** A stream for this decision alone. */
  readonly rng: Rng
}

/** Options that all schedulers share that train a population. */
export interface PopulationOptions extends TargetOptions {
  /**
   * The time between two decisions about a trial, in units of `timeAttr`; positive. Short ones adapt faster and are greedier; a trial
   * saves a checkpoint at each.
   *
   * @defaultValue 5 (Ray Tune: 60 seconds)
   */
  readonly perturbationInterval?: number
  /**
   * The time before which nothing is decided, in units of `timeAttr`, from 0.
   *
   * @defaultValue 0
   */
  readonly burnInPeriod?: number
  /**
   * The share of the population that counts as its best, and as its worst; 0 to 0.5. With 0 no trial takes over from another.
   *
   * @defaultValue 0.25
   */
  readonly quantileFraction?: number
  /**
   * Changes the config once more that a trial is to take over, after all else; what it returns counts, whatever the space says. It has to
   * depend on its arguments alone.
   *
   * @defaultValue none
   */
  readonly customExploreFn?: (config: JsonObject, context: ExploreContext) => JsonObject
  /**
   * Whether all trials wait at the end of each interval until every one has come as far, so that the whole population is compared at the
   * same time.
   *
   * @defaultValue false
   */
  readonly synch?: boolean
  /**
   * Whether a report without `timeAttr` ends the study with an error; else its trial just goes on. A report without the metric never
   * does: nothing is decided before the next that has it (Ray Tune ends there too).
   *
   * @defaultValue true
   */
  readonly requireAttrs?: boolean
}

/** Options of {@link PopulationBasedTraining}. */
export interface PopulationBasedTrainingOptions extends PopulationOptions {
  /**
   * The parameters that may change while a trial runs, and how: nested as in the config or by path (`'optimizer/lr'`). A list moves to a
   * neighbour, a number is multiplied, either within its bounds and on its steps; or it is drawn anew, from the list, the domain or by the
   * function. A parameter that a config doesn't have, as of another sub-space, is left alone.
   *
   * @defaultValue all numbers of the space and all choices among plain values, with their own domains. Name just some where others shape
   * what a checkpoint holds, such as the width of a layer
   */
  readonly hyperparamMutations?: Mutations
  /**
   * How likely a parameter is drawn anew instead of perturbed, in [0, 1].
   *
   * @defaultValue 0.25
   */
  readonly resampleProbability?: number
  /**
   * What numbers are multiplied by, one of them at random; positive.
   *
   * @defaultValue `[1.2, 0.8]`
   */
  readonly perturbationFactors?: readonly number[]
}

/** The shared options with defaults in place of what was left out. */
export interface ResolvedPopulation extends PopulationRules {
  readonly customExploreFn: PopulationOptions['customExploreFn']
}

/** The options with defaults in place of what was left out. */
export interface ResolvedOptions extends ResolvedPopulation, ExploreRules {
  readonly hyperparamMutations: Mutations | undefined
}

const shared: readonly string[] = [
  'timeAttr',
  'metric',
  'mode',
  'perturbationInterval',
  'burnInPeriod',
  'quantileFraction',
  'customExploreFn',
  'synch',
  'requireAttrs',
] satisfies (keyof PopulationOptions)[]

/** Checks the options that populations share; throws `INVALID_OPTION` with the value and what to write instead. @param more - the names of others */
export function resolvePopulation(
  owner: string,
  options: PopulationOptions,
  more: readonly string[],
): ResolvedPopulation {
  const checks = new SchedulerChecks(owner)
  checks.knows(options, [...shared, ...more])
  const {
    timeAttr = TRAINING_ITERATION,
    metric,
    mode,
    perturbationInterval = 5,
    burnInPeriod = 0,
    quantileFraction = 0.25,
    customExploreFn,
    synch = false,
    requireAttrs = true,
  } = options
  checks.target({ ...options, timeAttr })
  checks.number('perturbationInterval', perturbationInterval, { above: 0 })
  checks.number('burnInPeriod', burnInPeriod, { least: 0 })
  checks.number('quantileFraction', quantileFraction, { least: 0, most: 0.5 })
  const isFunction = customExploreFn === undefined || typeof customExploreFn === 'function'
  checks.that(isFunction, 'customExploreFn', customExploreFn, 'a function from config to config')
  checks.flag('synch', synch)
  checks.flag('requireAttrs', requireAttrs)
  return {
    owner,
    timeAttr,
    metric,
    mode,
    perturbationInterval,
    burnInPeriod,
    quantileFraction,
    customExploreFn,
    synch,
    requireAttrs,
  }
}

/** Checks the options and fills in the defaults; throws `INVALID_OPTION` with the value and what to write instead. */
export function resolveOptions(owner: string, options: PopulationBasedTrainingOptions): ResolvedOptions {
  const own: (keyof PopulationBasedTrainingOptions)[] = [
    'hyperparamMutations',
    'resampleProbability',
    'perturbationFactors',
  ]
  const rules = resolvePopulation(owner, options, own)
  const { hyperparamMutations, resampleProbability = 0.25, perturbationFactors = [1.2, 0.8] } = options
  const checks = new SchedulerChecks(owner)
  checks.number('resampleProbability', resampleProbability, { least: 0, most: 1 })
  const areFactors =
    Array.isArray(perturbationFactors) && perturbationFactors.length > 0 && perturbationFactors.every(isPositive)
  checks.that(areFactors, 'perturbationFactors', perturbationFactors, 'a list of positive numbers, such as [1.2, 0.8]')
  return { ...rules, hyperparamMutations, resampleProbability, perturbationFactors }
}

/** The options as plain data, for the journal's header. */
export function describePopulation(rules: ResolvedPopulation): JsonObject {
  const { owner: _, metric, mode, customExploreFn, ...others } = rules
  const source = customExploreFn && Function.prototype.toString.call(customExploreFn).trim()
  return { ...others, metric: metric ?? null, mode: mode ?? null, customExploreFn: source ?? null }
}

/** The options of population-based training as plain data, for the journal's header. */
export function describeOptions(options: ResolvedOptions): JsonObject {
  const { hyperparamMutations, ...others } = options
  const described = hyperparamMutations && describeMutations(options.owner, hyperparamMutations)
  return { ...describePopulation(others), hyperparamMutations: described ?? null }
}
