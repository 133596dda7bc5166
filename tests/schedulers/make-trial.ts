import type { JsonObject } from '../../src/json.js'
import type { Trial, TrialReport } from '../../src/trial.js'

/** A report with that number and those metrics, one second of work each. */
export function makeReport(iteration: number, metrics: JsonObject): TrialReport {
  return { iteration, metrics, timing: { timestampMs: iteration * 1000, timeThisIterS: 1, timeTotalS: iteration } }
}

/** A trial whose last report is the one given. */
export function makeTrial(index: number, lastReport?: TrialReport, status: Trial['status'] = 'running'): Trial {
  return {
    index,
    id: `trial-${index}`,
    name: `trial-${index}`,
    directory: `trial-${index}`,
    config: {},
    status,
    iteration: lastReport?.iteration ?? 0,
    lastReport,
    bestReport: lastReport,
    checkpoints: [],
    failures: 0,
    error: undefined,
    reason: undefined,
    endedBy: undefined,
    repeat: undefined,
    origin: undefined,
    clock: 0,
  }
}
