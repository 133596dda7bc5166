import type { ErrorRecord } from '../errors.js'
import { encodeJson, type JsonValue } from '../json.js'
import type { Scheduler } from '../scheduler.js'
import type { EndedBy, Objective, TrialReport, TrialStatus } from '../trial.js'
import {
  type DecisionRecord,
  type DefinitionChanges,
  isFreshStart,
  type StudyDefinition,
  type StudyEvent,
} from './events.js'
import { applyExploit, recordExploit } from './exploit.js'
import type { StudyParts } from './study-parts.js'
import { TrialState } from './trial-state.js'
import type { TrialTable } from './trial-table.js'

/** A report as the journal has it. */
export type ReportEvent = Extract<StudyEvent, { event: 'report' }>

/** How events are folded. */
export interface FoldOptions {
  /** Whether every decision is taken as it was recorded, whatever the parts say. @defaultValue false */
  readonly followsRecord?: boolean
  /** How often the study is yet to be given what its scheduler begins anew with; the parts are those of the last time. @defaultValue 0 */
  readonly freshStarts?: number
}

/** The state of a study as the fold of its events: the one place that changes it, live and on replay. */
export class StudyFold {
  readonly trials: TrialTable
  /** Why the study takes no more trials, if something stopped it early. */
  haltReason: string | undefined
  /** A halt that follows from an event, until it is committed: a journal may be torn between the two. */
  owedHalt: { readonly reason: string; readonly by: string } | undefined
  isFinished = false
  /** The logical time of the last committed event: that at which a free place became free. */
  clock = 0
  /** Trials that were taken up again and wait for a place, by index in that order. */
  readonly reopened = new Set<number>()
  /** Trials that stoppers ended which the study no longer has, and that those which it has would have let go on. */
  readonly released = new Set<number>()
  /** Trials whose configs are not of the space that the study has now: the searcher is not told of them. */
  readonly misfits = new Set<number>()
  /** Whether what is folded was decided under stoppers that the study no longer has. */
  #isUnderOthers: boolean
  readonly #followsRecord: boolean
  /** While there are some to come, the scheduler is none of the study's yet: it is told nothing, and what was decided stands. */
  #freshStarts: number
  /** The scheduler and the objectives of the time that is folded. */
  #schedulerName: string
  #objectives: readonly Objective[]
  readonly #definition: StudyDefinition
  readonly #parts: StudyParts

  /** @param definition - what the study is made with now, whatever it once was */
  constructor(
    definition: StudyDefinition,
    parts: StudyParts,
    trials: TrialTable,
    { followsRecord = false, freshStarts = 0 }: FoldOptions = {},
  ) {
    this.#freshStarts = freshStarts
    this.#schedulerName = definition.scheduler.name
    this.#objectives = definition.objectives
    this.#followsRecord = followsRecord
    this.#isUnderOthers = followsRecord
    this.#definition = definition
    this.#parts = parts
    this.trials = trials
  }

  /** Takes in an event that decides nothing. */
  apply(event: Exclude<StudyEvent, ReportEvent>): void {
    switch (event.event) {
      case 'study':
        this.#isUnderOthers = this.#followsRecord || !this.#has(event.definition.stoppers)
        this.#schedulerName = event.definition.scheduler.name
        this.#objectives = event.definition.objectives
        return
      case 'session':
        return
      case 'trial': {
        const trial = new TrialState({ ...event, index: event.trial, repeat: event.repeat })
        this.trials.add(trial)
        if (this.#freshStarts > 0 && !this.#parts.space.contains(trial.config)) this.misfits.add(trial.index)
        this.#scheduler?.onTrialAdd?.(trial)
        return
      }
      case 'extend':
        this.haltReason = undefined
        this.owedHalt = undefined
        this.isFinished = false
        this.#change(event.changes)
        for (const index of event.reopened) this.#reopen(this.trials.get(index))
        return
      case 'reopen':
        this.#reopen(this.trials.get(event.trial))
        return
      case 'resume': {
        const trial = this.trials.get(event.trial)
        this.trials.move(trial, 'running')
        this.reopened.delete(trial.index)
        trial.clock = event.clock
        trial.reason = undefined
        trial.endedBy = undefined
        if (event.exploit) applyExploit(trial, event.exploit)
        this.#scheduler?.onTrialResume?.(trial)
        return
      }
      case 'checkpoint':
        this.trials.get(event.trial).addCheckpoint(event.checkpoint, { isReported: false })
        return
      case 'prune':
        this.trials.get(event.trial).dropCheckpoints(event.checkpoints)
        return
      case 'end':
        this.#end(this.trials.get(event.trial), event.decision)
        return
      case 'failure': {
        const trial = this.trials.get(event.trial)
        trial.failures += 1
        if (this.#definition.failFast) {
          this.owedHalt = { reason: `trial ${trial.index} failed, and failFast is set`, by: 'failFast' }
        }
        if (!event.retry) this.#fail(trial, event.error)
        return
      }
      case 'halt':
        this.haltReason = event.reason
        this.owedHalt = undefined
        for (const index of event.trials) {
          this.#cutShort(this.trials.get(index), event.reason)
          if (this.#isUnderOthers && event.by !== 'failFast') this.released.add(index)
        }
        return
      case 'finish':
        this.isFinished = true
        return
      default:
        event satisfies never
    }
  }

  /** Takes in a report and says what is decided about its trial, with the decision carried out. */
  applyReport(event: ReportEvent): DecisionRecord | undefined {
    const trial = this.trials.get(event.trial)
    const { searcher, stoppers } = this.#parts
    const report: TrialReport = { iteration: event.iteration, metrics: event.metrics, timing: event.timing }
    trial.addReport(report, event.clock, this.#definition.objectives, this.#objectives)
    if (event.checkpoint) trial.addCheckpoint(event.checkpoint, { isReported: true })
    this.clock = event.clock
    this.trials.updateBest(trial)
    if (!this.misfits.has(trial.index)) searcher.onReport?.(trial, report)
    let decision = this.#scheduler ? this.#decide(this.#scheduler, trial, report) : event.decision
    let halt: { reason: string; by: string } | undefined
    for (const stopper of stoppers) {
      const verdict = stopper.onReport?.(trial, report)
      if (verdict === undefined || verdict.type === 'continue') continue
      if (decision?.type !== 'stop') decision = { type: 'stop', reason: verdict.reason, by: stopper.name }
      if (verdict.type === 'stop-study') halt ??= { reason: verdict.reason, by: stopper.name }
    }
    if (event.metrics.done === true && decision?.type !== 'stop') {
      decision = { type: 'stop', reason: 'it reported done: true', by: 'trainable' }
    }
    if (this.#isUnderOthers) {
      // what was decided then stands, but a trial that today's stoppers would not have ended may go on
      const then = event.decision
      if (then && then.type === 'stop' && decision?.type !== 'stop' && this.#roleOf(then) === 'stopper') {
        this.released.add(trial.index)
      }
      decision = then
    } else if (halt) this.owedHalt = halt
    if (decision?.type === 'stop') this.#end(trial, decision)
    else if (decision?.exploit) applyExploit(trial, decision.exploit)
    else if (decision?.type === 'pause') {
      trial.reason = decision.reason
      trial.endedBy = this.#roleOf(decision)
      this.trials.move(trial, 'paused')
    }
    return decision
  }

  #decide(scheduler: Scheduler, trial: TrialState, report: TrialReport): DecisionRecord | undefined {
    const decision = scheduler.onReport(trial, report)
    if (decision.type === 'continue') return undefined
    const { type, reason } = decision
    const exploit = type === 'exploit' ? recordExploit(decision, trial, this.trials) : undefined
    return { type, reason, by: scheduler.name, ...(exploit && { exploit }) }
  }

  #end(trial: TrialState, decision: DecisionRecord | undefined): void {
    const { status } = trial
    trial.end(decision?.reason, decision && this.#roleOf(decision), this.#objectives)
    this.#leave(trial, status)
  }

  #reopen(trial: TrialState): void {
    this.isFinished = false
    trial.reopen()
    this.trials.reopen(trial)
    this.reopened.add(trial.index)
    this.released.delete(trial.index)
    this.#tellReopened(trial)
  }

  #change(changes: DefinitionChanges): void {
    const { stoppers, scheduler, objectives } = changes
    if (stoppers) this.#isUnderOthers = this.#followsRecord || !this.#has(stoppers)
    if (scheduler) this.#schedulerName = scheduler.name
    if (objectives) this.#objectives = objectives
    if (this.#freshStarts === 0 || !isFreshStart(changes)) return
    this.#freshStarts -= 1
    if (this.#freshStarts > 0) return
    for (const trial of [...this.trials.pending.values()].sort((a, b) => a.index - b.index)) {
      if (trial.status === 'running') this.#parts.scheduler.onTrialAdd?.(trial)
      else {
        this.reopened.add(trial.index)
        this.#tellReopened(trial, { isKnown: false })
      }
    }
  }

  /** The study's scheduler, once it is the one that decides. */
  get #scheduler(): Scheduler | undefined {
    return this.#freshStarts === 0 ? this.#parts.scheduler : undefined
  }

  /** @param isKnown - whether the scheduler was told of the trial before */
  #tellReopened(trial: TrialState, { isKnown = true } = {}): void {
    const scheduler = this.#scheduler
    if (scheduler?.onTrialReopen) scheduler.onTrialReopen(trial)
    // one that isn't told of ends never knew that the trial was gone
    else if (scheduler?.onTrialEnd || !isKnown) scheduler?.onTrialAdd?.(trial)
  }

  #roleOf({ by }: DecisionRecord): EndedBy {
    if (by === this.#schedulerName) return 'scheduler'
    return by === 'trainable' || by === 'study' ? by : 'stopper'
  }

  /** Ends a trial through no doing of its own: it may not have come to its metric yet. */
  #cutShort(trial: TrialState, reason: string): void {
    const { status } = trial
    trial.end(reason, 'study', [])
    this.#leave(trial, status)
  }

  #fail(trial: TrialState, error: ErrorRecord): void {
    const { status } = trial
    trial.fail(error)
    this.#leave(trial, status)
  }

  /** Whether these are the study's stoppers. */
  #has(stoppers: StudyDefinition['stoppers']): boolean {
    return (
      encodeJson(stoppers as unknown as JsonValue) === encodeJson(this.#definition.stoppers as unknown as JsonValue)
    )
  }

  #leave(trial: TrialState, before: TrialStatus): void {
    this.reopened.delete(trial.index)
    // a paused trial that is ended has long left its place
    if (before === 'running') this.clock = trial.clock
    this.trials.leave(trial, before)
    this.#scheduler?.onTrialEnd?.(trial)
    if (!this.misfits.has(trial.index)) this.#parts.searcher.observe?.(trial)
  }
}
