import type { StudyView } from '../callbacks/callback.js'
import type { Trial } from '../trial.js'
import { Leaderboard } from './leaderboard.js'
import { createPalette } from './palette.js'
import { ParetoFront } from './pareto-front.js'
import { formatTable } from './table.js'
import { cut, plural, sanitize } from './text.js'
import { furtherMetrics, listCounts, trialColumns } from './trial-columns.js'
import { VaryingParameters } from './varying-parameters.js'

/** A study's outcome as lines of text: how its trials ended, then the best of them as a table. */
export function formatResults(study: StudyView, maxRows: number, width: number): string[] {
  const { definition, trials, counts } = study
  const varying = new VaryingParameters()
  const leaders = new Leaderboard(definition, maxRows)
  for (const trial of trials) {
    varying.add(trial.config)
    leaders.update(trial)
  }
  const front = frontOf(study)
  const indices = [...new Set([...front, ...leaders.indices()])].slice(0, maxRows)
  const shown = indices.flatMap((index): Trial | readonly Trial[] => trials[index] ?? [])
  const ends = listCounts(counts).join(', ')
  const title = `${sanitize(definition.name)}: ${plural(trials.length, 'trial')}${ends === '' ? '' : ` (${ends})`}`
  if (shown.length === 0) return [cut(title, width)]
  const columns = trialColumns({
    trials: shown,
    ranking: definition,
    parameters: varying.names(),
    metrics: furtherMetrics(shown, definition, 3),
    palette: createPalette(false),
    isBest: ({ index }) => index === study.best?.index || front.has(index),
  })
  const hidden = trials.length - shown.length
  return [
    cut(title, width),
    '',
    ...formatTable(columns, shown, width),
    ...(hidden > 0 ? [cut(`… ${hidden} more`, width)] : []),
  ]
}

/** The indices of the trials on the Pareto front, of a study that has several objectives. */
function frontOf({ definition: { objectives }, trials }: StudyView): ReadonlySet<number> {
  if (objectives.length < 2) return new Set()
  const front = new ParetoFront(objectives)
  for (const trial of trials) front.add(trial)
  return new Set(front.members.map(({ trial }) => trial.index))
}
