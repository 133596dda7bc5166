import { type CheckpointUse, checkpointUse } from '../results/checkpoint-use.js'
import { bestValue } from '../results/leaderboard.js'
import type { StudyDefinition } from '../study/events.js'
import type { Trial, TrialStatus } from '../trial.js'
import type { StudyRecording } from '../tuner/open-results.js'
import type { Chronicle, DecisionCount, ExploitStep } from './chronicle.js'
import type { StudyState } from './studies.js'

/** A study as plain data: what `show --json` prints. */
export interface StudySummary {
  readonly path: string | undefined
  readonly state: StudyState
  readonly definition: StudyDefinition
  readonly trials: Readonly<Record<TrialStatus | 'total', number>>
  readonly best: BestSummary | null
  readonly haltReason: string | null
  readonly startedAt: number
  readonly lastAt: number
  readonly elapsedS: number
  readonly sessions: number
  readonly extensions: number
  readonly entries: number
  readonly reports: number
  /** How many were made, those that are no longer kept included. */
  readonly checkpoints: number
  /** Those that are kept, and their size in bytes. */
  readonly kept: CheckpointUse
  readonly failures: number
  readonly decisions: readonly DecisionCount[]
  readonly exploits: number
  readonly lastExploits: readonly ExploitStep[]
  readonly tornBytes: number
}

/** A trial as the best one. */
export interface BestSummary {
  readonly trialIndex: number
  readonly trialId: string
  readonly value: number | null
  readonly iteration: number
  readonly config: Trial['config']
  readonly metrics: Trial['config']
}

/** Gathers a study's state and history. */
export function summaryOf({ view, tail }: StudyRecording, chronicle: Chronicle, state: StudyState): StudySummary {
  const { definition, trials, counts, best, path, haltReason } = view
  const { startedAt, lastAt, elapsedMs, sessions, extensions, entries, reports } = chronicle
  const { checkpoints, failures, decisions, exploits, lastExploits } = chronicle
  return {
    path,
    state,
    definition,
    trials: { total: trials.length, ...counts },
    best: best === undefined ? null : describeBest(best, definition),
    haltReason: haltReason ?? null,
    startedAt,
    lastAt,
    elapsedS: elapsedMs / 1000,
    sessions,
    extensions,
    entries,
    reports,
    checkpoints,
    kept: checkpointUse(trials),
    failures,
    decisions,
    exploits,
    lastExploits,
    tornBytes: tail.tornBytes,
  }
}

function describeBest(best: Trial, definition: StudyDefinition): BestSummary {
  return {
    trialIndex: best.index,
    trialId: best.id,
    value: bestValue(best, definition) ?? null,
    iteration: best.bestReport?.iteration ?? best.iteration,
    config: best.config,
    metrics: best.bestReport?.metrics ?? {},
  }
}
