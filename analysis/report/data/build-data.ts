import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { StudyView } from '../../../src/callbacks/callback.js'
import { type Clock, systemClock } from '../../../src/clock.js'
import { TuneError } from '../../../src/errors.js'
import { ParetoFront } from '../../../src/results/pareto-front.js'
import { isBetter, type Objective, readMetric, type Trial } from '../../../src/trial.js'
import { importancesOf } from '../../importance/importances.js'
import type { ImportanceData, ReportData, StudyRun, TrialData } from './report-data.js'
import { readHistory, type StudyHistory } from './study-history.js'
import { TrialFiles } from './trial-files.js'
import { viewOf } from './view-of.js'

/** What a report is to show. */
export interface DataOptions {
  readonly title: string
  /** The metric that charts and the table go by. */
  readonly objective: Objective | undefined
  /** Where the report will be, absolute. */
  readonly path: string
  readonly clock?: Clock
}

/** From how many trials on importances are computed in the quicker way. */
const manyTrials = 500
/** The fewest trials that importances are told of. */
const fewestTrials = 8

/** Gathers what a report's page holds. */
export function buildData(view: StudyView, options: DataOptions): ReportData {
  const { title, objective, path, clock = systemClock } = options
  const { definition } = view
  const history = readHistory(view)
  const files = new TrialFiles(view, dirname(path))
  const trials = view.trials.map(trial => describeTrial(trial, history, files))
  const reports = history.reports.table(trials.length)
  const data = {
    title,
    writtenMs: clock.now(),
    versions: { tunewright: ownVersion(), node: process.version },
    definition,
    objective: objective ?? null,
    front: definition.objectives.length > 1 ? frontOf(view) : [],
    run: describeRun(view, history),
    trials,
    fileLists: files.lists,
    reports,
    happenings: history.happenings,
    happeningsLeftOut: history.happeningsLeftOut,
    decisions: history.decisions,
  }
  const plotView = viewOf(data)
  return { ...data, best: bestOf(view, objective) ?? null, importances: weigh(plotView, objective) }
}

function describeTrial(trial: Trial, history: StudyHistory, files: TrialFiles): TrialData {
  const { index, id, name, status, config, iteration, lastReport, failures, error } = trial
  const { reason, endedBy, repeat, checkpoints } = trial
  const firstConfig = history.firstConfigs.get(index)
  const startedMs = history.starts[index]
  return {
    id,
    name,
    status,
    config,
    ...(firstConfig && { firstConfig }),
    iteration,
    seconds: lastReport?.timing.timeTotalS ?? 0,
    ...(startedMs !== undefined && { startedMs }),
    ...(failures > 0 && { failures }),
    ...(error && { error }),
    ...(reason !== undefined && { reason }),
    ...(endedBy !== undefined && { endedBy }),
    ...(repeat && { repeat }),
    ...(checkpoints.length > 0 && { checkpoints }),
    ...files.of(trial),
  }
}

function describeRun(view: StudyView, history: StudyHistory): StudyRun {
  const { haltReason, totalTrials, path } = view
  const { startedMs, lastMs, elapsedMs, sessions, extensions, failures, haltedBy } = history
  const isOpen = view.trials.length === 0 || view.counts.running + view.counts.pending + view.counts.paused > 0
  const isFinished = history.isFinished || (path === undefined && !isOpen)
  return {
    state: haltReason !== undefined ? 'halted' : isFinished ? 'finished' : 'open',
    haltReason: haltReason ?? null,
    haltedBy: haltReason === undefined ? null : (haltedBy ?? null),
    startedMs: startedMs ?? null,
    lastMs: lastMs ?? null,
    elapsedS: startedMs === undefined ? null : elapsedMs / 1000,
    sessions,
    extensions,
    failures,
    totalTrials: Number.isFinite(totalTrials) ? totalTrials : null,
    path: path ?? null,
  }
}

function frontOf(view: StudyView): number[] {
  const front = new ParetoFront(view.definition.objectives)
  for (const trial of view.trials) front.add(trial)
  return front.members.map(({ trial }) => trial.index)
}

/** The best trial by its best report, the first of equals. */
function bestOf(view: StudyView, objective: Objective | undefined): number | undefined {
  if (objective === undefined) return undefined
  const { metric, mode } = objective
  if (view.definition.metric === metric && view.definition.mode === mode) return view.best?.index
  let best: { readonly index: number; readonly value: number } | undefined
  for (const { trialIndex, report } of view.reports()) {
    const value = readMetric(report, metric)
    if (value === undefined || !Number.isFinite(value)) continue
    const isFirst = value === best?.value && trialIndex < best.index
    if (isFirst || isBetter(value, best?.value, mode)) best = { index: trialIndex, value }
  }
  return best?.index
}

function weigh(source: ReturnType<typeof viewOf>, objective: Objective | undefined): ImportanceData {
  if (objective === undefined) return { missing: 'The study has no single metric to explain.' }
  const { trials } = source
  if (trials.length < fewestTrials)
    return { missing: `Importances need at least ${fewestTrials} trials, and there are ${trials.length}.` }
  const method = trials.length > manyTrials ? 'ped-anova' : 'fanova'
  try {
    const values = importancesOf(source, { ...objective, method }).map(({ name, value }) => ({
      name,
      value: Number(value.toPrecision(4)),
    }))
    return values.some(({ value }) => Number.isFinite(value) && value > 0)
      ? { method, values: values.filter(({ value }) => Number.isFinite(value)) }
      : { missing: 'No hyperparameter explains how the trials differ.' }
  } catch (error) {
    if (error instanceof TuneError) return { missing: error.message }
    throw error
  }
}

function ownVersion(): string {
  const manifest: { version?: unknown } = createRequire(import.meta.url)('tunewright/package.json')
  return String(manifest.version)
}
