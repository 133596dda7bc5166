import type { StudyView } from '../callbacks/callback.js'
import type { Trial } from '../trial.js'
import { Leaderboard } from './leaderboard.js'
import { createPalette } from './palette.js'
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
  const shown = leaders.indices().flatMap((index): Trial | readonly Trial[] => trials[index] ?? [])
  const ends = listCounts(counts).join(', ')
  const title = `${sanitize(definition.name)}: ${plural(trials.length, 'trial')}${ends === '' ? '' : ` (${ends})`}`
  if (shown.length === 0) return [cut(title, width)]
  const columns = trialColumns({
    trials: shown,
    ranking: definition,
    parameters: varying.names(),
    metrics: furtherMetrics(shown, definition, 3),
    palette: createPalette(false),
    best: study.best,
  })
  const hidden = trials.length - shown.length
  return [
    cut(title, width),
    '',
    ...formatTable(columns, shown, width),
    ...(hidden > 0 ? [cut(`… ${hidden} more`, width)] : []),
  ]
}
