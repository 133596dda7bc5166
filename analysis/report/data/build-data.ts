import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { StudyView } from '../../../src/callbacks/callback.js'
import { type Clock, systemClock } from '../../../src/clock.js'
import { type ErrorRecord, TuneError } from '../../../src/errors.js'
import type { JsonValue } from '../../../src/json.js'
import { flatten } from '../../../src/results/flatten.js'
import { ParetoFront } from '../../../src/results/pareto-front.js'
import { formatValue } from '../../../src/results/text.js'
import { isBetter, type Objective, readMetric, type Trial, type TrialReport } from '../../../src/trial.js'
import { importancesOf } from '../../importance/importances.js'
import { type PlotView, readStudy, scoresOf } from '../../plots/study/source.js'
import { nextSteps } from './next-steps.js'
import type { ImportanceData, Missing, NextSteps, ReportData, ReportTable, StudyRun, TrialData } from './report-data.js'
import { shorten } from './shorten.js'
import { readHistory, type StudyHistory } from './study-history.js'
import { TrialFiles } from './trial-files.js'
import { viewOf } from './view-of.js'

/** What a report is to show. */
export interface DataOptions {
  readonly title: string
  /** The metric that charts and the table go by. */
  readonly objective: Objective | undefined
  /** Whether the metric was asked for, and is not just the first of several. @defaultValue false */
  readonly isChosen?: boolean
  /** Where the report will be, absolute. */
  readonly path: string
  readonly clock?: Clock
}

/** From how many trials on importances are computed in the quicker way. */
const manyTrials = 500
/** How many of the first trials tell their errors' stacks. */
const mostStacks = 1000
/** The most characters of a message or a reason, and of a stack. */
const longestText = 1000
const longestStack = 4000
/** The most notes of a trial, and the most characters of one. */
const mostNotes = 20
const longestNote = 200
/** The fewest trials that importances are told of. */
const fewestTrials = 8
/** Why several metrics get no advice. */
const ambiguous: Missing = {
  missing:
    'advice goes by one metric, and what is good for one of several may be bad for another; `tunewright report --metric NAME` gives it by one',
}

/** Gathers what a report's page holds. */
export function buildData(view: StudyView, options: DataOptions): ReportData {
  const { title, objective, isChosen = false, path, clock = systemClock } = options
  const { definition } = view
  const history = readHistory(view)
  const files = new TrialFiles(view, dirname(path))
  const reports = history.reports.table(view.trials.length)
  const columns = new Set(reports.metrics.map(({ name }) => name))
  const trials = view.trials.map(trial => describeTrial(trial, history, files, columns))
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
  const best = bestOf(view, objective) ?? null
  if (objective === undefined) {
    const missing = 'the study has no metric'
    return { ...data, best, importances: { missing }, next: { missing } }
  }
  const metrics = reports.metrics.filter(({ name }) => name === objective.metric)
  const source = viewOf({ ...data, reports: { ...reports, metrics } })
  const next = isChosen || view.definition.objectives.length < 2 ? advise(view, source, reports, objective) : ambiguous
  return { ...data, best, importances: weigh(source, objective), next }
}

function describeTrial(
  trial: Trial,
  history: StudyHistory,
  files: TrialFiles,
  columns: ReadonlySet<string>,
): TrialData {
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
    ...notesOf(lastReport, columns),
    ...(failures > 0 && { failures }),
    ...(error && { error: shortened(error, index < mostStacks) }),
    ...(reason !== undefined && { reason: shorten(reason, longestText) }),
    ...(endedBy !== undefined && { endedBy }),
    ...(repeat && { repeat }),
    ...(checkpoints.length > 0 && { checkpoints }),
    ...files.of(trial),
  }
}

/** What a trial's last report held that has no column. */
function notesOf(report: TrialReport | undefined, columns: ReadonlySet<string>): Pick<TrialData, 'notes'> {
  const leaves = report === undefined ? [] : [...flatten(report.metrics)]
  const notes = leaves
    .filter(([name, value]) => typeof value !== 'number' || !columns.has(name))
    .slice(0, mostNotes)
    .map(([name, value]): [string, JsonValue] => [
      name,
      typeof value === 'number' ? value : shorten(formatValue(value), longestNote),
    ])
  return notes.length > 0 ? { notes: Object.fromEntries(notes) } : {}
}

/** An error that takes no more room than a reader needs; the trial's own error.txt has it whole. */
function shortened({ stack, message, ...rest }: ErrorRecord, hasStack: boolean): ErrorRecord {
  return {
    ...rest,
    message: shorten(message, longestText),
    ...(stack !== undefined && hasStack && { stack: shorten(stack, longestStack) }),
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

function weigh(source: PlotView, objective: Objective): ImportanceData {
  const scored = scoresOf(readStudy(source), objective, 'all').size
  if (scored < fewestTrials)
    return { missing: `they need at least ${fewestTrials} trials with a value, and there are ${scored}` }
  const method = scored > manyTrials ? 'ped-anova' : 'fanova'
  try {
    const values = importancesOf(source, { ...objective, method }).map(({ name, value }) => ({
      name,
      value: Number(value.toPrecision(4)),
    }))
    return values.some(({ value }) => Number.isFinite(value) && value > 0)
      ? { method, values: values.filter(({ value }) => Number.isFinite(value)) }
      : { missing: 'no hyperparameter explains how the trials differ' }
  } catch (error) {
    if (error instanceof TuneError) return { missing: error.message }
    throw error
  }
}

/** @param source - holds the reports, so that the journal need not be read again; thinned out, they don't tell enough */
function advise(view: StudyView, source: PlotView, { every }: ReportTable, objective: Objective): NextSteps | Missing {
  const { definition, trials } = view
  const held = (ofTrials: (trialIndex: number) => boolean = () => true) =>
    [...source.reports()].filter(({ trialIndex }) => ofTrials(trialIndex))
  return nextSteps(
    {
      definition,
      trials,
      reports: every === 1 ? held : ofTrials => view.reports(ofTrials),
      lineageOf: trialIndex => view.lineageOf(trialIndex),
    },
    objective,
  )
}

function ownVersion(): string {
  const manifest: { version?: unknown } = createRequire(import.meta.url)('tunewright/package.json')
  return String(manifest.version)
}
