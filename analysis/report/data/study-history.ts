import { join } from 'node:path'
import type { StudyView } from '../../../src/callbacks/callback.js'
import type { JsonObject } from '../../../src/json.js'
import type { DecisionRecord, JournalEntry } from '../../../src/study/events.js'
import { readJournal } from '../../../src/study/file-journal.js'
import { JOURNAL_FILE } from '../../../src/tuner/storage.js'
import { ReportColumns } from './report-columns.js'
import type { DecisionCount, Happening } from './report-data.js'
import { shorten } from './shorten.js'

/** The most happenings that are listed one by one. */
const mostHappenings = 30_000
/** The most characters of a reason. */
const longestReason = 500

/** What a study's journal tells beside its trials as they stand: reports, decisions, failures, when and for how long. */
export class StudyHistory {
  readonly reports: ReportColumns
  readonly happenings: Happening[] = []
  happeningsLeftOut = 0
  /** When each trial began, in milliseconds since 1970-01-01 UTC. */
  readonly starts: number[] = []
  /** What trials began with that went on with another config. */
  readonly firstConfigs = new Map<number, JsonObject>()
  startedMs: number | undefined
  lastMs: number | undefined
  elapsedMs = 0
  sessions = 0
  extensions = 0
  failures = 0
  isFinished = false
  haltedBy: string | undefined
  readonly #counts = new Map<string, { type: Happening['type']; by: string; count: number }>()
  /** How many reports each trial has made so far. */
  readonly #iterations: number[] = []
  readonly #configs: JsonObject[] = []

  /** How many trials are looked at: a study that runs may have gone on since its view was made. */
  readonly #trials: number

  constructor({ definition, trials }: Pick<StudyView, 'definition' | 'trials'>) {
    this.reports = new ReportColumns(definition.objectives)
    this.#trials = trials.length
  }

  /** Decisions by who made them, the most frequent first. */
  get decisions(): DecisionCount[] {
    return [...this.#counts.values()].sort((a, b) => b.count - a.count || (a.by < b.by ? -1 : 1))
  }

  add({ at, event }: JournalEntry): void {
    if ('trial' in event && event.trial >= this.#trials) return
    if (this.startedMs === undefined) this.startedMs = at
    // between two sessions nothing runs
    else if (event.event !== 'session') this.elapsedMs += Math.max(0, at - (this.lastMs ?? at))
    this.lastMs = at
    switch (event.event) {
      case 'session':
        this.sessions += 1
        break
      case 'extend':
        this.extensions += 1
        this.isFinished = false
        break
      case 'finish':
        this.isFinished = true
        break
      case 'trial':
        this.starts[event.trial] = at
        this.#configs[event.trial] = event.config
        break
      case 'report':
        this.#iterations[event.trial] = event.iteration
        this.reports.add(event.trial, event)
        this.#decided(at, event.trial, event.decision)
        break
      case 'end':
        this.#decided(at, event.trial, event.decision)
        break
      case 'resume': {
        const { trial, exploit } = event
        if (exploit) this.#take(at, trial, 'exploit', { reason: exploit.reason, exploit })
        else this.#take(at, trial, 'resume', {})
        break
      }
      case 'reopen':
        this.#take(at, event.trial, 'reopen', {})
        break
      case 'failure': {
        this.failures += 1
        const { error, retry, trial } = event
        this.#take(at, trial, retry ? 'retry' : 'fail', { reason: `${error.name}: ${error.message}` })
        break
      }
      case 'halt':
        this.haltedBy = event.by
        for (const trial of event.trials) this.#take(at, trial, 'stop', { by: event.by, reason: event.reason })
        break
      case 'study':
      case 'checkpoint':
      case 'prune':
        break
      default:
        event satisfies never
    }
  }

  /** Takes in what a study that is kept in memory shows: not when things happened, nor what was survived. */
  addView(view: StudyView): void {
    for (const { trialIndex, report } of view.reports()) this.reports.add(trialIndex, report)
    for (const { index, config, iteration, reason, endedBy, status, origin } of view.trials) {
      const steps = origin === undefined ? [] : view.lineageOf(index)
      this.#configs[index] = steps[0]?.config ?? config
      for (const { iteration: made, exploit } of steps) {
        this.#iterations[index] = made
        if (exploit) this.#take(undefined, index, 'exploit', { exploit })
      }
      this.#iterations[index] = iteration
      if (reason === undefined || status === 'error') continue
      const by = endedBy === undefined ? {} : { by: endedBy }
      this.#take(undefined, index, status === 'paused' ? 'pause' : 'stop', { reason, ...by })
    }
  }

  #decided(at: number, trial: number, decision: DecisionRecord | undefined): void {
    if (decision === undefined) return
    const { type, by, reason, exploit } = decision
    this.#take(at, trial, type, { by, reason, ...(exploit && { exploit }) })
  }

  #take(
    at: number | undefined,
    trial: number,
    type: Happening['type'],
    more: Pick<Happening, 'by' | 'reason' | 'exploit'>,
  ): void {
    const { by, exploit } = more
    if (by !== undefined) {
      const key = `${type} ${by}`
      const held = this.#counts.get(key)
      if (held === undefined) this.#counts.set(key, { type, by, count: 1 })
      else held.count += 1
    }
    const first = this.#configs[trial]
    if (exploit && first && !this.firstConfigs.has(trial)) this.firstConfigs.set(trial, first)
    // lineages need all of theirs
    if (this.happenings.length >= mostHappenings && exploit === undefined) this.happeningsLeftOut += 1
    else
      this.happenings.push({
        ...(at !== undefined && { at }),
        trial,
        iteration: this.#iterations[trial] ?? 0,
        type,
        ...(by !== undefined && { by }),
        ...(more.reason !== undefined && { reason: shorten(more.reason, longestReason) }),
        ...(exploit && {
          exploit: {
            donor: exploit.donor,
            source: exploit.source,
            checkpoint: exploit.checkpoint,
            config: exploit.config,
          },
        }),
      })
  }
}

/**
 * Reads what a study did: from its journal, in one pass; of a study that is kept in memory, what its trials and reports tell.
 *
 * @throws `TuneError` `JOURNAL_DAMAGED` naming the line, `STORAGE_UNAVAILABLE`
 */
export function readHistory(view: StudyView): StudyHistory {
  const history = new StudyHistory(view)
  if (view.path !== undefined) {
    for (const entry of readJournal(join(view.path, JOURNAL_FILE))) history.add(entry)
    return history
  }
  history.addView(view)
  return history
}
