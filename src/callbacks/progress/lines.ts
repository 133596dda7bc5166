import { flatten } from '../../results/flatten.js'
import { bestValue } from '../../results/leaderboard.js'
import {
  cut,
  formatDuration,
  formatNumber,
  formatValue,
  formatWholeSeconds,
  plural,
  sanitize,
} from '../../results/text.js'
import { listCounts } from '../../results/trial-columns.js'
import { readMetric, type Trial, type TrialReport } from '../../trial.js'
import type { StudyView } from '../callback.js'
import { describeBest, describeFront } from './layout.js'
import type { Progress } from './tracker.js'

/** The most characters of an error's message or a stop's reason on one line. */
const reasonWidth = 160

/** The line with which a session begins. */
export function studyStartLine({ definition, trials, totalTrials, path }: StudyView): string {
  const { name, objectives, searcher, scheduler, seed } = definition
  const goals = objectives.map(({ metric, mode }) => `${mode === 'min' ? 'minimizing' : 'maximizing'} ${metric}`)
  const goal = goals.length === 0 ? '' : `, ${goals.join(' and ')}`
  const count = Number.isFinite(totalTrials) ? plural(totalTrials, 'trial') : 'trials without end'
  const before = trials.length > 0 ? `resumed with ${plural(trials.length, 'trial')} of ` : ''
  return sanitize(
    `${name}: ${before}${count}${goal} · ${searcher.name} + ${scheduler.name}, seed ${seed}${path === undefined ? '' : ` · ${path}`}`,
  )
}

/** `trial 7 started: lr 0.01, layers 3`. */
export function trialStartLine(trial: Trial): string {
  const parameters = [...flatten(trial.config)].map(
    ([name, value]) => `${sanitize(name)} ${cut(formatValue(value), 40)}`,
  )
  return `trial ${trial.index} started${parameters.length === 0 ? '' : `: ${parameters.join(', ')}`}`
}

/** `trial 7 report 3: accuracy 0.91, loss 0.2`. */
export function trialReportLine(trial: Trial, report: TrialReport): string {
  const metrics = [...flatten(report.metrics)].map(
    ([name, value]) => `${sanitize(name)} ${cut(formatValue(value), 40)}`,
  )
  return `trial ${trial.index} report ${report.iteration}: ${metrics.join(', ')} (${formatDuration(report.timing.timeThisIterS)})`
}

export function trialPauseLine(trial: Trial): string {
  return `trial ${trial.index} paused after ${plural(trial.iteration, 'iteration')}${because(trial)}`
}

/** `trial 7 terminated after 9 iterations: accuracy 0.971 (best 0.984, trial 3) · stopped: below the cut-off`. */
export function trialEndLine(trial: Trial, study: StudyView): string {
  const { metric } = study.definition
  const failed = trial.status === 'error'
  const value = metric !== null && trial.lastReport !== undefined ? readMetric(trial.lastReport, metric) : undefined
  const best = study.best === undefined ? undefined : bestValue(study.best, study.definition)
  const parts = [
    `trial ${trial.index} ${failed ? 'failed' : 'terminated'} after ${plural(trial.iteration, 'iteration')}`,
  ]
  if (metric !== null && value !== undefined) {
    const whose = best === undefined ? '' : ` (best ${formatNumber(best)}, trial ${study.best?.index})`
    parts.push(`: ${sanitize(metric)} ${formatNumber(value)}${whose}`)
  }
  if (failed) parts.push(` · ${errorText(trial)}`)
  else if (trial.reason !== undefined) parts.push(` · stopped: ${cut(sanitize(trial.reason), reasonWidth)}`)
  return parts.join('')
}

/** A failure that the trial survives. */
export function trialRetryLine(trial: Trial, { definition }: StudyView): string {
  const limit = definition.maxFailures < 0 ? '' : ` of ${definition.maxFailures} allowed`
  return `trial ${trial.index} failed and is tried again (failure ${trial.failures}${limit}): ${errorText(trial)}`
}

/** The first line of why a trial failed: `TypeError: x is not a function`. */
export function errorText({ error }: Trial): string {
  if (error === undefined) return 'unknown error'
  const first = error.message.split(/[\r\n]/, 1)[0] ?? ''
  return cut(sanitize(`${error.name}: ${first}`), reasonWidth)
}

/** `[1m 30s] 41/100 trials: 4 running, 37 terminated · best accuracy 0.984 (trial 3, iteration 9) · about 2m 10s left`. */
export function progressLine({ study, elapsedS, remainingS, front }: Progress): string {
  const { counts, totalTrials, best, definition } = study
  const ended = counts.terminated + counts.error
  const total = Number.isFinite(totalTrials)
    ? `${ended}/${plural(totalTrials, 'trial')}`
    : `${plural(ended, 'trial')} ended`
  const parts = [
    `[${formatWholeSeconds(elapsedS)}] ${[total, listCounts(counts).join(', ')].filter(Boolean).join(': ')}`,
  ]
  if (definition.objectives.length > 1) parts.push(describeFront(front, definition.objectives))
  if (best !== undefined && definition.metric !== null) parts.push(describeBest(best, definition))
  if (remainingS !== undefined) parts.push(`about ${formatWholeSeconds(remainingS)} left`)
  return parts.join(' · ')
}

function because({ reason }: Trial): string {
  return reason === undefined ? '' : `: ${cut(sanitize(reason), reasonWidth)}`
}
