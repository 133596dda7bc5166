import { readMetric, readPath, type Trial, type TrialStatus } from '../trial.js'
import { flatten } from './flatten.js'
import { bestValue, type Ranking } from './leaderboard.js'
import type { Palette } from './palette.js'
import { luxury, type TableColumn } from './table.js'
import { formatDuration, formatNumber, formatValue, sanitize } from './text.js'
import { shortNames } from './varying-parameters.js'

/** What to show of trials. */
export interface TrialColumnsOptions {
  readonly ranking: Ranking
  /** Paths of the hyperparameters to show. */
  readonly parameters: readonly string[]
  /** Names of further metrics to show where there is room. */
  readonly metrics: readonly string[]
  readonly palette: Palette
  /** The trials to be shown. */
  readonly trials: readonly Trial[]
  /** Whether a trial is marked as one of the best. */
  readonly isBest: (trial: Trial) => boolean
}

/** The columns of a table of trials. */
export function trialColumns(options: TrialColumnsOptions): TableColumn<Trial>[] {
  const { ranking, parameters, metrics, palette, isBest, trials } = options
  const names = shortNames(parameters)
  const columns: TableColumn<Trial>[] = [
    { header: '', cell: trial => (isBest(trial) ? '★' : ' '), paint: palette.best },
    { header: 'trial', align: 'right', cell: trial => String(trial.index) },
    { header: 'status', cell: trial => trial.status, paint: (text, trial) => palette.status(trial.status, text) },
  ]
  // ids say no more than indices do; a name that the user gave does
  if (trials.some(({ name, id }) => name !== id))
    columns.push({ header: 'name', minWidth: 8, maxWidth: 30, dispensable: 1, cell: trial => sanitize(trial.name) })
  if (ranking.metric !== null) {
    const { metric } = ranking
    columns.push(metricColumn(metric, 0), {
      header: 'best',
      align: 'decimal',
      cell: trial => {
        const value = bestValue(trial, ranking)
        return value === undefined ? '' : formatNumber(value)
      },
      paint: (text, trial) => (isBest(trial) ? palette.best(text) : text),
    })
  }
  columns.push(
    { header: 'iter', align: 'right', cell: trial => String(trial.iteration) },
    {
      header: 'time',
      align: 'right',
      dispensable: 1,
      cell: trial => (trial.lastReport === undefined ? '' : formatDuration(trial.lastReport.timing.timeTotalS)),
    },
  )
  parameters.forEach((path, position) => {
    columns.push({
      header: sanitize(names.get(path) ?? path),
      align: 'decimal',
      // the first parameters of the space stay longest
      dispensable: 2 + position,
      minWidth: 6,
      maxWidth: 20,
      cell: trial => formatValue(readPath(trial.config, path)),
    })
  })
  metrics.forEach((name, position) => {
    columns.push(metricColumn(name, luxury + position))
  })
  return columns
}

function metricColumn(name: string, dispensable: number): TableColumn<Trial> {
  return {
    header: sanitize(name),
    align: 'decimal',
    dispensable,
    maxWidth: 20,
    cell: ({ lastReport }) => {
      const value = lastReport && readMetric(lastReport, name)
      return value === undefined ? '' : formatNumber(value)
    },
  }
}

/** Names of up to so many numeric metrics that these trials reported last, but for the one they are ranked by. */
export function furtherMetrics(trials: readonly Trial[], ranking: Ranking, count: number): string[] {
  const names = new Set<string>()
  for (const { lastReport } of trials) {
    if (lastReport === undefined) continue
    for (const [name, value] of flatten(lastReport.metrics)) {
      if (typeof value !== 'number' || name === ranking.metric) continue
      names.add(name)
      if (names.size >= count) return [...names]
    }
  }
  return [...names]
}

const statuses: readonly TrialStatus[] = ['running', 'pending', 'paused', 'terminated', 'error']

/** Lists how many trials are in each status, those without any left out: `4 running`, `30 terminated`. */
export function listCounts(
  counts: Readonly<Record<TrialStatus, number>>,
  paint: (status: TrialStatus, text: string) => string = (_, text) => text,
): string[] {
  return statuses.flatMap(status => (counts[status] > 0 ? paint(status, `${counts[status]} ${status}`) : []))
}
