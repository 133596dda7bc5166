import type { StudyView } from '../callbacks/callback.js'
import { show, TuneError } from '../errors.js'
import type { Mode, Objective } from '../trial.js'

/** How a call says by what trials are compared. */
export interface ObjectiveOptions {
  /** @defaultValue the study's */
  readonly metric?: string
  /** @defaultValue the study's, for the study's metric */
  readonly mode?: Mode
}

/**
 * The metric and mode that a call chose, completed from the study's own.
 *
 * @throws `TuneError` `INVALID_OPTION` saying which option to add
 */
export function chosenObjective({ definition }: StudyView, { metric, mode }: ObjectiveOptions): Objective {
  const name = metric ?? definition.metric
  if (name === null) {
    const several = definition.objectives.map(each => show(each.metric)).join(', ')
    throw new TuneError(
      'INVALID_OPTION',
      definition.objectives.length > 1
        ? `the study has several metrics (${several}): name one with --metric, or list the Pareto front with tunewright trials --pareto`
        : 'the study has no metric: name one with --metric and --mode',
    )
  }
  const own = definition.objectives.find(each => each.metric === name)?.mode
  const chosen = mode ?? own
  if (chosen !== undefined) return { metric: name, mode: chosen }
  throw new TuneError(
    'INVALID_OPTION',
    `whether a small or a large ${show(name)} is better is not known: add --mode min or --mode max`,
  )
}
