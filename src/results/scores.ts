import { type Mode, readMetric, type TrialReport } from '../trial.js'

/**
 * Which of a trial's reports a comparison looks at: the last one that has the metric, all of them (the trial's best), or their mean:
 * over all, the last five or the last ten that have the metric.
 *
 * @see Ray Tune's `ResultGrid.get_best_result`, whose `avg` is wrong when some reports lack the metric; this one is the plain mean
 */
export type Scope = 'last' | 'all' | 'avg' | 'last-5-avg' | 'last-10-avg'

/** All scopes. */
export const scopes: readonly Scope[] = ['last', 'all', 'avg', 'last-5-avg', 'last-10-avg']

/** What is kept of one trial's values of one metric; constant space. */
export interface ValueSummary {
  count: number
  sum: number
  last: number
  /** Extremes of the values that are numbers; infinite when there is none. */
  min: number
  max: number
  /** Extremes of the finite values. */
  finiteMin: number
  finiteMax: number
  /** The last ten values. */
  readonly recent: number[]
}

/** Summarizes the values of a metric for each trial that reported it, in one pass. */
export function summarizeMetric(
  reports: Iterable<{ readonly trialIndex: number; readonly report: TrialReport }>,
  metric: string,
): Map<number, ValueSummary> {
  const summaries = new Map<number, ValueSummary>()
  for (const { trialIndex, report } of reports) {
    const value = readMetric(report, metric)
    if (value === undefined) continue
    let summary = summaries.get(trialIndex)
    if (summary === undefined) {
      summary = emptySummary()
      summaries.set(trialIndex, summary)
    }
    add(summary, value)
  }
  return summaries
}

function emptySummary(): ValueSummary {
  const [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  return { count: 0, sum: 0, last: Number.NaN, min: low, max: high, finiteMin: low, finiteMax: high, recent: [] }
}

function add(summary: ValueSummary, value: number): void {
  summary.count++
  summary.sum += value
  summary.last = value
  if (summary.recent.push(value) > 10) summary.recent.shift()
  if (Number.isNaN(value)) return
  summary.min = Math.min(summary.min, value)
  summary.max = Math.max(summary.max, value)
  if (!Number.isFinite(value)) return
  summary.finiteMin = Math.min(summary.finiteMin, value)
  summary.finiteMax = Math.max(summary.finiteMax, value)
}

/** The one value that stands for a trial; undefined when it may not win: never NaN, and not infinite when those are filtered. */
export function scoreOf(summary: ValueSummary, mode: Mode, scope: Scope, filterNanAndInf: boolean): number | undefined {
  const score = rawScore(summary, mode, scope, filterNanAndInf)
  return isEligible(score, filterNanAndInf) ? score : undefined
}

/** Whether a value may win. */
export function isEligible(value: number, filterNanAndInf: boolean): boolean {
  return filterNanAndInf ? Number.isFinite(value) : !Number.isNaN(value)
}

function rawScore(summary: ValueSummary, mode: Mode, scope: Scope, finite: boolean): number {
  switch (scope) {
    case 'last':
      return summary.last
    case 'all':
      return bestOf(summary, mode, finite)
    case 'avg':
      return summary.sum / summary.count
    case 'last-5-avg':
      return mean(summary.recent.slice(-5))
    case 'last-10-avg':
      return mean(summary.recent)
    default:
      return scope satisfies never
  }
}

function bestOf(summary: ValueSummary, mode: Mode, finite: boolean): number {
  // values that are all NaN, or all infinite where those are filtered, leave the extremes at their start
  const { min, max } = finite ? { min: summary.finiteMin, max: summary.finiteMax } : summary
  if (min > max) return Number.NaN
  return mode === 'min' ? min : max
}

function mean(values: readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}
