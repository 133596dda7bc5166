import type { Executor, Grant } from '../executors/executor.js'
import { REPORTS_AHEAD } from '../executors/seat.js'
import type { Study } from '../study/study.js'
import { type CheckpointRecord, hasEnded, type Trial, type TrialOrigin } from '../trial.js'
import type { CheckpointKeeper, LocatedCheckpoint } from './checkpoint-keeper.js'
import { describeRun } from './describe-run.js'

/** How many paused trials are kept in memory; of more, those that paused first go on from their checkpoints. */
const maxPausedInMemory = 64

/** What is kept of a trial that is open, or still cleaning up. */
export interface Handle {
  /** Which of its starts it is at, from 0. */
  readonly attempt: number
  /** The number of its last report that came in. */
  received: number
  /** The number of its last report that came with a checkpoint. */
  saved: number
  /** Its outcome has come in: nothing more will. */
  isComplete: boolean
  grant: Grant
  /** What the trial had taken over when it was started. */
  readonly origin: TrialOrigin | undefined
  /** Where it was started from. */
  from: LocatedCheckpoint | undefined
}

/** What trial runs are made with. */
export interface TrialRunsOptions {
  readonly study: Study
  readonly executor: Executor
  readonly checkpoints: CheckpointKeeper
  /** The study's folder. */
  readonly path: string
  /** How many reports a trial may be ahead of its commits. @defaultValue as many as a checkpoint carries along */
  readonly reportsAhead?: number
  /** Called when something is to be done again. */
  readonly onDue: () => void
}

/** The starts of a study's trials, one after the other: decides what the executor is asked for, and asks once that may be done. */
export class TrialRuns {
  readonly #options: TrialRunsOptions
  readonly #study: Study
  readonly #executor: Executor
  readonly #handles = new Map<number, Handle>()
  /** Trials that were told to end and have not said that they did, with the attempt that was told. */
  readonly #ending = new Map<number, number>()
  readonly #toExtend = new Set<number>()
  /** What calls off starts that wait. */
  readonly #waiting = new Map<Handle, () => void>()
  #actions: (() => void)[] = []
  #isSuspended = false

  constructor(options: TrialRunsOptions) {
    this.#options = options
    this.#study = options.study
    this.#executor = options.executor
  }

  /** Whether no trial is still to say that it has ended. */
  get hasSettled(): boolean {
    return this.#ending.size === 0
  }

  /** What is kept of a trial, if the attempt is the one that it is at. */
  get(trialIndex: number, attempt: number): Handle | undefined {
    const handle = this.#handles.get(trialIndex)
    return handle?.attempt === attempt ? handle : undefined
  }

  /** Has something done when all that was committed is on disk. */
  afterwards(action: () => void): void {
    this.#actions.push(action)
  }

  /** Whether a trial has taken another's checkpoint over since it was started. */
  hasMoved(trial: Trial): boolean {
    const handle = this.#handles.get(trial.index)
    return handle !== undefined && handle.origin !== trial.origin
  }

  /** Has a trial go on that has got a place: in memory if it is there and paused, else from its last checkpoint. */
  place(trial: Trial, isResumed: boolean): void {
    if (this.#isSuspended) return
    const { index } = trial
    const handle = this.#handles.get(index)
    if (this.hasMoved(trial)) {
      this.adopt(trial)
    } else if (isResumed && handle && this.#executor.holds(index) && !this.#ending.has(index)) {
      handle.grant = this.#grantFor(trial)
      this.afterwards(() => this.#resume(trial))
    } else {
      this.start(trial)
    }
  }

  /** Starts a trial from the checkpoint that it took over; what it has in memory, and did ahead of its commits, is dropped. */
  adopt(trial: Trial): void {
    if (this.#isSuspended) return
    const { index } = trial
    this.#toExtend.delete(index)
    this.afterwards(() => {
      if (this.#executor.holds(index)) this.#executor.stop(index)
    })
    this.start(trial)
  }

  /**
   * Starts a trial: its first time, after a failure, or when it is no longer in memory.
   *
   * @param delayMs - how long to wait before; other trials go on meanwhile
   */
  start(trial: Trial, { isolated = false, delayMs = 0 } = {}): void {
    if (this.#isSuspended) return
    const before = this.#handles.get(trial.index)
    const handle: Handle = {
      attempt: (before?.attempt ?? -1) + 1,
      received: this.hasMoved(trial) ? trial.iteration : Math.max(before?.received ?? 0, trial.iteration),
      saved: before?.saved ?? 0,
      isComplete: false,
      grant: this.#grantFor(trial),
      origin: trial.origin,
      from: undefined,
    }
    if (before) this.#callOff(before)
    this.#handles.set(trial.index, handle)
    this.afterwards(() => {
      if (delayMs === 0) this.#begin(trial, handle, isolated)
      else this.#wait(delayMs, trial, handle, isolated)
    })
  }

  /** A new grant is sent when the old one is used up, or half used up where it only bounds how far the trial may be ahead. */
  planExtension(trial: Trial): void {
    const handle = this.#handles.get(trial.index)
    if (handle === undefined || handle.isComplete || this.#isSuspended) return
    const grant = this.#grantFor(trial)
    const isDue = grant.until !== handle.grant.until || trial.iteration >= handle.grant.iteration - REPORTS_AHEAD / 2
    if (!isDue || grant.iteration === handle.grant.iteration) {
      if (grant.until === handle.grant.until) return
    }
    handle.grant = grant
    this.#toExtend.add(trial.index)
  }

  /** Puts a trial aside, and out of memory the one that paused first if there are many. */
  pause(trialIndex: number): void {
    this.afterwards(() => {
      this.#executor.pause(trialIndex)
      if (this.#study.paused.size <= maxPausedInMemory) return
      for (const index of this.#study.paused.keys()) {
        const handle = this.#handles.get(index)
        if (handle === undefined || !this.#executor.holds(index) || this.#ending.has(index)) continue
        this.#ending.set(index, handle.attempt)
        this.#executor.stop(index)
        return
      }
    })
  }

  /** Ends a trial that the study has ended. */
  stop(trial: Trial): void {
    const { index, iteration } = trial
    const handle = this.#handles.get(index)
    if (handle === undefined || this.#ending.has(index)) return
    if (handle.isComplete) {
      this.release(trial)
      return
    }
    this.#ending.set(index, handle.attempt)
    this.afterwards(() => {
      if (this.#executor.holds(index)) {
        this.#executor.stop(index, { committed: iteration })
      } else {
        this.#ending.delete(index)
        this.release(trial)
      }
    })
  }

  /** Ends all trials that have been started. @param onStop - told of each first */
  stopAll(onStop: (trialIndex: number) => void): void {
    for (const index of this.#handles.keys()) {
      const trial = this.#study.trials[index]
      onStop(index)
      if (trial) this.stop(trial)
    }
  }

  /** Has all running trials save what they can and end; none is started any more, which the next session does. */
  suspendAll(): void {
    this.#isSuspended = true
    for (const [index, handle] of this.#handles) {
      if (handle.isComplete || !this.#study.running.has(index)) continue
      this.#callOff(handle)
      this.#ending.set(index, handle.attempt)
      const committed = this.#study.trials[index]?.iteration ?? 0
      this.afterwards(() => {
        if (this.#executor.holds(index)) this.#executor.suspend(index, { committed })
        else this.#ending.delete(index)
      })
    }
  }

  /** Takes note that the executor has let a trial go; one that is only out of memory keeps its attempts counted. */
  hasLeft(trialIndex: number, attempt: number): void {
    if (this.#ending.get(trialIndex) === attempt) this.#ending.delete(trialIndex)
    const handle = this.get(trialIndex, attempt)
    const trial = this.#study.trials[trialIndex]
    if (handle && trial && hasEnded(trial)) this.release(trial)
  }

  /** Takes note of a checkpoint that came with a report, which may be committed already or never will be. */
  hasSaved(trialIndex: number, checkpoint: CheckpointRecord): void {
    this.#options.checkpoints.markWritten(trialIndex, checkpoint)
    const handle = this.#handles.get(trialIndex)
    const trial = this.#study.trials[trialIndex]
    if (handle) handle.saved = Math.max(handle.saved, checkpoint.iteration)
    else if (trial && hasEnded(trial)) this.#options.checkpoints.discardUncommitted(trial)
  }

  /** Lets go of a trial that is over and that the executor has let go; what it saved ahead of its end is deleted. */
  release(trial: Trial): void {
    const handle = this.#handles.get(trial.index)
    this.#handles.delete(trial.index)
    if (handle && handle.saved > trial.iteration) this.#options.checkpoints.discardUncommitted(trial)
  }

  /** Asks the executor for all that was decided. */
  act(): void {
    // an action may lead to another: a trial that was to go on in memory may have to be started instead
    while (this.#actions.length > 0) {
      const actions = this.#actions
      this.#actions = []
      for (const action of actions) action()
    }
    for (const index of this.#toExtend) {
      const handle = this.#handles.get(index)
      if (handle && !handle.isComplete && this.#study.running.has(index)) this.#executor.extend(index, handle.grant)
    }
    this.#toExtend.clear()
  }

  /** Calls off all starts that wait. */
  close(): void {
    for (const callOff of this.#waiting.values()) callOff()
    this.#waiting.clear()
  }

  #resume(trial: Trial): void {
    const handle = this.#handles.get(trial.index)
    if (handle === undefined || trial.status !== 'running') return
    if (this.#executor.holds(trial.index)) this.#executor.extend(trial.index, handle.grant, { clock: trial.clock })
    else this.start(trial)
  }

  #wait(delayMs: number, trial: Trial, handle: Handle, isolated: boolean): void {
    const { executor, onDue } = this.#options
    const due = () => {
      this.#waiting.delete(handle)
      this.afterwards(() => this.#begin(trial, handle, isolated))
      onDue()
    }
    this.#waiting.set(handle, executor.defer ? executor.defer(delayMs, due) : defer(delayMs, due))
  }

  #callOff(handle: Handle): void {
    this.#waiting.get(handle)?.()
    this.#waiting.delete(handle)
  }

  #begin(trial: Trial, handle: Handle, isolated: boolean): void {
    const { index } = trial
    const isWanted = trial.status === 'running' && this.#ending.get(index) !== handle.attempt
    if (this.#handles.get(index) !== handle || !isWanted) return
    const { checkpoints, path } = this.#options
    const { seed } = this.#study.definition
    const directoryOf = (owner: number) => this.#study.trials[owner]?.directory ?? ''
    handle.from = checkpoints.standing(trial)
    const run = describeRun(trial, { seed, path, directoryOf, from: handle.from, grant: handle.grant, isolated })
    this.#executor.start(run, handle.attempt)
  }

  #grantFor(trial: Trial): Grant {
    const { until, iteration } = this.#study.grantOf(trial.index)
    const { reportsAhead = REPORTS_AHEAD } = this.#options
    return { until, iteration: Math.min(iteration, trial.iteration + reportsAhead) }
  }
}

function defer(ms: number, action: () => void): () => void {
  const timer = setTimeout(action, ms)
  return () => clearTimeout(timer)
}
