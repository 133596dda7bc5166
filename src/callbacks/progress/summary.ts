import { join } from 'node:path'
import { checkpointUse, describeCheckpointUse } from '../../results/checkpoint-use.js'
import { flatten } from '../../results/flatten.js'
import {
  cut,
  displayWidth,
  formatDuration,
  formatValue,
  formatWholeSeconds,
  pad,
  plural,
  sanitize,
  wrapItems,
} from '../../results/text.js'
import { listCounts } from '../../results/trial-columns.js'
import type { Trial } from '../../trial.js'
import type { StudyOutcome, StudyView } from '../callback.js'
import { describeBest, describeFront, drawTrials, type Screen } from './layout.js'
import { errorText } from './lines.js'
import type { Progress } from './tracker.js'

/** The most lines for each of the summary's lists. */
const listLength = 5

/** What stays on the screen after a session: the best trials, why trials were stopped, what failed, and where everything is. Pure. */
export function drawSummary(progress: Progress, outcome: StudyOutcome, screen: Screen, maxRows: number): string[] {
  const { study } = progress
  const sections = [
    drawOutcome(progress, outcome, screen),
    drawTrials(progress, screen, maxRows),
    drawBestTrial(progress, screen),
    drawStops(study, screen),
    drawFailures(study, screen),
    drawPlace(study, outcome, screen),
  ]
  return sections.filter(section => section.length > 0).flatMap((section, i) => (i === 0 ? section : ['', ...section]))
}

function drawOutcome({ study, elapsedS }: Progress, outcome: StudyOutcome, { width, palette }: Screen): string[] {
  const verb = outcome.type === 'finished' && study.haltReason !== undefined ? 'halted' : outcome.type
  const head = `${cut(sanitize(study.definition.name), Math.floor(width / 2))} ${verb} after ${formatWholeSeconds(elapsedS)}`
  const paint = outcome.type === 'finished' ? palette.title : palette.failure
  const counts = [plural(study.trials.length, 'trial'), ...listCounts(study.counts)]
  const [first = '', ...rest] = wrapItems([head, ...counts], ' · ', width)
  return [paint(first.slice(0, head.length)) + first.slice(head.length), ...rest]
}

/** The best value, where it was reached, and the whole config with which. */
function drawBestTrial({ study: { best, definition }, front }: Progress, { width, palette }: Screen): string[] {
  if (definition.objectives.length > 1)
    return [palette.best(cut(`★ ${describeFront(front, definition.objectives)}`, width))]
  if (best === undefined || definition.metric === null) return []
  const time = best.lastReport === undefined ? '' : ` in ${formatDuration(best.lastReport.timing.timeTotalS)}`
  const parameters = [...flatten(best.config)].map(([name, value]) => [sanitize(name), formatValue(value)] as const)
  const widest = Math.min(30, Math.max(0, ...parameters.map(([name]) => displayWidth(name))))
  return [
    palette.best(cut(`★ ${describeBest(best, definition)}${time}`, width)),
    ...parameters.map(([name, value]) => cut(`  ${pad(cut(name, widest), widest, 'right')}  ${value}`, width)),
  ]
}

/** Why trials were stopped, reasons that differ in their numbers alone counted together. */
function drawStops({ trials, haltReason }: StudyView, { width, palette }: Screen): string[] {
  const lines = haltReason === undefined ? [] : [cut(`The study was halted: ${sanitize(haltReason)}`, width)]
  const groups = new Map<string, { readonly example: string; count: number; isSame: boolean }>()
  for (const { status, reason } of trials) {
    if (status !== 'terminated' || reason === undefined) continue
    const group = groups.get(withoutNumbers(reason))
    if (group === undefined) groups.set(withoutNumbers(reason), { example: reason, count: 1, isSame: true })
    else {
      group.count++
      if (group.example !== reason) group.isSame = false
    }
  }
  if (groups.size === 0) return lines
  const sorted = [...groups].sort(([, a], [, b]) => b.count - a.count)
  const digits = String(sorted[0]?.[1].count ?? 0).length
  lines.push('Why trials were stopped:')
  for (const [pattern, { example, count, isSame }] of sorted.slice(0, listLength))
    lines.push(cut(`  ${String(count).padStart(digits)} × ${sanitize(isSame ? example : pattern)}`, width))
  if (sorted.length > listLength) {
    const rest = sorted.slice(listLength).reduce((sum, [, { count }]) => sum + count, 0)
    lines.push(palette.dim(cut(`  … ${rest} for other reasons`, width)))
  }
  return lines
}

/** A reason with `…` for each of its numbers. */
function withoutNumbers(reason: string): string {
  return reason.replace(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi, '…')
}

/** The trials that failed, what they said, and where to read the rest. */
function drawFailures(study: StudyView, { width, palette }: Screen): string[] {
  if (study.counts.error === 0) return []
  const failed: Trial[] = []
  for (const trial of study.trials) {
    if (trial.status === 'error') failed.push(trial)
    if (failed.length === listLength) break
  }
  const lines = [palette.failure(`${plural(study.counts.error, 'trial')} failed:`)]
  for (const trial of failed) {
    const path = study.trialPath(trial)
    lines.push(cut(`  trial ${trial.index}: ${errorText(trial)}`, width))
    // a path is left whole, so that it can be copied
    if (path !== undefined) lines.push(palette.dim(`    ${sanitize(join(path, 'error.txt'))}`))
  }
  if (study.counts.error > failed.length) lines.push(palette.dim(`  … ${study.counts.error - failed.length} more`))
  return lines
}

function drawPlace({ path, trials }: StudyView, outcome: StudyOutcome, { palette }: Screen): string[] {
  const lines: string[] = []
  if (outcome.type === 'failed') {
    const [first = ''] = outcome.error.message.split(/[\r\n]/, 1)
    lines.push(palette.failure(sanitize(`The study failed: ${outcome.error.name}: ${first}`)))
  }
  if (path === undefined) return lines
  const use = describeCheckpointUse(checkpointUse(trials))
  lines.push(`Results: ${sanitize(path)}${use && ` · ${use}`}`)
  if (outcome.type !== 'finished')
    lines.push(
      `Go on:   await Tuner.restore(${quote(path)}, trainable, options).fit(), with the options it was made with`,
    )
  return lines
}

/** A path as a string literal, so that the line can be pasted into a program. */
function quote(path: string): string {
  const text = sanitize(path)
  return /['\\]/.test(text) ? JSON.stringify(text) : `'${text}'`
}
