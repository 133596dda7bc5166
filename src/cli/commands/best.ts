import type { StudyView } from '../../callbacks/callback.js'
import { show, TuneError } from '../../errors.js'
import { Result } from '../../results/result.js'
import { ResultGrid } from '../../results/result-grid.js'
import type { Scope } from '../../results/scores.js'
import { formatNumber, sanitize } from '../../results/text.js'
import type { Mode } from '../../trial.js'
import { readStudy } from '../read-study.js'
import { safeJson } from '../safe-json.js'
import { findJournal } from '../studies.js'
import type { Terminal } from '../terminal.js'

/** How `best` is called. */
export interface BestOptions {
  /** @defaultValue the study's */
  readonly metric?: string
  /** @defaultValue the study's, for the study's metric */
  readonly mode?: Mode
  /** Which of a trial's reports are looked at. @defaultValue `'all'`, as in `show` */
  readonly scope?: Scope
  readonly json?: boolean
}

/** Prints the best trial's config as JSON, and which trial it is to the standard error. */
export async function best(path: string | undefined, options: BestOptions, terminal: Terminal): Promise<number> {
  const { view } = readStudy(findJournal(path), terminal)
  const { scope = 'all' } = options
  const objective = objectiveOf(view, options)
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

function objectiveOf({ definition }: StudyView, { metric, mode }: BestOptions): { metric: string; mode: Mode } {
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
