import { Rng } from '../../src/rng.js'
import type { ParameterOptions } from '../plots/study/parameters.js'
import type { MetricOptions, PlotSource } from '../plots/study/source.js'
import { checkThat } from '../statistics/check.js'
import { readEvidence } from './columns.js'
import { fanova } from './fanova.js'
import { pedAnova } from './ped-anova.js'

/** How much a parameter matters. */
export interface Importance {
  /** Where it stands in a config, such as `optimizer/lr`. */
  readonly name: string
  /** With `fanova` the share of the variance that comes from it alone; with `ped-anova` its share of all divergences. In [0, 1]. */
  readonly value: number
}

/** How {@link importancesOf} is set. */
export interface ImportanceOptions extends MetricOptions, ParameterOptions {
  /**
   * `fanova`: what makes losses differ anywhere in the space; `ped-anova`: what makes the best trials differ from the rest, in a fraction of the time.
   *
   * @defaultValue `'fanova'`
   */
  readonly method?: 'fanova' | 'ped-anova'
  /** For `ped-anova`: which share of the trials counts as good, in (0, 1). @defaultValue 0.1 */
  readonly quantile?: number
  /** For `fanova`: how many trees its forest has, an integer from 1. @defaultValue 64 */
  readonly trees?: number
  /** For `fanova`: the seed of its forest. @defaultValue 0 */
  readonly seed?: number
}

/**
 * How much each parameter of a study mattered, by the best value of each trial; parameters of sub-spaces included. Trials without a finite
 * value are left out, as is what all trials had in common. A few dozen trials tell little; a hundred or more, some at random, tell well.
 *
 * @param source - a study's results, or its view while it runs
 * @returns the most important first
 * @throws `TuneError` `INVALID_OPTION`
 * @see Optuna's `importance.get_param_importances`
 */
export function importancesOf(source: PlotSource, options: ImportanceOptions = {}): Importance[] {
  const { method = 'fanova', quantile = 0.1, trees = 64, seed = 0 } = options
  const named = (name: string) => `importancesOf: ${name}`
  checkThat(method === 'fanova' || method === 'ped-anova', named('method'), method, "'fanova' or 'ped-anova'")
  checkThat(quantile > 0 && quantile < 1, named('quantile'), quantile, 'a number between 0 and 1')
  checkThat(Number.isSafeInteger(trees) && trees >= 1, named('trees'), trees, 'an integer from 1')
  const evidence = readEvidence(source, options, 'importancesOf')
  const values =
    method === 'fanova'
      ? fanova(evidence, { rng: Rng.from(seed).fork('importances'), trees })
      : sharesOf(pedAnova(evidence, { quantile }))
  return evidence.columns
    .map(({ name }, i) => ({ name, value: values[i] ?? 0 }))
    .sort((a, b) => b.value - a.value || (a.name < b.name ? -1 : 1))
}

function sharesOf(values: readonly number[]): number[] {
  const sum = values.reduce((total, value) => total + value, 0)
  return values.map(value => (sum > 0 ? value / sum : 0))
}
