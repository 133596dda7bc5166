import type { ErrorRecord } from '../../../src/errors.js'
import type { JsonObject } from '../../../src/json.js'
import type { StudyDefinition } from '../../../src/study/events.js'
import type { CheckpointRecord, EndedBy, Objective, Repeat, TrialStatus } from '../../../src/trial.js'
import type { Advice } from '../../insight/advice.js'
import type { SuggestedConfig } from '../../insight/suggest-next.js'

export type { Advice, SuggestedConfig }

/** All that a report's page holds of a study: plain data, in columns where there are many of a kind. */
export interface ReportData {
  readonly title: string
  /** When the report was written, in milliseconds since 1970-01-01 UTC. */
  readonly writtenMs: number
  readonly versions: { readonly tunewright: string; readonly node: string }
  readonly definition: StudyDefinition
  /** The metric that charts and the table go by. */
  readonly objective: Objective | null
  /** The index of the best trial by {@link ReportData.objective}, by its best report. */
  readonly best: number | null
  /** The trials that no other dominates, where there are several objectives. */
  readonly front: readonly number[]
  readonly run: StudyRun
  readonly trials: readonly TrialData[]
  /** Kept apart, since many trials have the same. */
  readonly fileLists: readonly (readonly string[])[]
  readonly reports: ReportTable
  readonly happenings: readonly Happening[]
  /** How many happenings were left out of the list, for there were too many. */
  readonly happeningsLeftOut: number
  readonly decisions: readonly DecisionCount[]
  readonly importances: ImportanceData
  readonly next: NextSteps | Missing
}

/** How the study went as a whole. */
export interface StudyRun {
  readonly state: 'finished' | 'halted' | 'open'
  readonly haltReason: string | null
  readonly haltedBy: string | null
  /** Milliseconds since 1970-01-01 UTC; null where nothing is known. */
  readonly startedMs: number | null
  readonly lastMs: number | null
  /** Seconds of running, over all sessions; null where nothing is known. */
  readonly elapsedS: number | null
  readonly sessions: number
  readonly extensions: number
  /** Of all failures, those that trials survived included. */
  readonly failures: number
  /** How many trials there will be in all; null for no end. */
  readonly totalTrials: number | null
  /** The study's folder, absolute; null for one that is kept in memory. */
  readonly path: string | null
}

/** A trial. */
export interface TrialData {
  readonly id: string
  readonly name: string
  readonly status: TrialStatus
  readonly config: JsonObject
  /** What it began with, where it went on with another config. */
  readonly firstConfig?: JsonObject
  /** How many reports it made, those that are not drawn included. */
  readonly iteration: number
  /** Seconds that it worked in all; 0 without reports. */
  readonly seconds: number
  /** Milliseconds since 1970-01-01 UTC. */
  readonly startedMs?: number
  /** What its last report held beside the metrics that have columns: texts, lists, and numbers for which there was no room. */
  readonly notes?: JsonObject
  readonly failures?: number
  readonly error?: ErrorRecord
  readonly reason?: string
  readonly endedBy?: EndedBy
  readonly repeat?: Repeat
  readonly checkpoints?: readonly CheckpointRecord[]
  /** Where its folder is, relative to the report: a URL. */
  readonly folder?: string
  /** The place of its list in {@link ReportData.fileLists}. */
  readonly files?: number
}

/** All reports, those of a trial one after the other. */
export interface ReportTable {
  /** [trials + 1] Where the reports of a trial begin. */
  readonly offsets: readonly number[]
  /** [reports] Absent where each trial's are 1, 2, 3 … */
  readonly iterations?: readonly number[]
  /** What {@link ReportTable.at} counts from, in milliseconds since 1970-01-01 UTC. */
  readonly originMs: number
  /** [reports] Milliseconds from the origin. */
  readonly at: readonly number[]
  /** [reports] Seconds that the iteration took. */
  readonly took: readonly number[]
  /** Numbers that were reported, by name. */
  readonly metrics: readonly MetricColumn[]
  /** Names of metrics for which there was no room. */
  readonly metricsLeftOut: readonly string[]
  /** How many reports there were in all. */
  readonly total: number
  /** Of how many reports one is here, the first, the last and the best of each trial apart; 1 if all are. */
  readonly every: number
}

/** The values of a metric. */
export interface MetricColumn {
  readonly name: string
  /** [reports] null where a report lacks it. To eight significant digits. */
  readonly values: readonly (number | null)[]
}

/** What happened to a trial, but for its start and its reports. */
export interface Happening {
  /** Milliseconds since 1970-01-01 UTC; absent where it is not known. */
  readonly at?: number
  readonly trial: number
  /** How many reports the trial had made. */
  readonly iteration: number
  readonly type: 'stop' | 'pause' | 'exploit' | 'resume' | 'retry' | 'fail' | 'reopen'
  readonly by?: string
  readonly reason?: string
  readonly exploit?: {
    readonly donor: number
    readonly source: number
    readonly checkpoint: CheckpointRecord
    readonly config: JsonObject
  }
}

/** How often somebody decided something. */
export interface DecisionCount {
  readonly type: Happening['type']
  readonly by: string
  readonly count: number
}

/** Why there is nothing to tell. */
export interface Missing {
  readonly missing: string
}

/** How much each parameter mattered, or why that can't be told. */
export type ImportanceData =
  | { readonly method: string; readonly values: readonly { readonly name: string; readonly value: number }[] }
  | Missing

/** What the study's results advise to do next. Texts are sanitized sentences. */
export interface NextSteps {
  readonly objective: Objective
  /** The most important first. */
  readonly advice: readonly Advice[]
  /** Which model suggestions come from, and how far it can be trusted. */
  readonly model: readonly string[]
  /** Configs that are worth a trial, or why none is named. */
  readonly suggestions: readonly SuggestedConfig[] | Missing
  /** What suggested configs lack. */
  readonly leftOut: readonly string[]
  /** Where trials get into trouble oftener than elsewhere. */
  readonly regions: readonly RegionData[]
  /** What strongly goes together: parameters with the metric, then among each other. */
  readonly correlations: readonly CorrelationData[]
  /** What to know of them. */
  readonly correlationNotes: readonly string[]
}

/** A part of the space where trials get into trouble. */
export interface RegionData {
  /** `lr > 0.12 and momentum > 0.9`. */
  readonly where: string
  /** What happened to trials there: `failed`. */
  readonly what: string
  /** To how many of how many. */
  readonly inside: { readonly marked: number; readonly trials: number }
  readonly outside: { readonly marked: number; readonly trials: number }
  /** After correction for all regions tried: `= 0.01`. */
  readonly p: string
}

/** Two things that go together. */
export interface CorrelationData {
  readonly first: string
  readonly second: string
  /** How closely, with its interval. */
  readonly strength: string
  /** After Holm's correction: `< 0.0001`. */
  readonly p: string
}
