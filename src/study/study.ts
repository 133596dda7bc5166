import { TuneError, toErrorRecord } from '../errors.js'
import { assertJson, isPlainObject, type JsonObject } from '../json.js'
import { Rng } from '../rng.js'
import { CONTINUE, type Decision } from '../scheduler.js'
import { type CheckpointRecord, type ReportTiming, soleObjective, type Trial, type TrialStatus } from '../trial.js'
import { placeFault } from './check-event.js'
import type { DecisionRecord, DefinitionChanges, JournalEntry, StudyDefinition, StudyEvent } from './events.js'
import { checkpointsInUse } from './exploit.js'
import { type FoldOptions, type ReportEvent, StudyFold } from './fold.js'
import { FreePlaces } from './free-places.js'
import { clockAfter, grantOf } from './pace.js'
import type { Ask, StudyParts } from './study-parts.js'
import type { TrialState } from './trial-state.js'
import { TrialTable } from './trial-table.js'

const noTiming: ReportTiming = { timestampMs: 0, timeThisIterS: 0, timeTotalS: 0 }

/**
 * A study as a synchronous state machine: told of events, it answers with decisions. It has no clock, no I/O, no threads and draws
 * from named streams only, so its state is the fold of the events that it committed, and of nothing else.
 *
 * Users who keep their own loop call `ask`, `report` and `tell`; a {@link Tuner} does it for the rest.
 */
export class Study<C = JsonObject> {
  /** What the study was made with, extensions included. */
  readonly definition: StudyDefinition
  readonly #parts: StudyParts
  readonly #commit: (event: StudyEvent) => void
  readonly #trials: TrialTable
  readonly #fold: StudyFold
  readonly #places: FreePlaces

  /**
   * @param definition - what the study is made with now, all changes included
   * @param commit - takes each event as it is committed, before `ask`, `report` or any other call that made it returns
   * @throws `TuneError` `INVALID_OPTION` if the parts don't go together
   */
  constructor(
    definition: StudyDefinition,
    parts: StudyParts,
    commit: (event: StudyEvent) => void = () => undefined,
    { freshStarts = 0 }: Pick<FoldOptions, 'freshStarts'> = {},
  ) {
    const { objectives } = definition
    this.definition = definition
    this.#parts = parts
    this.#commit = commit
    const rng = Rng.from(definition.seed)
    this.#trials = new TrialTable(soleObjective(objectives))
    this.#fold = new StudyFold(definition, parts, this.#trials, { freshStarts })
    this.#places = new FreePlaces(definition, parts, this.#fold, rng)
    const only = soleObjective(objectives)
    const target = { metric: only?.metric, mode: only?.mode }
    parts.searcher.setUp({
      objectives,
      ...target,
      space: parts.space,
      numSamples: definition.numSamples ?? Number.POSITIVE_INFINITY,
      maxConcurrentTrials: definition.maxConcurrentTrials,
      rng: rng.fork('searcher'),
      onWarning: parts.onWarning ?? (() => undefined),
      ...(parts.onInfo && { onInfo: parts.onInfo }),
    })
    parts.scheduler.setUp({ ...target, space: parts.space, rng: rng.fork('scheduler') })
    for (const stopper of parts.stoppers) stopper.setUp?.({ objectives })
  }

  /** All trials by index, those that ended included. */
  get trials(): readonly Trial<C>[] {
    // configs come from the space, whose type C is
    return this.#trials.all as readonly Trial[] as readonly Trial<C>[]
  }

  /** The trials that hold a place, by index. */
  get running(): ReadonlyMap<number, Trial> {
    return this.#trials.running
  }

  /** The trials that wait for one, by index, in the order in which they paused. */
  get paused(): ReadonlyMap<number, Trial> {
    return this.#trials.paused
  }

  /** How many trials have each status. */
  get counts(): Readonly<Record<TrialStatus, number>> {
    return this.#trials.counts
  }

  /** The trial with the best report by the study's metric; ties go to the trial that was first. */
  get best(): Trial<C> | undefined {
    return this.#trials.best as Trial | undefined as Trial<C> | undefined
  }

  /** How many trials there will be, Infinity if nobody knows an end. */
  get totalTrials(): number {
    return this.#places.totalTrials
  }

  /** Why the study takes no more trials, if something stopped it early. */
  get haltReason(): string | undefined {
    return this.#fold.haltReason
  }

  /** Whether every trial has ended and none will come. */
  get isFinished(): boolean {
    return this.#fold.isFinished
  }

  /** The scheduler's own line on its state. */
  get schedulerState(): string | undefined {
    return this.#parts.scheduler.describe?.()
  }

  /**
   * Asks what to do with a free place; a trial that it gives takes the place.
   *
   * @throws `TuneError` `PLUGIN_FAULT` if the searcher or the scheduler breaks its contract
   */
  ask(): Ask<C> {
    this.#settleHalt()
    const answering = this.#places.fill()
    for (;;) {
      const step = answering.next()
      // configs come from the space, whose type C is
      if (step.done) return step.value as Ask as Ask<C>
      this.#perform(step.value)
    }
  }

  /**
   * Commits a report of a running trial and says what becomes of it.
   *
   * @throws `TuneError` `INVALID_REPORT` if the metrics are not plain data
   */
  report(trial: number | Trial<C>, metrics: JsonObject, timing: ReportTiming = noTiming): Decision {
    const state = this.#requireRunning(trial)
    if (!isPlainObject(metrics))
      throw new TuneError(
        'INVALID_REPORT',
        `a report of trial ${state.index} is not a plain object: report metrics by name`,
      )
    assertJson(metrics, 'INVALID_REPORT', `a report of trial ${state.index}`)
    return this.commitReport(state.index, metrics, timing)
  }

  /** {@link Study.report} for metrics that are known to be plain data. */
  commitReport(trialIndex: number, metrics: JsonObject, timing: ReportTiming, checkpoint?: CheckpointRecord): Decision {
    const trial = this.#requireRunning(trialIndex)
    const iteration = trial.iteration + 1
    const clock = this.clockAfter(trialIndex, metrics, timing)
    const event: ReportEvent = {
      event: 'report',
      trial: trialIndex,
      iteration,
      metrics,
      timing,
      clock,
      ...(checkpoint && { checkpoint }),
    }
    const decision = this.#fold.applyReport(event)
    this.#commit(decision ? { ...event, decision } : event)
    this.#settleHalt()
    if (trial.hasEnded) return { type: 'stop', reason: trial.reason ?? 'the trial ended' }
    return decision ? toDecision(decision) : CONTINUE
  }

  /** Commits the end of a running trial, with a last report if there is one. */
  tell(trial: number | Trial<C>, metrics?: JsonObject): void {
    const state = this.#requireRunning(trial)
    if (metrics !== undefined) this.report(state.index, metrics)
    if (!state.hasEnded) this.#perform({ event: 'end', trial: state.index })
  }

  /**
   * Commits that a running trial's trainable failed.
   *
   * @returns whether it is to be tried again, from its last checkpoint or its start
   */
  fail(trial: number | Trial<C>, error: unknown): boolean {
    const state = this.#requireRunning(trial)
    const { maxFailures, failFast } = this.definition
    const retry = !failFast && (maxFailures < 0 || state.failures < maxFailures)
    this.#perform({ event: 'failure', trial: state.index, error: toErrorRecord(error), retry })
    this.#settleHalt()
    return retry
  }

  /** Commits that a checkpoint of a trial is on disk. */
  addCheckpoint(trialIndex: number, checkpoint: CheckpointRecord): void {
    this.#perform({ event: 'checkpoint', trial: trialIndex, checkpoint })
  }

  /** Notes that a process drives the study from here. */
  openSession(): void {
    this.#perform({ event: 'session' })
  }

  /** Commits that checkpoints are no longer kept. */
  pruneCheckpoints(trialIndex: number, checkpoints: readonly string[]): void {
    this.#perform({ event: 'prune', trial: trialIndex, checkpoints })
  }

  /** Ends every trial that has not ended; the study takes no more. */
  halt(reason: string, by: string): void {
    if (this.#fold.haltReason !== undefined || this.#fold.isFinished) return
    const trials = [...this.#trials.pending.keys()].sort((a, b) => a - b)
    this.#perform({ event: 'halt', reason, by, trials })
  }

  /** Trials that ended by a stop condition or a time budget which the study no longer has, and that may go on without it. */
  get released(): readonly number[] {
    return [...this.#fold.released].filter(index => this.#trials.get(index).hasEnded).sort((a, b) => a - b)
  }

  /** Commits that the study goes on as its definition now says, with these trials beside those that are open. */
  extend(changes: DefinitionChanges, reopened: readonly number[]): void {
    for (const index of reopened) this.#requireReopenable(index)
    this.#perform({ event: 'extend', changes, reopened })
  }

  /** Commits that a trial which had ended is to go on. */
  reopen(trialIndex: number): void {
    this.#requireReopenable(trialIndex)
    this.#perform({ event: 'reopen', trial: trialIndex })
  }

  /** Commits that a trial which has not ended is given up. */
  abandon(trialIndex: number, reason: string): void {
    this.#perform({ event: 'end', trial: trialIndex, decision: { type: 'stop', reason, by: 'study' } })
  }

  #settleHalt(): void {
    if (this.#fold.owedHalt) this.halt(this.#fold.owedHalt.reason, this.#fold.owedHalt.by)
  }

  /** Folds an event that was committed before; with all of them the study stands where it stood. @throws `TuneError` `STUDY_MISMATCH` */
  replay({ n, event }: JournalEntry): void {
    let decision: DecisionRecord | undefined
    try {
      const fault = placeFault(event, this.#trials)
      if (fault !== undefined) throw new TuneError('JOURNAL_DAMAGED', fault)
      if (event.event !== 'report') {
        this.#fold.apply(event)
        return
      }
      decision = this.#fold.applyReport(event)
    } catch (error) {
      if (error instanceof TuneError && error.code === 'PLUGIN_FAULT') throw error
      const message = error instanceof Error ? error.message : String(error)
      throw new TuneError(
        'JOURNAL_DAMAGED',
        `entry ${n} of the journal can't be followed: ${message}. Restore the file from a copy`,
        {
          cause: error,
        },
      )
    }
    if (decision?.type !== event.decision?.type) {
      throw new TuneError(
        'STUDY_MISMATCH',
        `entry ${n} of the journal says '${event.decision?.type ?? 'continue'}' for trial ${event.trial}, and the ${this.#parts.scheduler.name} scheduler now says '${decision?.type ?? 'continue'}': the study was made by other code`,
      )
    }
  }

  /** The checkpoints of a trial that other trials have taken over and stand at. */
  checkpointsInUse(trialIndex: number): ReadonlySet<string> {
    return checkpointsInUse(trialIndex, this.#trials.pending.values())
  }

  /** The checkpoint of a trial that the next one to take over from it would be given, under a scheduler that has trials do so. */
  offeredCheckpoint(trialIndex: number): CheckpointRecord | undefined {
    return this.#parts.scheduler.savesAtGrants ? this.#trials.get(trialIndex).reportedCheckpoints.at(-1) : undefined
  }

  /** The logical clock that a running trial has after a report: moved on by the growth of the scheduler's time attribute. */
  clockAfter(trialIndex: number, metrics: JsonObject, timing: ReportTiming = noTiming): number {
    return clockAfter(this.#trials.get(trialIndex), metrics, timing, this.#parts.scheduler.timeAttr)
  }

  /** Up to which value of the time attribute, and up to which report, a running trial may go before a decision is due. */
  grantOf(trialIndex: number): { readonly until: number; readonly iteration: number } {
    return grantOf(this.#trials.get(trialIndex), this.#parts.scheduler, this.#parts.stoppers)
  }

  /** Seconds of running after which the study is to be halted; Infinity for no limit. */
  get budgetSeconds(): number {
    let budget = Number.POSITIVE_INFINITY
    for (const stopper of this.#parts.stoppers) budget = Math.min(budget, stopper.budgetSeconds ?? budget)
    return budget
  }

  /** Whether a stopper may end a trial at a report that no grant foretells. */
  get mayStopAnywhere(): boolean {
    return this.#parts.stoppers.some(stopper => stopper.onReport !== undefined && stopper.grant === undefined)
  }

  /** Trials whose configs are not of the study's present space, by index. */
  get misfits(): readonly number[] {
    return [...this.#fold.misfits]
  }

  #perform(event: Exclude<StudyEvent, ReportEvent>): void {
    this.#fold.apply(event)
    this.#commit(event)
  }

  #requireRunning(trial: number | Trial<C>): TrialState {
    const state = this.#trials.get(typeof trial === 'number' ? trial : trial.index)
    if (state.status === 'running') return state
    throw new TuneError(
      'INVALID_OPTION',
      `trial ${state.index} is ${state.status}, not running: report and end trials that hold a place only`,
    )
  }

  #requireReopenable(index: number): void {
    const trial = this.#trials.get(index)
    if (!trial.hasEnded) throw new TuneError('INVALID_OPTION', `trial ${index} is ${trial.status}: it has not ended`)
  }
}

function toDecision({ type, reason, exploit }: DecisionRecord): Decision {
  if (exploit === undefined) return type === 'exploit' ? CONTINUE : { type, reason }
  return { type: 'exploit', reason, donor: exploit.donor, config: exploit.config }
}
