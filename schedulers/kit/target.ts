import { TuneError } from '../../src/errors.js'
import type { SchedulerContext } from '../../src/scheduler.js'
import { type Mode, readMetric, type Trial, type TrialReport } from '../../src/trial.js'

/** By what trials are compared, and when. */
export interface Target {
  readonly metric: string
  /** 1 when larger values are better, −1 when smaller ones are. */
  readonly sign: 1 | -1
  readonly timeAttr: string
}

/** What a scheduler's options say about it. */
export interface TargetChoice {
  readonly metric: string | undefined
  readonly mode: Mode | undefined
  readonly timeAttr: string
}

/** A report as a scheduler sees it. */
export interface Reading {
  /** Undefined where the report lacks it or has NaN. */
  readonly time: number | undefined
  /** The metric as reported; undefined where the report lacks it. */
  readonly value: number | undefined
}

/**
 * Takes metric and mode from a scheduler's options, else from its study.
 *
 * @throws `TuneError` `INVALID_OPTION` when neither names them
 */
export function resolveTarget(owner: string, choice: TargetChoice, context: SchedulerContext): Target {
  const { metric = context.metric, mode = context.mode, timeAttr } = choice
  if (metric === undefined || mode === undefined) {
    const lacking = metric === undefined ? 'metric' : 'mode'
    throw new TuneError(
      'INVALID_OPTION',
      `${owner} compares trials and has no ${lacking}; give the study's tuneConfig (or the scheduler) a ${lacking}`,
    )
  }
  return { metric, sign: mode === 'max' ? 1 : -1, timeAttr }
}

/** Reads a report's time and metric. */
export function readTarget(report: TrialReport, { metric, timeAttr }: Omit<Target, 'sign'>): Reading {
  const time = readMetric(report, timeAttr)
  return { time: Number.isNaN(time) ? undefined : time, value: readMetric(report, metric) }
}

/** The time that a trial has come to, if it has reported one; one that is taken up again has. */
export function timeOf({ lastReport }: Trial, timeAttr: string): number | undefined {
  const time = lastReport && readMetric(lastReport, timeAttr)
  return Number.isNaN(time) ? undefined : time
}

/** What a scheduler throws that is used before `setUp`. */
export function notSetUp(owner: string): TuneError {
  return new TuneError('PLUGIN_FAULT', `${owner} was used before setUp; call setUp once, before all else`)
}
