import { type Clock, systemClock } from '../clock.js'
import type { TrainableDefinition } from '../trainable/trainable.js'
import type { Executor, ExecutorOptions } from './executor.js'
import { HostedExecutor } from './hosted-executor.js'
import { TimerWatch } from './step-watch.js'
import { TrialHost } from './trial-host.js'

/** What the inline executor is made with. */
export interface InlineExecutorOptions extends ExecutorOptions {
  /** The function or class that is run. */
  readonly definition: TrainableDefinition
  /** Where it reads the time. @defaultValue the system's clock */
  readonly clock?: Clock
}

/**
 * Runs trials in this thread, interleaved at their reports and wherever they wait. For closures, for trials that wait rather than
 * compute, and for debugging.
 */
export class InlineExecutor extends HostedExecutor implements Executor {
  readonly name = 'inline'
  readonly parallelism = Number.POSITIVE_INFINITY
  /** @internal */
  protected override readonly host: TrialHost

  constructor(options: InlineExecutorOptions) {
    super()
    const { onMessages, clock = systemClock } = options
    const watch = new TimerWatch(step => this.host.abandon(step))
    this.host = new TrialHost({ ...options, clock, watch, concurrency: Number.POSITIVE_INFINITY, send: onMessages })
  }

  /** Waits for clean-ups for the given time; a thread can't end its own code by force. */
  async close({ graceMs = 5000 }: { readonly graceMs?: number } = {}): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<void>(resolve => {
      timer = setTimeout(resolve, graceMs)
    })
    await Promise.race([this.host.close(), patience])
    clearTimeout(timer)
  }
}
