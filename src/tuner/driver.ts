import type { StudyOutcome } from '../callbacks/callback.js'
import { waitForRoom } from '../disk-full.js'
import { fromErrorRecord, type TuneError } from '../errors.js'
import type { Executor, ExecutorMessage } from '../executors/executor.js'
import { createOrder, type MessageOrder } from '../study/order.js'
import type { Study } from '../study/study.js'
import type { CheckpointRecord, Trial } from '../trial.js'
import { CheckpointKeeper } from './checkpoint-keeper.js'
import { CrashPolicy } from './crash-policy.js'
import type { DriverOptions } from './driver-options.js'
import { TimeBudget } from './time-budget.js'
import { type Handle, TrialRuns } from './trial-runs.js'

/** Messages that are committed in the study's order; everything else is acted on as it comes in. */
type OrderedMessage = Extract<ExecutorMessage, { type: 'report' | 'ended' | 'failed' | 'checkpoint' }>

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
  readonly #runs: TrialRuns
  readonly #crashes = new CrashPolicy()
  #inbox: ExecutorMessage[] = []
  #wake: (() => void) | undefined
  #isInterrupted = false
  #isSuspending = false
  #fatal: TuneError | Error | undefined

  constructor(options: DriverOptions) {
    this.#options = options
    this.#study = options.study
    this.#executor = options.executor
    this.#checkpoints = new CheckpointKeeper(options.study, options.path, options.retention)
    this.#runs = new TrialRuns({
      study: options.study,
      executor: options.executor,
      checkpoints: this.#checkpoints,
      path: options.path,
      ...(options.stepByStep && { reportsAhead: 1 }),
      onDue: () => this.#wakeUp(),
    })
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
        const { hasSettled } = this.#runs
        if (this.#study.isFinished && (hasSettled || this.#budget.isGraceOver)) return { type: 'finished' }
        if (this.#isSuspending && hasSettled) return { type: 'interrupted' }
        if (this.#inbox.length === 0) {
          this.#executor.onIdle?.()
          await this.#sleep()
        }
      }
    } catch (error) {
      return { type: 'failed', error: error instanceof Error ? error : new Error(String(error)) }
    } finally {
      this.#budget.close()
      this.#runs.close()
      await this.#checkpoints.settle()
    }
  }

  /** Starts the trials that ran when an earlier session ended, and lets go of the checkpoints that it did not come to. */
  #takeUp(): void {
    for (const { index } of this.#study.trials) {
      const remove = this.#checkpoints.prune(index)
      if (remove) this.#runs.afterwards(remove)
    }
    for (const trial of this.#study.running.values()) {
      this.#order.open(trial.index, trial.clock)
      this.#runs.start(trial)
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
        this.#runs.hasLeft(message.trialIndex, message.attempt)
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
    const { trialIndex, attempt } = message
    if (message.type === 'failed' || message.type === 'ended') this.#runs.hasLeft(trialIndex, attempt)
    if (message.type === 'report' && message.checkpoint) this.#runs.hasSaved(trialIndex, message.checkpoint)
    const handle = this.#runs.get(trialIndex, attempt)
    if (handle === undefined) {
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
        if (!isRunning || this.#outlive(message, handle)) return
        handle.isComplete = true
        this.#order.offer(trialIndex, message)
        return
      case 'ended':
        handle.isComplete = true
        this.#order.offer(trialIndex, message)
        return
      default:
        message satisfies never
    }
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
        if (remove) this.#runs.afterwards(remove)
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
          this.#runs.start(trial)
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
        if (this.#runs.hasMoved(trial)) {
          // what it did ahead of its commits is dropped
          this.#order.close(index)
          this.#order.open(index, trial.clock)
          this.#runs.adopt(trial)
        } else this.#runs.planExtension(trial)
        return
      case 'paused':
        this.#order.close(index)
        this.#runs.pause(index)
        return
      case 'terminated':
      case 'error':
        this.#order.close(index)
        this.#crashes.forget(index)
        if (hasLeft) this.#runs.release(trial)
        else this.#runs.stop(trial)
        this.#failEarly(trial)
        break
      case 'pending':
        return
      default:
        status satisfies never
    }
    if (this.#study.haltReason !== undefined) this.#runs.stopAll(ended => this.#order.close(ended))
  }

  /** A study none of whose trials reports its metric can't be meant; better to say so at the first trial's end than at the last's. */
  #failEarly(trial: Trial): void {
    if (trial.error?.code !== 'METRIC_MISSING' || this.#study.best !== undefined) return
    this.#fatal ??= fromErrorRecord(trial.error)
  }

  /** Fills free places, in a session that was interrupted too: what is decided must not hang on when that happens. */
  #fill(): void {
    const { maxConcurrentTrials } = this.#study.definition
    while (this.#study.running.size < maxConcurrentTrials) {
      const ask = this.#study.ask()
      if (ask.type === 'wait' || ask.type === 'finished') return
      const { trial } = ask
      this.#order.open(trial.index, trial.clock)
      this.#runs.place(trial, ask.type === 'resume')
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
    this.#runs.suspendAll()
  }

  /** Starts a trial again that failed through no fault of its trainable; @returns false if it has failed all the same */
  #outlive({ trialIndex, fault, error }: Extract<ExecutorMessage, { type: 'failed' }>, { from }: Handle): boolean {
    const trial = this.#study.trials[trialIndex]
    if (trial === undefined || fault === 'trainable') return false
    // the next session takes it up
    if (this.#isSuspending) return true
    if (fault === 'neighbour') {
      this.#runs.start(trial)
      return true
    }
    if (fault === 'checkpoint') {
      if (from === undefined) return false
      this.#checkpoints.markDamaged(from)
      this.#warn(`trial ${trialIndex} falls back to ${this.#standingOf(trial)}: ${error.message}`)
      this.#runs.start(trial)
      return true
    }
    const delayMs = this.#crashes.delayMs(trialIndex, trial.iteration)
    if (delayMs === undefined) return false
    this.#warn(
      `trial ${trialIndex} starts again from ${this.#standingOf(trial)} in ${delayMs / 1000} s, alone in its worker: ${error.message}`,
    )
    this.#runs.start(trial, { isolated: true, delayMs })
    return true
  }

  #standingOf(trial: Trial): string {
    return this.#checkpoints.standing(trial)?.checkpoint.name ?? 'its beginning'
  }

  #warn(message: string): void {
    this.#options.notifier.notice({ level: 'warning', message })
  }

  /** What a trial reports again after a restart has to be what it reported before. */
  #compare(message: Extract<ExecutorMessage, { type: 'report' }>): void {
    const last = this.#study.trials[message.trialIndex]?.lastReport
    if (last?.iteration !== message.iteration || JSON.stringify(last.metrics) === JSON.stringify(message.metrics))
      return
    this.#warn(
      `trial ${message.trialIndex} did not repeat its report ${message.iteration} after it was started again: the committed one stands. Take randomness from context.rng or context.seed alone`,
    )
  }

  #addCheckpoint(trialIndex: number, checkpoint: CheckpointRecord): void {
    const remove = this.#checkpoints.add(trialIndex, checkpoint)
    if (remove) this.#runs.afterwards(remove)
  }

  /** Makes what was committed durable, then does what was decided and tells of it. */
  async #act(): Promise<void> {
    const events = this.#options.takeEvents()
    if (events.length > 0) await this.flush()
    for (const event of events) {
      // a paused trial was ended, by the scheduler or with the study: what is held of it in memory can go
      const trial = event.event === 'end' && event.decision ? this.#study.trials[event.trial] : undefined
      if (trial) this.#runs.stop(trial)
    }
    this.#runs.act()
    if (events.length > 0) this.#options.notifier.tell(events)
  }

  /** Makes durable what was committed; waits while the disk is full. */
  flush(): Promise<void> {
    const { journal, notifier } = this.#options
    return waitForRoom(() => journal.flush(), {
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
