import { type Objective, readMetric, type Trial, type TrialReport } from '../../src/trial.js'

/** How the values of repeats become one. */
export type Aggregate = 'mean' | 'median'

/** How a group's outcome is made of its trials. */
export interface GroupRule {
  readonly objectives: readonly Objective[]
  readonly aggregate: Aggregate
  /** How many trials must have values, lest the group count as failed. */
  readonly minimum: number
}

/**
 * Makes one trial of those of a group that ended, as the searcher is to see it: with the mean or median of each objective over the trials that
 * have all of them, or failed if too few have.
 *
 * @param trials - all of the group's, by repeat
 */
export function combine(group: number, trials: readonly Trial[], rule: GroupRule): Trial {
  const { objectives, aggregate, minimum } = rule
  const reports = trials.flatMap(trial => {
    const report = reportToCount(trial, objectives)
    return report === undefined ? [] : [{ trial, report }]
  })
  const common = { ...standIn(group, trials), clock: Math.max(...trials.map(trial => trial.clock)) }
  const failures = trials.reduce((sum, trial) => sum + trial.failures, 0)
  if (objectives.length === 0 || reports.length < minimum) {
    const hasFailed = objectives.length > 0 || trials.every(({ status }) => status === 'error')
    if (!hasFailed) return { ...common, failures, status: 'terminated' }
    const message = `${trials.length - reports.length} of ${trials.length} repeats have no value`
    const error = trials.find(trial => trial.error !== undefined)?.error ?? { name: 'Error', message }
    return { ...common, failures, status: 'error', error }
  }
  const cut = reports.find(({ trial }) => trial.endedBy === 'scheduler' || trial.endedBy === 'study')?.trial
  const { reason, endedBy } = cut ?? reports[0]?.trial ?? common
  const report = combineReports(
    reports.map(each => each.report),
    objectives,
    aggregate,
  )
  const { iteration } = report
  return {
    ...common,
    failures,
    status: 'terminated',
    iteration,
    lastReport: report,
    bestReport: report,
    reason,
    endedBy,
  }
}

/** A group that has not ended, or not begun to count, as a running trial without reports. */
export function standIn(group: number, [first]: readonly Trial[]): Trial {
  if (first === undefined) throw new Error('a group has at least one trial')
  return {
    ...first,
    index: group,
    status: 'running',
    iteration: 0,
    lastReport: undefined,
    bestReport: undefined,
    checkpoints: [],
    failures: 0,
    error: undefined,
    reason: undefined,
    endedBy: undefined,
    repeat: undefined,
  }
}

/** One report of the same number of each trial made into one; objectives that no trial has are left out. */
export function combineReports(
  reports: readonly TrialReport[],
  objectives: readonly Objective[],
  aggregate: Aggregate,
): TrialReport {
  const over = (read: (report: TrialReport) => number | undefined, how: Aggregate) =>
    summarize(
      reports.flatMap(report => read(report) ?? []).filter(value => Number.isFinite(value)),
      how,
    )
  const metrics: Record<string, number> = {}
  for (const { metric } of objectives) {
    const value = over(report => readMetric(report, metric), aggregate)
    if (value !== undefined) metrics[metric] = value
  }
  return {
    // no further than all of them came
    iteration: Math.min(...reports.map(report => report.iteration)),
    metrics,
    timing: {
      timestampMs: Math.max(...reports.map(({ timing }) => timing.timestampMs)),
      timeThisIterS: over(({ timing }) => timing.timeThisIterS, 'mean') ?? 0,
      timeTotalS: over(({ timing }) => timing.timeTotalS, 'mean') ?? 0,
    },
  }
}

/** The report of a trial that ended from which its values are taken: the last one that has them, else the best. */
function reportToCount(
  { status, lastReport, bestReport }: Trial,
  objectives: readonly Objective[],
): TrialReport | undefined {
  if (status === 'error') return undefined
  return [lastReport, bestReport].find(
    report => report && objectives.every(({ metric }) => Number.isFinite(readMetric(report, metric))),
  )
}

/** The mean or median of finite numbers, finite itself; undefined of none. */
function summarize(values: readonly number[], how: Aggregate): number | undefined {
  const count = values.length
  if (how === 'mean') {
    const sum = values.reduce((total, value) => total + value, 0)
    // huge values may have no finite sum, and still a mean
    return count === 0
      ? undefined
      : Number.isFinite(sum)
        ? sum / count
        : values.reduce((total, v) => total + v / count, 0)
  }
  const sorted = [...values].sort((a, b) => a - b)
  const low = sorted[Math.floor((count - 1) / 2)]
  const high = sorted[Math.floor(count / 2)]
  if (low === undefined || high === undefined) return undefined
  return low === high ? low : low / 2 + high / 2
}
