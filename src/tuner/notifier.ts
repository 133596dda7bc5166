import type { Callback, Notice, StudyOutcome, StudyView } from '../callbacks/callback.js'
import { toErrorRecord } from '../errors.js'
import type { ExploitRecord, StudyEvent } from '../study/events.js'
import type { Trial } from '../trial.js'

/** Tells callbacks of committed events; one that throws is reported once, and goes on being told. What is still wrong at the end is reported again. */
export class Notifier {
  readonly #callbacks: readonly Callback[]
  readonly #view: StudyView
  /** What was reported of callbacks that threw. */
  readonly #faults = new Map<Callback, string>()

  constructor(callbacks: readonly Callback[], view: StudyView) {
    this.#callbacks = callbacks
    this.#view = view
  }

  async start(): Promise<void> {
    for (const callback of this.#callbacks) await this.#guardAsync(callback, () => callback.onStudyStart?.(this.#view))
  }

  async end(outcome: StudyOutcome): Promise<void> {
    const earlier = new Map(this.#faults)
    this.#faults.clear()
    for (const callback of this.#callbacks)
      await this.#guardAsync(callback, () => callback.onStudyEnd?.(this.#view, outcome), earlier.get(callback))
  }

  /** Tells of a group of events that are on disk. */
  tell(events: readonly StudyEvent[]): void {
    for (const event of events) this.#tellOne(event)
    this.#each(callback => callback.onFlush?.(this.#view))
  }

  notice(notice: Notice): void {
    this.#each(callback => callback.onNotice?.(notice, this.#view))
  }

  output(trialIndex: number, stream: 'stdout' | 'stderr', text: string): void {
    const trial = this.#view.trials[trialIndex]
    if (trial) this.#each(callback => callback.onTrialOutput?.(trial, stream, text, this.#view))
  }

  #tellOne(event: StudyEvent): void {
    const view = this.#view
    switch (event.event) {
      case 'trial':
        this.#eachFor(event.trial, (callback, trial) => callback.onTrialStart?.(trial, view))
        return
      case 'report': {
        const { iteration, metrics, timing, decision, checkpoint } = event
        const report = { iteration, metrics, timing }
        this.#eachFor(event.trial, (callback, trial) => callback.onTrialReport?.(trial, report, view))
        if (checkpoint) this.#tellOne({ event: 'checkpoint', trial: event.trial, checkpoint })
        if (decision?.exploit) this.#exploited(event.trial, decision.exploit)
        if (decision?.type === 'pause')
          this.#eachFor(event.trial, (callback, trial) => callback.onTrialPause?.(trial, view))
        if (decision?.type === 'stop')
          this.#eachFor(event.trial, (callback, trial) => callback.onTrialEnd?.(trial, view))
        return
      }
      case 'resume':
        if (event.exploit) this.#exploited(event.trial, event.exploit)
        this.#eachFor(event.trial, (callback, trial) => callback.onTrialResume?.(trial, view))
        return
      case 'checkpoint':
        this.#eachFor(event.trial, (callback, trial) => callback.onTrialCheckpoint?.(trial, event.checkpoint, view))
        return
      case 'end':
        this.#eachFor(event.trial, (callback, trial) => callback.onTrialEnd?.(trial, view))
        return
      case 'failure':
        this.#eachFor(event.trial, (callback, trial) => callback.onTrialFailure?.(trial, view))
        if (!event.retry) this.#eachFor(event.trial, (callback, trial) => callback.onTrialEnd?.(trial, view))
        return
      case 'halt':
        for (const trial of event.trials) this.#eachFor(trial, (callback, ended) => callback.onTrialEnd?.(ended, view))
        return
      case 'study':
      case 'session':
      case 'extend':
      case 'reopen':
      case 'prune':
      case 'finish':
        return
      default:
        event satisfies never
    }
  }

  #exploited(trialIndex: number, exploit: ExploitRecord): void {
    this.#eachFor(trialIndex, (callback, trial) => callback.onTrialExploit?.(trial, exploit, this.#view))
  }

  #eachFor(trialIndex: number, call: (callback: Callback, trial: Trial) => void): void {
    const trial = this.#view.trials[trialIndex]
    if (trial) this.#each(callback => call(callback, trial))
  }

  #each(call: (callback: Callback) => void): void {
    for (const callback of this.#callbacks) {
      try {
        call(callback)
      } catch (error) {
        this.#report(callback, error)
      }
    }
  }

  /** @param known - a fault that was reported before */
  async #guardAsync(callback: Callback, call: () => void | Promise<void>, known?: string): Promise<void> {
    try {
      await call()
    } catch (error) {
      this.#report(callback, error, known)
    }
  }

  #report(callback: Callback, error: unknown, known?: string): void {
    const message = `the callback ${callback.name ?? 'without a name'} failed, and the study goes on: ${toErrorRecord(error).message}`
    if (this.#faults.has(callback) || message === known) return
    this.#faults.set(callback, message)
    for (const other of this.#callbacks) {
      if (other === callback) continue
      try {
        other.onNotice?.({ level: 'warning', message }, this.#view)
      } catch {
        // it has had its own report, or will have
      }
    }
  }
}
