import type { JsonObject } from '../src/json.js'
import { CONTINUE, type Decision, type Scheduler } from '../src/scheduler.js'
import { TRAINING_ITERATION } from '../src/trial.js'

/**
 * Runs every trial to its own end, in the order in which they were suggested.
 *
 * Use it, the default, when trials are short, when their early results say little about their final ones, or as the baseline against which
 * a scheduler that stops trials is measured. It needs no metric and never makes a worker wait.
 *
 * @see Ray Tune's `FIFOScheduler`
 */
export class FIFOScheduler implements Scheduler {
  readonly name = 'fifo'
  readonly options: JsonObject = {}
  readonly timeAttr = TRAINING_ITERATION

  setUp(): void {}

  onReport(): Decision {
    return CONTINUE
  }

  /** No decision but `continue` ever comes. */
  grant(): number {
    return Number.POSITIVE_INFINITY
  }
}
