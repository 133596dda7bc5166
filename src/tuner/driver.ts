import type { StudyOutcome } from '../callbacks/callback.js'
import { type ErrorRecord, fromErrorRecord, type TuneError } from '../errors.js'
import type { Executor, ExecutorMessage, Grant } from '../executors/executor.js'
import { REPORTS_AHEAD } from '../executors/seat.js'
import { createOrder, type MessageOrder } from '../study/order.js'
import type { Study } from '../study/study.js'
import type { CheckpointRecord, Trial, TrialOrigin } from '../trial.js'
import { CheckpointKeeper } from './checkpoint-keeper.js'
import { describeRun } from './describe-run.js'
import type { DriverOptions } from './driver-options.js'
import { flushPatiently } from './patient-flush.js'
import { TimeBudget } from './time-budget.js'

/** How often a trial may take its worker down without a new report before it fails. */
const maxWorkerFailures = 3
/** How many paused trials are kept in memory; of more, those that paused first go on from their checkpoints. */
const maxPausedInMemory = 64

/** Messages that are committed in the study's order; everything else is acted on as it comes in. */
type OrderedMessage = Extract<ExecutorMessage, { type: 'report' | 'ended' | 'failed' | 'checkpoint' }>

/** What the driver keeps of a trial that is open or paused. */
interface Handle {
  attempt: number
  /** The number of its last report that came in. */
  received: number
  /** Its outcome has come in: nothing more will. */
  isComplete: boolean
  grant: Grant
  /** What the trial had taken over when it was started. */
  origin: TrialOrigin | undefined
  crashes: number
  /** How many reports were committed when its worker last died. */
  committedAtCrash: number
}

/**
 * The one loop that moves a study: messages from the executor go into the study's order, what comes out is committed, the journal is
 * made durable, and only then is acted on what was decided.
 */
export class Driver {
  readonly #options: DriverOptions
  readonly #study: Study
  readonly #executor: Executor
  readonly #order: MessageOrder<OrderedMessage>
  readonly #checkpoints: CheckpointKeeper
  readonly #budget: TimeBudget
  readonly #handles = new Map<number, Handle>()
  /** Trials that were told to end and have not said that they did, with the attempt that was told. */
  readonly #ending = new Map<number, number>()
  #inbox: ExecutorMessage[] = []
  #actions: (() => void)[] = []
  readonly #toExtend = new Set<number>()
  #wake: (() => void) | undefined
  #isInterrupted = false
  #isSuspending = false
  #fatal: TuneError | Error | undefined

  constructor(options: DriverOptions) {
    this.#options = options
    this.#study = options.study
    this.#executor = options.executor
    this.#checkpoints = new CheckpointKeeper(options.study, options.path, options.retention)
    this.#budget = new TimeBudget(options.budgetSeconds, () => this.#wakeUp())
    this.#order = createOrder(options.order, (trialIndex, message) =>
      message.type === 'report'
        ? this.#study.clockAfter(trialIndex, message.metrics, message.timing)
        : (this.#study.trials[trialIndex]?.clock ?? 0),
    )
  }

  /** Takes what the executor sends. */
  receive(messages: readonly ExecutorMessage[]): void {
    for (const message of messages) this.#inbox.push(message)
    this.#wakeUp()
  }

  /** Has running trials save what they can and ends the session; the study can be taken up again. */
  interrupt(): void {
    this.#isInterrupted = true
    this.#wakeUp()
  }

  /** Drives the study to its end, or to an interruption. */
  async run(): Promise<StudyOutcome> {
    try {
      this.#takeUp()
      this.#fill()
      for (;;) {
        this.#readInbox()
        this.#commitAll()
        await this.#act()
        if (this.#fatal) return { type: 'failed', error: this.#fatal }
        if (this.#study.isFinished && (this.#ending.size === 0 || this.#budget.isGraceOver)) return { type: 'finished' }
        if (this.#isSuspending && this.#ending.size === 0) return { type: 'interrupted' }
        if (this.#inbox.length === 0) {
          this.#executor.onIdle?.()
          await this.#sleep()
        }
      }
    } catch (error) {
      return { type: 'failed', error: error instanceof Error ? error : new Error(String(error)) }
    } finally {
      this.#budget.close()
    }
  }

  /** Starts the trials that ran when an earlier session ended. */
  #takeUp(): void {
    for (const trial of this.#study.running.values()) {
      this.#order.open(trial.index, trial.clock)
      this.#restart(trial, false)
    }
  }

  #readInbox(): void {
    const messages = this.#inbox
    this.#inbox = []
    for (const message of messages) this.#read(message)
  }

  #read(message: ExecutorMessage): void {
    switch (message.type) {
      case 'output':
        this.#options.notifier.output(message.trialIndex, message.stream, message.text)
        return
      case 'notice':
        this.#options.notifier.notice({ level: 'warning', message: message.message })
        return
      case 'broken':
        this.#fatal ??= fromErrorRecord(message.error)
        return
      case 'stopped':
        this.#hasLeft(message.trialIndex, message.attempt)
        return
      case 'report':
      case 'ended':
      case 'failed':
      case 'checkpoint':
        this.#readOrdered(message)
        return
      default:
        message satisfies never
    }
  }

  #readOrdered(message: OrderedMessage): void {
    const { trialIndex } = message
    if (message.type === 'failed' || message.type === 'ended') this.#hasEnded(trialIndex, message.attempt)
    const handle = this.#handles.get(trialIndex)
    if (handle === undefined || handle.attempt !== message.attempt) {
      // what was still being written when the trial was started elsewhere, or ended, is on disk all the same
      if (message.type === 'checkpoint') this.#addCheckpoint(trialIndex, message.checkpoint)
      return
    }
    const isRunning = this.#study.running.has(trialIndex)
    switch (message.type) {
      case 'checkpoint':
        // one that was asked for at a pause, a stop or an interruption stands for a state that is settled already
        if (isRunning && !this.#isSuspending) this.#order.offer(trialIndex, message)
        else this.#addCheckpoint(trialIndex, message.checkpoint)
        return
      case 'report':
        if (message.iteration <= handle.received) {
          this.#compare(message)
          return
        }
        handle.received = message.iteration
        this.#order.offer(trialIndex, message)
        return
      case 'failed':
        if (!isRunning) return
        if (message.fault === 'neighbour') {
          if (!this.#isSuspending) this.#restartAt(trialIndex)
          return
        }
        if (message.fault === 'worker' && this.#outliveCrash(trialIndex, handle, message.error)) return
        handle.isComplete = true
        this.#order.offer(trialIndex, message)
        return
      case 'ended':
        handle.isComplete = true
        if (!isRunning) this.#handles.delete(trialIndex)
        this.#order.offer(trialIndex, message)
        return
      default:
        message satisfies never
    }
  }

  /** A trial that was told to end has ended. */
  #hasEnded(trialIndex: number, attempt: number): void {
    if (this.#ending.get(trialIndex) === attempt) this.#ending.delete(trialIndex)
  }

  /** A trial's clean-up is done; one that was only put out of memory keeps its attempts counted. */
  #hasLeft(trialIndex: number, attempt: number): void {
    this.#hasEnded(trialIndex, attempt)
    const handle = this.#handles.get(trialIndex)
    const isOpen = this.#study.running.has(trialIndex) || this.#study.paused.has(trialIndex)
    if (handle?.attempt === attempt && !isOpen) this.#handles.delete(trialIndex)
  }

  #commitAll(): void {
    if (this.#isInterrupted) this.#suspendAll()
    if (this.#budget.isSpent && !this.#isInterrupted) this.#halt('the time budget is spent', 'time-budget')
    for (;;) {
      const next = this.#order.take()
      if (next === undefined) break
      this.#commit(next.trialIndex, next.message)
    }
  }

  #commit(trialIndex: number, message: OrderedMessage): void {
    const trial = this.#study.trials[trialIndex]
    if (trial === undefined) return
    switch (message.type) {
      case 'report': {
        const { metrics, timing } = message
        const checkpoint = message.checkpoint && this.#checkpoints.scored(message.checkpoint, message)
        this.#study.commitReport(trialIndex, metrics, timing, checkpoint)
        const remove = checkpoint && this.#checkpoints.prune(trialIndex)
        if (remove) this.#actions.push(remove)
        break
      }
      case 'checkpoint':
        this.#addCheckpoint(trialIndex, message.checkpoint)
        return
      case 'ended':
        this.#study.tell(trialIndex)
        break
      case 'failed':
        if (this.#study.fail(trialIndex, message.error)) {
          this.#restart(trial, false)
          return
        }
        break
      default:
        message satisfies never
    }
    this.#afterCommit(trial, message.type !== 'report')
    this.#fill()
  }

  /** Acts on what became of a trial by an event; @param hasLeft - whether the executor has let it go by itself */
  #afterCommit(trial: Trial, hasLeft: boolean): void {
    const { index, status } = trial
    switch (status) {
      case 'running':
        if (this.#hasMoved(trial)) this.#adopt(trial)
        else this.#planExtension(trial)
        return
      case 'paused':
        this.#order.close(index)
        this.#actions.push(() => this.#pause(index))
        return
      case 'terminated':
      case 'error':
        this.#order.close(index)
        if (hasLeft) this.#handles.delete(index)
        else this.#stop(trial)
        this.#failEarly(trial)
        break
      case 'pending':
        return
      default:
        status satisfies never
    }
    if (this.#study.haltReason !== undefined) this.#stopAll()
  }

  /** A study none of whose trials reports its metric can't be meant; better to say so at the first trial's end than at the last's. */
  #failEarly(trial: Trial): void {
    if (trial.error?.code !== 'METRIC_MISSING' || this.#study.best !== undefined) return
    this.#fatal ??= fromErrorRecord(trial.error)
  }

  #fill(): void {
    const { maxConcurrentTrials } = this.#study.definition
    while (this.#study.running.size < maxConcurrentTrials && !this.#isInterrupted) {
      const ask = this.#study.ask()
      if (ask.type === 'wait' || ask.type === 'finished') return
      const { trial } = ask
      this.#order.open(trial.index, trial.clock)
      const handle = this.#handles.get(trial.index)
      if (this.#hasMoved(trial)) {
        this.#adopt(trial)
      } else if (
        ask.type === 'resume' &&
        handle &&
        this.#executor.holds(trial.index) &&
        !this.#ending.has(trial.index)
      ) {
        handle.grant = this.#grantFor(trial)
        this.#actions.push(() => this.#resume(trial))
      } else {
        this.#restart(trial, false)
      }
    }
  }

  #resume(trial: Trial): void {
    const handle = this.#handles.get(trial.index)
    if (handle === undefined || trial.status !== 'running') return
    if (this.#executor.holds(trial.index)) this.#executor.extend(trial.index, handle.grant, { clock: trial.clock })
    else this.#restart(trial, false)
  }

  /** Whether a trial has taken another's checkpoint over since it was started. */
  #hasMoved(trial: Trial): boolean {
    const handle = this.#handles.get(trial.index)
    return handle !== undefined && handle.origin !== trial.origin
  }

  /** Starts a trial from the checkpoint that it took over; what it has in memory, and did ahead of its commits, is dropped. */
  #adopt(trial: Trial): void {
    const { index } = trial
    this.#order.close(index)
    this.#order.open(index, trial.clock)
    this.#toExtend.delete(index)
    this.#actions.push(() => {
      if (this.#executor.holds(index)) this.#executor.stop(index)
    })
    this.#restart(trial, false)
  }

  #restartAt(trialIndex: number): void {
    const trial = this.#study.trials[trialIndex]
    if (trial) this.#restart(trial, false)
  }

  /** Starts a trial: its first time, after a failure, or when it is no longer in memory. */
  #restart(trial: Trial, isolated: boolean): void {
    const before = this.#handles.get(trial.index)
    const handle: Handle = {
      attempt: (before?.attempt ?? -1) + 1,
      received: this.#hasMoved(trial) ? trial.iteration : Math.max(before?.received ?? 0, trial.iteration),
      isComplete: false,
      grant: this.#grantFor(trial),
      origin: trial.origin,
      crashes: before?.crashes ?? 0,
      committedAtCrash: before?.committedAtCrash ?? -1,
    }
    this.#handles.set(trial.index, handle)
    this.#actions.push(() => {
      if (this.#handles.get(trial.index) !== handle || trial.status !== 'running') return
      const { path } = this.#options
      const { seed } = this.#study.definition
      const directoryOf = (index: number) => this.#study.trials[index]?.directory ?? ''
      const run = describeRun(trial, { seed, path, directoryOf, grant: handle.grant, isolated })
      this.#executor.start(run, handle.attempt)
    })
  }

  #grantFor(trial: Trial): Grant {
    const { until, iteration } = this.#study.grantOf(trial.index)
    const ahead = this.#options.stepByStep ? 1 : REPORTS_AHEAD
    return { until, iteration: Math.min(iteration, trial.iteration + ahead) }
  }

  /** A new grant is sent when the old one is used up, or half used up where it only bounds how far the trial may be ahead. */
  #planExtension(trial: Trial): void {
    const handle = this.#handles.get(trial.index)
    if (handle === undefined || handle.isComplete) return
    const grant = this.#grantFor(trial)
    const isDue = grant.until !== handle.grant.until || trial.iteration >= handle.grant.iteration - REPORTS_AHEAD / 2
    if (!isDue || grant.iteration === handle.grant.iteration) {
      if (grant.until === handle.grant.until) return
    }
    handle.grant = grant
    this.#toExtend.add(trial.index)
  }

  #pause(trialIndex: number): void {
    this.#executor.pause(trialIndex)
    if (this.#study.paused.size <= maxPausedInMemory) return
    for (const index of this.#study.paused.keys()) {
      const handle = this.#handles.get(index)
      if (handle === undefined || !this.#executor.holds(index) || this.#ending.has(index)) continue
      this.#ending.set(index, handle.attempt)
      this.#executor.stop(index)
      return
    }
  }

  #stop(trial: Trial): void {
    const handle = this.#handles.get(trial.index)
    if (handle === undefined || handle.isComplete) {
      this.#handles.delete(trial.index)
      return
    }
    this.#ending.set(trial.index, handle.attempt)
    const committed = trial.iteration
    this.#actions.push(() => {
      if (this.#executor.holds(trial.index)) this.#executor.stop(trial.index, { committed })
      else this.#ending.delete(trial.index)
    })
  }

  #stopAll(): void {
    for (const index of this.#handles.keys()) {
      const trial = this.#study.trials[index]
      this.#order.close(index)
      if (trial && !this.#ending.has(index)) this.#stop(trial)
    }
  }

  #halt(reason: string, by: string): void {
    if (this.#study.haltReason !== undefined || this.#study.isFinished) return
    this.#study.halt(reason, by)
    this.#fill()
  }

  #suspendAll(): void {
    if (this.#isSuspending) return
    this.#isSuspending = true
    this.#options.notifier.notice({
      level: 'info',
      message:
        'interrupted: running trials end at their next report, and are saved where they can be. Ctrl-C again quits at once',
    })
    for (const [index, handle] of this.#handles) {
      if (handle.isComplete || !this.#study.running.has(index)) continue
      this.#ending.set(index, handle.attempt)
      this.#actions.push(() => {
        if (this.#executor.holds(index)) this.#executor.suspend(index)
        else this.#ending.delete(index)
      })
    }
  }

  /** Starts a trial again whose worker has died; @returns false once that has happened too often */
  #outliveCrash(trialIndex: number, handle: Handle, error: ErrorRecord): boolean {
    const trial = this.#study.trials[trialIndex]
    if (trial === undefined || this.#isSuspending) return this.#isSuspending
    if (trial.iteration > handle.committedAtCrash) handle.crashes = 0
    handle.committedAtCrash = trial.iteration
    handle.crashes += 1
    if (handle.crashes > maxWorkerFailures) return false
    const from = trial.checkpoints.at(-1)
    this.#options.notifier.notice({
      level: 'warning',
      message: `trial ${trialIndex} starts again from ${from ? from.name : 'its beginning'}, alone in its worker: ${error.message}`,
    })
    this.#restart(trial, true)
    return true
  }

  /** What a trial reports again after a restart has to be what it reported before. */
  #compare(message: Extract<ExecutorMessage, { type: 'report' }>): void {
    const last = this.#study.trials[message.trialIndex]?.lastReport
    if (last?.iteration !== message.iteration || JSON.stringify(last.metrics) === JSON.stringify(message.metrics))
      return
    this.#options.notifier.notice({
      level: 'warning',
      message: `trial ${message.trialIndex} did not repeat its report ${message.iteration} after it was started again: the committed one stands. Take randomness from context.rng or context.seed alone`,
    })
  }

  #addCheckpoint(trialIndex: number, checkpoint: CheckpointRecord): void {
    const remove = this.#checkpoints.add(trialIndex, checkpoint)
    if (remove) this.#actions.push(remove)
  }

  /** Makes what was committed durable, then does what was decided and tells of it. */
  async #act(): Promise<void> {
    const events = this.#options.takeEvents()
    if (events.length > 0) await this.#flush()
    for (const event of events) {
      // a paused trial was ended, by the scheduler or with the study: what is held of it in memory can go
      const trial = event.event === 'end' && event.decision ? this.#study.trials[event.trial] : undefined
      if (trial) this.#stop(trial)
    }
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
    if (events.length > 0) this.#options.notifier.tell(events)
  }

  #flush(): Promise<void> {
    const { journal, notifier } = this.#options
    return flushPatiently(journal, {
      onFull: () =>
        notifier.notice({
          level: 'warning',
          message:
            'the disk is full: the study stands still until there is room again. Nothing is lost; Ctrl-C ends it, and it can be restored',
        }),
      onRoom: () => notifier.notice({ level: 'info', message: 'there is room on the disk again: the study goes on' }),
      isOver: () => this.#isInterrupted,
    })
  }

  #sleep(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve
    })
  }

  #wakeUp(): void {
    this.#wake?.()
    this.#wake = undefined
  }
}
