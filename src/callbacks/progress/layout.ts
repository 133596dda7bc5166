import { bestValue } from '../../results/leaderboard.js'
import type { Palette } from '../../results/palette.js'
import { formatTable } from '../../results/table.js'
import {
  cut,
  displayWidth,
  formatNumber,
  formatValue,
  formatWholeSeconds,
  plural,
  sanitize,
  wrapItems,
} from '../../results/text.js'
import { furtherMetrics, listCounts, trialColumns } from '../../results/trial-columns.js'
import { shortNames } from '../../results/varying-parameters.js'
import { type Objective, readPath, type Trial, type TrialStatus } from '../../trial.js'
import type { Progress } from './tracker.js'

/** The room that a picture has, in terminal cells, and its colours. */
export interface Screen {
  readonly width: number
  readonly height: number
  readonly palette: Palette
}

/** Draws the live picture of a study: at most `height` lines, none wider than `width`. Pure. */
export function drawLive(progress: Progress, screen: Screen): string[] {
  const { width, height, palette } = screen
  const head = [drawTitle(progress, screen), drawBar(progress, screen), ...drawBest(progress, screen)]
  const { schedulerState } = progress.study
  if (schedulerState !== undefined && height >= 16) head.push(palette.dim(cut(sanitize(schedulerState), width)))
  // a blank line, the table's header and the line on hidden trials
  const room = height - head.length - 3
  const table = room < 1 ? [] : drawTrials(progress, screen, room)
  return [...head, ...(table.length > 0 ? ['', ...table] : [])].slice(0, Math.max(0, height))
}

/** A table of the trials that matter most, at most `rows` of them, and a line on the others. */
export function drawTrials(progress: Progress, { width, palette }: Screen, rows: number): string[] {
  const { study } = progress
  const shown = selectTrials(progress, rows)
  if (shown.length === 0) return []
  const columns = trialColumns({
    trials: shown,
    ranking: study.definition,
    parameters: progress.parameters,
    metrics: furtherMetrics(shown, study.definition, 3),
    palette,
    isBest: ({ index }) => progress.best.has(index),
  })
  const hidden = { ...study.counts }
  for (const { status } of shown) hidden[status]--
  return [...formatTable(columns, shown, width, { paintHeader: palette.dim }), ...drawHidden(hidden, width, palette)]
}

function drawHidden(hidden: Readonly<Record<TrialStatus, number>>, width: number, palette: Palette): string[] {
  const parts = listCounts(hidden)
  if (parts.length === 0) return []
  const count = Object.values(hidden).reduce((sum, each) => sum + each, 0)
  return [palette.dim(cut(`… ${count} more: ${parts.join(', ')}`, width))]
}

/** Running trials first, by index, then the best of the others; some room is kept for those even where many run. */
function selectTrials({ running, leaders }: Progress, rows: number): Trial[] {
  const others = leaders.filter(({ status }) => status !== 'running')
  const kept = Math.min(others.length, Math.floor(rows / 3))
  const first = running.slice(0, rows - kept)
  return [...first, ...others.slice(0, rows - first.length)]
}

function drawTitle({ study, elapsedS, remainingS }: Progress, { width, palette }: Screen): string {
  const times = `${formatWholeSeconds(elapsedS)} elapsed · ${remainingS === undefined ? '—' : `about ${formatWholeSeconds(remainingS)}`} left`
  const name = cut(sanitize(study.definition.name), Math.min(width, Math.max(8, width - times.length - 3)))
  const room = width - displayWidth(name)
  return palette.title(name) + (room > 3 ? palette.dim(` · ${cut(times, room - 3)}`) : '')
}

/** Counts by status behind a bar, as far as both have room. */
function drawBar({ study }: Progress, { width, palette }: Screen): string {
  const { counts, totalTrials, trials } = study
  const ended = counts.terminated + counts.error
  const isBounded = Number.isFinite(totalTrials)
  const total = isBounded ? `${ended}/${plural(totalTrials, 'trial')}` : `${ended} of ${plural(trials.length, 'trial')}`
  const plain = [total, ...listCounts(counts)].join(' · ')
  const painted = [total, ...listCounts(counts, palette.status)].join(palette.dim(' · '))
  const size = Math.min(24, width - plain.length - 2)
  if (!isBounded || size < 8) return plain.length <= width ? painted : cut(plain, width)
  const filled = totalTrials === 0 ? size : Math.floor((size * ended) / totalTrials)
  return `${palette.bar('━'.repeat(filled))}${palette.dim('─'.repeat(size - filled))}  ${painted}`
}

/** The best trial and its hyperparameters, on two lines at most. */
function drawBest({ study, parameters, front }: Progress, { width, palette }: Screen): string[] {
  const { metric, objectives } = study.definition
  if (objectives.length > 1) return [palette.best(cut(describeFront(front, objectives), width))]
  if (metric === null) return []
  const { best } = study
  const label = `best ${sanitize(metric)}`
  if (best === undefined) return [palette.dim(cut(`${label} —`, width))]
  const head = describeBest(best, study.definition)
  const names = shortNames(parameters)
  const items = parameters.flatMap(path => {
    const value = readPath(best.config, path)
    return value === undefined ? [] : `${sanitize(names.get(path) ?? path)} ${cut(formatValue(value), 24)}`
  })
  const lines = wrapItems([head, ...items], ' · ', width)
  const shown = lines.slice(0, 2)
  if (lines.length > 2) shown[1] = cut(`${shown[1]} · …`, width)
  const [first = '', ...rest] = shown
  return [palette.best(first.slice(0, head.length)) + first.slice(head.length), ...rest]
}

/** `Pareto front of accuracy (max) and latencyMs (min): 7 trials`. */
export function describeFront(size: number, objectives: readonly Objective[]): string {
  const names = objectives.map(({ metric, mode }) => `${sanitize(metric)} (${mode})`)
  return `Pareto front of ${names.slice(0, -1).join(', ')} and ${names.at(-1)}: ${plural(size, 'trial')}`
}

/** `best accuracy 0.9841 (trial 3, iteration 9)`. */
export function describeBest(
  best: Trial,
  ranking: { readonly metric: string | null; readonly mode: 'min' | 'max' | null },
): string {
  const value = bestValue(best, ranking)
  return (
    `best ${sanitize(ranking.metric ?? '')} ${value === undefined ? '—' : formatNumber(value)} ` +
    `(trial ${best.index}, iteration ${best.bestReport?.iteration ?? best.iteration})`
  )
}
