import type { StudyView } from '../../callbacks/callback.js'
import { Result } from '../../results/result.js'
import { ResultGrid } from '../../results/result-grid.js'
import type { Scope } from '../../results/scores.js'
import { formatNumber, sanitize } from '../../results/text.js'
import type { Mode } from '../../trial.js'
import { chosenObjective, type ObjectiveOptions } from '../chosen-objective.js'
import { readStudy } from '../read-study.js'
import { safeJson } from '../safe-json.js'
import { findJournal } from '../studies.js'
import type { Terminal } from '../terminal.js'

/** How `best` is called. */
export interface BestOptions extends ObjectiveOptions {
  /** Which of a trial's reports are looked at. @defaultValue `'all'`, as in `show` */
  readonly scope?: Scope
  readonly json?: boolean
}

/** Prints the best trial's config as JSON, and which trial it is to the standard error. */
export async function best(path: string | undefined, options: BestOptions, terminal: Terminal): Promise<number> {
  const { view } = readStudy(findJournal(path), terminal)
  const { scope = 'all' } = options
  const objective = chosenObjective(view, options)
  const result = find(view, { ...objective, scope })
  const last = result.metric(objective.metric)
  terminal.complain(
    `trial ${result.trialIndex} is best by ${sanitize(objective.metric)} (${objective.mode}, scope ${scope})${last === undefined ? '' : `; its last report has ${formatNumber(last)}`}\n`,
  )
  const { trialIndex, trialId, config, metrics, status } = result
  const whole = {
    trialIndex,
    trialId,
    status,
    config,
    metrics,
    path: result.path,
    checkpoint: result.checkpoint?.directory ?? null,
  }
  await terminal.write(`${safeJson(options.json === true ? whole : config, 2)}\n`)
  return 0
}

function find(
  view: StudyView,
  wanted: { readonly metric: string; readonly mode: Mode; readonly scope: Scope },
): Result {
  const { definition } = view
  const isOwn = wanted.metric === definition.metric && wanted.mode === definition.mode && wanted.scope === 'all'
  // the study has kept it, so that the journal need not be read again
  if (isOwn && view.best !== undefined) return new Result(view.best, view)
  return new ResultGrid(view).getBestResult(wanted)
}
