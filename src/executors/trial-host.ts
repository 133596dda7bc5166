import type { Clock } from '../clock.js'
import { TuneError, toErrorRecord } from '../errors.js'
import type { JsonObject } from '../json.js'
import { IndexedHeap } from '../math/indexed-heap.js'
import type { CarriedReport } from '../trainable/checkpoint.js'
import { isClass, type Step } from '../trainable/coroutine.js'
import type { TrainableDefinition, TrainableInstance } from '../trainable/trainable.js'
import type { ReportTiming } from '../trial.js'
import type { ExecutorMessage, ExecutorOptions, Grant, StopOptions, TrialRun } from './executor.js'
import { Seat } from './seat.js'
import { limitStep, type StepWatch, timeoutError, type WatchedStep } from './step-watch.js'

/** What a host is made with. */
export interface TrialHostOptions extends Omit<ExecutorOptions, 'onMessages' | 'reuseActors'> {
  readonly definition: TrainableDefinition
  /** How many trials are stepped at the same time: one where steps compute, more where they wait. */
  readonly concurrency: number
  readonly clock: Clock
  /** Told of steps that have a limit. */
  readonly watch: StepWatch
  readonly send: (messages: readonly ExecutorMessage[]) => void
  /** Waits for as long as a step is said to take; what it resolves with is how the step ends. Without it a step takes the time that it takes. */
  readonly pace?: (step: PacedStep) => Promise<'trainable' | 'worker' | undefined>
  /** Called when nothing is under way any more but what waits: for a grant, or for its pace. */
  readonly onQuiet?: () => void
}

/** A step that has been made and is to be paced. */
export interface PacedStep {
  readonly trialIndex: number
  readonly attempt: number
  readonly config: JsonObject
  readonly iteration: number
  readonly metrics: JsonObject
  /** Whether it is the first since the trial was started. */
  readonly isFirst: boolean
  /** Whether a checkpoint is saved with it. */
  readonly isSaved: boolean
}

const noTiming: ReportTiming = { timestampMs: 0, timeThisIterS: 0, timeTotalS: 0 }

/** For how long messages are gathered, and steps taken, before the thread looks at what came in, in milliseconds. */
const sliceMs = 2

/**
 * Holds several trials in one thread and steps whichever may go on, the one with the smallest logical clock first. An executor has one
 * host (inline) or one for each worker (threads).
 */
export class TrialHost {
  readonly #options: TrialHostOptions
  readonly #seats = new Map<number, Seat>()
  /** Trials that may be stepped, by their logical clocks. */
  readonly #ready = new IndexedHeap()
  #outbox: ExecutorMessage[] = []
  #stepping = 0
  /** How many things are under way that don't just wait. */
  #active = 0
  #isPumping = false
  #isFlushPlanned = false
  #lastFlush = 0
  /** An instance of a class trainable whose trial has ended, ready for the next. */
  #spare: TrainableInstance | undefined

  /** @throws `TuneError` `INVALID_OPTION` if a function's end is to be checkpointed: its state is gone when it has returned */
  constructor(options: TrialHostOptions) {
    if (options.checkpointAtEnd && !isClass(options.definition)) {
      throw new TuneError(
        'INVALID_OPTION',
        'checkpointConfig.checkpointAtEnd is true, which works for class trainables: what a function holds is gone when it returns. Use checkpointFrequency: 1 with numToKeep: 1',
      )
    }
    this.#options = options
  }

  /** Whether anything is under way that doesn't just wait for a grant, or for its pace. */
  get isActive(): boolean {
    return this.#active > 0 || this.#isPumping
  }

  get size(): number {
    return this.#seats.size
  }

  /** The trial whose step is under way, if it is the only one. */
  get steppingTrial(): number | undefined {
    const stepping = [...this.#seats.values()].filter(seat => seat.state === 'stepping')
    return stepping.length === 1 ? stepping[0]?.trialIndex : undefined
  }

  holds(trialIndex: number): boolean {
    return this.#seats.has(trialIndex)
  }

  start(run: TrialRun, attempt: number): void {
    const { definition, timeAttr, logToFile, forwardOutput } = this.#options
    const previous = this.#spare
    this.#spare = undefined
    const onOutput = forwardOutput
      ? (stream: 'stdout' | 'stderr', text: string) =>
          this.#emit({ type: 'output', trialIndex: run.trialIndex, stream, text })
      : undefined
    const onNotice = (message: string) => {
      this.#emit({ type: 'notice', message })
      // it tells why nothing else is sent for a while
      this.flush()
    }
    const seat = new Seat(run, attempt, { definition, timeAttr, previous, logToFile, onOutput, onNotice })
    this.#seats.set(run.trialIndex, seat)
    if (run.checkpoint === undefined) {
      this.#ready.set(run.trialIndex, run.clock)
      this.#pump()
    } else {
      this.#track(this.#reopen(seat))
    }
  }

  extend(trialIndex: number, grant: Grant, resumed?: { readonly clock: number }): void {
    const seat = this.#seats.get(trialIndex)
    if (seat === undefined) return
    seat.grant = grant
    if (resumed) seat.clock = resumed.clock
    if (seat.state === 'saving' && resumed) seat.isResumed = true
    if (seat.state !== 'waiting' && !(seat.state === 'paused' && resumed)) return
    this.#goOn(seat)
    this.#pump()
  }

  pause(trialIndex: number): void {
    const seat = this.#seats.get(trialIndex)
    if (seat === undefined || !isIdle(seat)) return
    if (seat.canSave) this.#track(this.#savePause(seat))
    else seat.state = 'paused'
  }

  stop(trialIndex: number, options: StopOptions = { committed: Number.NaN }): void {
    this.#end(trialIndex, { how: 'stop', committed: options.committed })
  }

  suspend(trialIndex: number, options: StopOptions = { committed: Number.POSITIVE_INFINITY }): void {
    this.#end(trialIndex, { how: 'suspend', committed: options.committed })
  }

  /** Fails the trial whose code threw where nobody could catch it. */
  fail(trialIndex: number, error: unknown): void {
    const seat = this.#seats.get(trialIndex)
    if (seat) this.#track(this.#fail(seat, error))
  }

  /** Gives a trial up whose step doesn't end. What it waits for goes on waiting; nothing of it is heard any more. */
  abandon(step: WatchedStep): void {
    const { trialIndex, attempt } = step
    const seat = this.#seats.get(trialIndex)
    if (seat === undefined || seat.attempt !== attempt || seat.state !== 'stepping') return
    seat.state = 'closing'
    seat.controller.abort()
    seat.close().catch(() => undefined)
    this.#seats.delete(trialIndex)
    const error = toErrorRecord(timeoutError(step, this.#options.limits))
    this.#emit(
      seat.ending
        ? { type: 'stopped', trialIndex, attempt }
        : { type: 'failed', trialIndex, attempt, fault: 'trainable', error },
    )
  }

  /** Ends all trials and cleans up; resolves when that is done. */
  async close(): Promise<void> {
    const closing: Promise<void>[] = []
    for (const seat of this.#seats.values()) {
      seat.controller.abort()
      if (isIdle(seat)) closing.push(this.#release(seat, undefined))
      else seat.ending ??= { how: 'stop', committed: Number.NaN }
    }
    await Promise.all(closing)
    while (this.#seats.size > 0) await new Promise<void>(resolve => setTimeout(resolve, sliceMs))
    await this.#spare?.cleanup?.()
    this.#spare = undefined
    this.flush()
  }

  #end(trialIndex: number, ending: NonNullable<Seat['ending']>): void {
    const seat = this.#seats.get(trialIndex)
    if (seat === undefined || seat.ending) return
    seat.ending = ending
    if (ending.how === 'stop') seat.controller.abort()
    if (isIdle(seat)) this.#track(this.#finish(seat))
  }

  /** Steps what may be stepped, until everything waits or the thread has to look at its messages. */
  #pump(): void {
    if (this.#isPumping) return
    this.#isPumping = true
    queueMicrotask(() => {
      this.#isPumping = false
      const { concurrency, onQuiet } = this.#options
      while (this.#stepping < concurrency) {
        const seat = this.#nextReady()
        if (seat === undefined) break
        this.#stepping += 1
        seat.state = 'stepping'
        this.#track(this.#step(seat))
      }
      if (this.#active === 0) onQuiet?.()
    })
  }

  #nextReady(): Seat | undefined {
    for (let first = this.#ready.peek(); first; first = this.#ready.peek()) {
      this.#ready.delete(first.id)
      const seat = this.#seats.get(first.id)
      if (seat?.state === 'ready') return seat
    }
    return undefined
  }

  /** Lets a trial be stepped, unless it has to wait for a grant. */
  #goOn(seat: Seat): void {
    seat.state = seat.isAtGrant ? 'waiting' : 'ready'
    if (seat.state === 'ready') this.#ready.set(seat.trialIndex, seat.clock)
  }

  async #step(seat: Seat): Promise<void> {
    const { clock } = this.#options
    const begin = clock.monotonic()
    const watched = limitStep(this.#options.limits, seat)
    if (watched) {
      // a thread that is ended by force must not take along what was reported before
      this.flush()
      this.#options.watch.begin(watched)
    }
    try {
      const step = await seat.within(() => seat.coroutine.next())
      if (watched) this.#options.watch.end(watched)
      // it has failed meanwhile, by something that it had started on the side
      if (seat.state !== 'stepping') return
      if (step.type === 'report') await this.#pace(seat, step)
      const end = clock.monotonic()
      if (step.type === 'end') {
        if (seat.ending) await this.#finish(seat)
        else await this.#complete(seat)
      } else {
        const report = seat.record(step.metrics, step.save, (end - begin) / 1000, clock.now())
        const checkpoint = this.#isSaveDue(seat, report) ? await seat.saveCheckpoint() : undefined
        if (checkpoint) seat.reportedSaveAt = report.iteration
        const { trialIndex, attempt } = seat
        this.#emit({ type: 'report', trialIndex, attempt, ...report, ...(checkpoint && { checkpoint }) })
        if (seat.ending) await this.#finish(seat)
        else if (step.metrics.done === true) await this.#complete(seat)
        else this.#goOn(seat)
      }
      const isPaced = this.#options.pace !== undefined
      if (!isPaced && (end - begin > sliceMs || end - this.#lastFlush > sliceMs)) await this.#breathe()
    } catch (error) {
      if (watched) this.#options.watch.end(watched)
      await this.#fail(seat, error)
    } finally {
      this.#stepping -= 1
      this.#pump()
    }
  }

  /** Waits for as long as a step is said to take. */
  async #pace(seat: Seat, { metrics, save }: Extract<Step, { type: 'report' }>): Promise<void> {
    const { pace } = this.#options
    if (pace === undefined) return
    const { trialIndex, attempt, run } = seat
    const iteration = seat.iteration + 1
    const isSaved = save !== undefined && this.#isSaveDue(seat, { iteration, metrics, timing: noTiming })
    const isFirst = iteration === (run.checkpoint?.iteration ?? 0) + 1
    const paced = pace({ trialIndex, attempt, config: run.config, iteration, metrics, isFirst, isSaved })
    this.#settle()
    const fault = await paced.finally(() => {
      this.#active += 1
    })
    if (fault === 'trainable') throw new Error('a failure that the simulation was told to inject')
    if (fault === 'worker') throw new WorkerFault('the simulation was told to let the worker die')
  }

  #isSaveDue(seat: Seat, report: CarriedReport): boolean {
    const { checkpointFrequency, checkpointAtGrant } = this.#options
    if (checkpointFrequency > 0 && report.iteration % checkpointFrequency === 0) return true
    return checkpointAtGrant && seat.reachesGrant(report)
  }

  /** Follows something that is under way. */
  #track(work: Promise<void>): void {
    this.#active += 1
    void work.finally(() => this.#settle())
  }

  #settle(): void {
    this.#active -= 1
    if (this.#active === 0 && !this.#isPumping) this.#options.onQuiet?.()
  }

  /** Lets the thread's event loop turn, so that messages go out and come in. */
  async #breathe(): Promise<void> {
    this.flush()
    await new Promise<void>(resolve => setImmediate(resolve))
  }

  async #reopen(seat: Seat): Promise<void> {
    seat.state = 'stepping'
    try {
      for (const report of await seat.carriedReports()) {
        this.#emit({ type: 'report', trialIndex: seat.trialIndex, attempt: seat.attempt, ...report })
      }
      if (seat.ending) await this.#finish(seat)
      else this.#goOn(seat)
    } catch (error) {
      // where a trial was to go on from is no part of what it does
      await this.#fail(seat, error, 'checkpoint')
    }
    this.#pump()
  }

  /** The trainable returned. */
  async #complete(seat: Seat): Promise<void> {
    await this.#saveAtEnd(seat)
    await this.#release(seat, { type: 'ended', trialIndex: seat.trialIndex, attempt: seat.attempt })
  }

  /** The trial was told to end. */
  async #finish(seat: Seat): Promise<void> {
    const { ending } = seat
    seat.state = 'closing'
    if (ending?.how === 'suspend') {
      if (seat.reportedSaveAt <= ending.committed) await this.#save(seat)
    } else if (ending?.committed === seat.iteration) await this.#saveAtEnd(seat)
    await this.#release(seat, { type: 'stopped', trialIndex: seat.trialIndex, attempt: seat.attempt })
  }

  /** Saves a trial that is paused; it steps on only when its state is written, which it would change otherwise. */
  async #savePause(seat: Seat): Promise<void> {
    seat.state = 'saving'
    seat.isResumed = false
    await this.#save(seat)
    if (seat.state !== 'saving') return
    if (seat.ending) {
      await this.#finish(seat)
    } else if (seat.isResumed) {
      this.#goOn(seat)
      this.#pump()
    } else {
      seat.state = 'paused'
    }
  }

  async #saveAtEnd(seat: Seat): Promise<void> {
    if (this.#options.checkpointAtEnd ?? seat.coroutine.isClass) await this.#save(seat)
  }

  /** Saves a checkpoint if it can; what fails here costs the checkpoint, not the trial. */
  async #save(seat: Seat): Promise<void> {
    try {
      const checkpoint = await seat.saveCheckpoint()
      if (checkpoint) this.#emit({ type: 'checkpoint', trialIndex: seat.trialIndex, attempt: seat.attempt, checkpoint })
    } catch (error) {
      this.#emit({ type: 'notice', message: `trial ${seat.trialIndex}: ${toErrorRecord(error).message}` })
    }
  }

  async #fail(seat: Seat, error: unknown, fault?: 'checkpoint'): Promise<void> {
    const { trialIndex, attempt } = seat
    if (this.#seats.get(trialIndex) !== seat || seat.state === 'closing') return
    // what a trial throws because it was told to end is no failure
    if (seat.ending) return await this.#finish(seat)
    await this.#release(seat, {
      type: 'failed',
      trialIndex,
      attempt,
      fault: fault ?? (error instanceof WorkerFault ? 'worker' : 'trainable'),
      error: toErrorRecord(error),
    })
  }

  /** Cleans a trial up, forgets it, and says how it ended. */
  async #release(seat: Seat, message: ExecutorMessage | undefined): Promise<void> {
    seat.state = 'closing'
    // a trial that came to its end has nothing to be told
    if (message?.type !== 'ended') seat.controller.abort()
    try {
      await seat.close()
    } catch (error) {
      this.#emit({
        type: 'notice',
        message: `trial ${seat.trialIndex}: its clean-up failed: ${toErrorRecord(error).message}`,
      })
    }
    const { instance } = seat.coroutine
    if (instance && message?.type !== 'failed') {
      await this.#spare?.cleanup?.()
      this.#spare = instance
    } else {
      await instance?.cleanup?.()
    }
    if (this.#seats.get(seat.trialIndex) === seat) this.#seats.delete(seat.trialIndex)
    if (message) this.#emit(message)
  }

  #emit(message: ExecutorMessage): void {
    this.#outbox.push(message)
    if (this.#isFlushPlanned) return
    this.#isFlushPlanned = true
    if (this.#options.onQuiet === undefined) setImmediate(() => this.flush())
  }

  /** Sends the messages that have been gathered. */
  flush(): void {
    this.#isFlushPlanned = false
    this.#lastFlush = this.#options.clock.monotonic()
    if (this.#outbox.length === 0) return
    const messages = this.#outbox
    this.#outbox = []
    this.#options.send(messages)
  }
}

/** As if a worker had died. */
class WorkerFault extends Error {
  override readonly name = 'WorkerFault'
}

/** Whether nothing of a trial's code is running, so that it can be ended at once. */
function isIdle({ state }: Seat): boolean {
  return state === 'ready' || state === 'waiting' || state === 'paused'
}
