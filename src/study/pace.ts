import type { JsonObject } from '../json.js'
import type { Scheduler } from '../scheduler.js'
import type { Stopper } from '../stopper.js'
import { type ReportTiming, readMetric, type Trial } from '../trial.js'

/** The logical clock that a running trial has after a report: moved on by the growth of the scheduler's time attribute. */
export function clockAfter(trial: Trial, metrics: JsonObject, timing: ReportTiming, timeAttr: string): number {
  const after = readMetric({ iteration: trial.iteration + 1, metrics, timing }, timeAttr)
  const before = trial.lastReport ? readMetric(trial.lastReport, timeAttr) : 0
  const growth = after === undefined || before === undefined ? 1 : after - before
  // a time that stands still, runs backwards or is no number must not turn the order round
  return trial.clock + (growth >= 0 && Number.isFinite(growth) ? growth : 0)
}

/** Up to which value of the time attribute, and up to which report, a running trial may go before a decision is due. */
export function grantOf(
  trial: Trial,
  scheduler: Scheduler,
  stoppers: readonly Stopper[],
): { readonly until: number; readonly iteration: number } {
  const until = scheduler.grant ? scheduler.grant(trial) : Number.NEGATIVE_INFINITY
  let iteration = Number.POSITIVE_INFINITY
  for (const stopper of stoppers) if (stopper.grant) iteration = Math.min(iteration, stopper.grant(trial))
  // a scheduler that may decide at any report has the trial wait at the next one
  const time = trial.lastReport ? (readMetric(trial.lastReport, scheduler.timeAttr) ?? 0) : 0
  if (!(until > time)) return { until: Number.POSITIVE_INFINITY, iteration: Math.min(iteration, trial.iteration + 1) }
  return { until, iteration }
}
