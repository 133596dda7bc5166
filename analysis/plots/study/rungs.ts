import { show, TuneError } from '../../../src/errors.js'
import { readMetric } from '../../../src/trial.js'
import { type ChartOptions, frame, label, plotArea } from '../core/option.js'
import { Plot } from '../core/plot.js'
import { neutral } from '../core/theme.js'
import { type MetricOptions, objectiveOf, type PlotSource, type PlotStudy, readStudy, stoppedEarly } from './source.js'

/** A rung: what became of the trials that reached an iteration at which the scheduler decided. */
export interface RungRow {
  /** How many reports a trial has made there. */
  readonly level: number
  /** How many trials got there. */
  readonly reached: number
  /** How many of them were stopped there, or stayed paused. */
  readonly stopped: number
  /** How many went on. */
  readonly wentOn: number
  /** The best finite value of the metric there; NaN where there is none. */
  readonly best: number
  /** The middle one of the finite values; NaN where there is none. */
  readonly median: number
  /** The worst of them; NaN where there is none. */
  readonly worst: number
}

/** Distinct iterations at which trials are stopped, beyond which they are no rungs. */
const mostLevels = 12

/** The iterations at which trials were stopped early, rising; none if they are too many to be the rungs of a scheduler. */
export function rungLevels(study: PlotStudy): number[] {
  const early = stoppedEarly(study)
  const levels = new Set(study.trials.filter(({ index }) => early.has(index)).map(({ iteration }) => iteration))
  levels.delete(0)
  return levels.size > mostLevels ? [] : [...levels].sort((a, b) => a - b)
}

/**
 * Lists a study's rungs as its trials show them, whatever the scheduler: each iteration at which trials were stopped before others.
 * Brackets with the same rungs are counted together.
 *
 * @throws `TuneError` `INVALID_OPTION` without metric or mode
 */
export function rungTable(
  source: PlotSource,
  options: MetricOptions & { readonly rungs?: readonly number[] } = {},
): RungRow[] {
  const study = readStudy(source)
  const { metric, mode } = objectiveOf(study, options, 'rungTable')
  const levels = options.rungs ?? rungLevels(study)
  const values = new Map(levels.map(level => [level, [] as number[]]))
  for (const { report } of study.reports()) {
    const value = readMetric(report, metric)
    if (value !== undefined && Number.isFinite(value)) values.get(report.iteration)?.push(value)
  }
  const early = stoppedEarly(study)
  const sign = mode === 'min' ? 1 : -1
  return levels.map(level => {
    const there = study.trials.filter(trial => trial.iteration >= level)
    const stopped = there.filter(trial => trial.iteration === level && early.has(trial.index)).length
    const sorted = (values.get(level) ?? []).sort((a, b) => sign * (a - b))
    const at = (index: number) => sorted[index] ?? Number.NaN
    return {
      level,
      reached: there.length,
      stopped,
      wentOn: there.filter(trial => trial.iteration > level).length,
      best: at(0),
      median:
        sorted.length % 2 === 1 ? at(sorted.length >> 1) : (at(sorted.length / 2 - 1) + at(sorted.length / 2)) / 2,
      worst: at(sorted.length - 1),
    }
  })
}

/**
 * How many trials reached each rung, and how many of them went on.
 *
 * @throws `TuneError` `INVALID_OPTION` without metric or mode, `NO_RESULT` if no trial was stopped early
 */
export function plotRungs(
  source: PlotSource,
  options: ChartOptions & MetricOptions & { readonly rungs?: readonly number[] } = {},
): Plot {
  const rows = rungTable(source, options)
  if (rows.length === 0)
    throw new TuneError(
      'NO_RESULT',
      `plotRungs: the study has no rungs: pass them as rungs, such as ${show([1, 3, 9])}`,
    )
  const most = Math.max(...rows.map(row => row.reached))
  const bars = [
    { name: 'went on', values: rows.map(row => row.wentOn), color: '#0072b2', text: '#ffffff' },
    { name: 'stopped there', values: rows.map(row => row.stopped), color: '#c9c9c9', text: '#000000' },
  ]
  return new Plot(size => {
    const words = frame(
      size,
      { title: 'Trials at each rung', ...options },
      bars.map(bar => bar.name),
    )
    return {
      ...words.option,
      tooltip: { trigger: 'item' },
      grid: plotArea(words),
      xAxis: {
        type: 'category',
        name: 'rung (iterations)',
        nameLocation: 'middle',
        nameGap: 30,
        data: rows.map(row => label(String(row.level))),
      },
      yAxis: { type: 'value', name: 'trials', nameLocation: 'middle', nameGap: 44, minInterval: 1 },
      series: bars.map(({ name, values, color, text }) => ({
        type: 'bar',
        name,
        stack: 'rung',
        barMaxWidth: 70,
        data: values.map(value => ({
          value,
          label: { show: value > 0, ...(value < most * 0.06 && { position: 'right' as const, color: neutral }) },
        })),
        itemStyle: { color, borderColor: '#5a5a5a', borderWidth: 0.5 },
        label: { position: 'inside', color: text, textBorderWidth: 0 },
      })),
    }
  })
}
