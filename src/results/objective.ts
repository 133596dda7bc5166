import type { StudyView } from '../callbacks/callback.js'
import { show, TuneError } from '../errors.js'
import { type Mode, type Objective, type Trial, wallClockMetrics } from '../trial.js'
import { flatten } from './flatten.js'
import { similarName } from './similar-names.js'

/**
 * Completes a metric and mode from those of the study. The study's mode belongs to its metric alone: for another metric it has to be
 * given, since taking the smallest accuracy for the best, or the largest loss, would go unseen.
 *
 * @param call - how the user's call is named in the message
 * @throws {@link TuneError} `INVALID_OPTION` naming what to pass
 */
export function resolveObjective(
  study: StudyView,
  given: { readonly metric?: string | undefined; readonly mode?: Mode | undefined },
  call: string,
): Objective {
  const { definition } = study
  const metric = given.metric ?? definition.metric
  if (metric === null && definition.objectives.length > 1)
    throw new TuneError(
      'INVALID_OPTION',
      `${call} needs one metric, and the study has ${definition.objectives.length}: pass one of them (${definition.objectives.map(each => show(each.metric)).join(', ')}) with its mode, or see paretoFront()`,
    )
  if (metric === null || metric === '')
    throw new TuneError(
      'INVALID_OPTION',
      `${call} needs a metric, and the study has none: pass { metric: 'loss', mode: 'min' }, or set both in tuneConfig`,
    )
  const mode = given.mode ?? definition.objectives.find(each => each.metric === metric)?.mode ?? null
  if (mode === null)
    throw new TuneError(
      'INVALID_OPTION',
      `${call} needs a mode for the metric ${show(metric)}: pass { metric: ${show(metric)}, mode: 'min' } or mode: 'max'`,
    )
  if (mode !== 'min' && mode !== 'max')
    throw new TuneError('INVALID_OPTION', `${call}: mode is ${show(mode)}: pass 'min' or 'max'`)
  return { metric, mode }
}

/** Says which metrics trials have reported, and which of them may have been meant, to end an error message with. */
export function describeReported(trials: readonly Trial[], wanted: string): string {
  const names = new Set<string>()
  for (const trial of trials)
    if (trial.lastReport !== undefined)
      for (const [name, value] of flatten(trial.lastReport.metrics)) if (typeof value === 'number') names.add(name)
  if (names.size === 0) return 'no metric was reported'
  const meant = similarName(wanted, [...names, 'trainingIteration', ...wallClockMetrics])
  const listed = [...names].slice(0, 10).map(show)
  const more = names.size > listed.length ? ` and ${names.size - listed.length} more` : ''
  return `metrics reported: ${listed.join(', ')}${more}${meant === undefined ? '' : `; did you mean ${show(meant)}?`}`
}
