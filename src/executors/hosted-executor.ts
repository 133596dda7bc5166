import type { Grant, StopOptions, TrialRun } from './executor.js'
import type { TrialHost } from './trial-host.js'

/** What executors have in common that step trials in this thread. */
export abstract class HostedExecutor {
  /** What steps the trials. */
  protected abstract readonly host: TrialHost

  start(run: TrialRun, attempt: number): void {
    this.host.start(run, attempt)
  }

  extend(trialIndex: number, grant: Grant, resumed?: { readonly clock: number }): void {
    this.host.extend(trialIndex, grant, resumed)
  }

  pause(trialIndex: number): void {
    this.host.pause(trialIndex)
  }

  holds(trialIndex: number): boolean {
    return this.host.holds(trialIndex)
  }

  stop(trialIndex: number, options?: StopOptions): void {
    this.host.stop(trialIndex, options)
  }

  suspend(trialIndex: number, options?: StopOptions): void {
    this.host.suspend(trialIndex, options)
  }
}
