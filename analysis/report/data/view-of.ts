import type { LineageStep } from '../../../src/callbacks/callback.js'
import type { JsonObject } from '../../../src/json.js'
import type { TrialReport } from '../../../src/trial.js'
import type { PlotTrial, PlotView } from '../../plots/study/source.js'
import type { Happening, ReportData, ReportTable } from './report-data.js'

/** Makes of a report's data what charts are drawn of; reports come trial by trial. */
export function viewOf(data: Pick<ReportData, 'definition' | 'trials' | 'reports' | 'happenings'>): PlotView {
  const { definition, reports } = data
  const trials = data.trials.map(
    ({ config, status, iteration, reason }, index): PlotTrial => ({ index, config, status, iteration, reason }),
  )
  const exploits = new Map<number, Happening[]>()
  for (const each of data.happenings) {
    if (each.exploit === undefined) continue
    const own = exploits.get(each.trial)
    if (own) own.push(each)
    else exploits.set(each.trial, [each])
  }
  let all: { readonly trialIndex: number; readonly report: TrialReport }[] | undefined
  return {
    definition,
    trials,
    // charts ask for them again and again
    reports: () => {
      all ??= trials.flatMap(({ index }) =>
        [...reportsOf(reports, index)].map(report => ({ trialIndex: index, report })),
      )
      return all
    },
    lineageOf(index) {
      const trial = data.trials[index]
      if (trial === undefined) return []
      const first: LineageStep = { iteration: 0, config: trial.firstConfig ?? trial.config, exploit: undefined }
      const later = (exploits.get(index) ?? []).flatMap(({ iteration, exploit }): LineageStep[] =>
        exploit ? [{ iteration, config: exploit.config, exploit }] : [],
      )
      return [first, ...later]
    },
  }
}

/** The reports of a trial that the table holds; metrics by their whole names. */
export function* reportsOf(table: ReportTable, trialIndex: number): Generator<TrialReport> {
  const from = table.offsets[trialIndex] ?? 0
  const to = table.offsets[trialIndex + 1] ?? from
  let timeTotalS = 0
  for (let row = from; row < to; row++) {
    const metrics: Record<string, number> = {}
    for (const { name, values } of table.metrics) {
      const value = values[row]
      if (typeof value === 'number') metrics[name] = value
    }
    const timeThisIterS = table.took[row] ?? 0
    timeTotalS += timeThisIterS
    const timestampMs = table.originMs + (table.at[row] ?? 0)
    yield {
      iteration: iterationAt(table, from, row),
      metrics: metrics as JsonObject,
      timing: { timestampMs, timeThisIterS, timeTotalS },
    }
  }
}

function iterationAt({ iterations }: ReportTable, from: number, row: number): number {
  return iterations?.[row] ?? row - from + 1
}
