/** How often a trial may take its worker down without a new report before it fails. */
const maxCrashes = 3
const firstDelayMs = 100
const maxDelayMs = 30_000

/** What is known of a trial whose worker died. */
interface Crashes {
  /** How often in a row, without a new report in between. */
  crashes: number
  /** How many of its reports were committed the last time. */
  committed: number
}

/**
 * Decides what becomes of trials whose workers die, which may be no fault of theirs: they start again, each time after twice as long a wait,
 * until one has done so too often without coming any further.
 */
export class CrashPolicy {
  readonly #records = new Map<number, Crashes>()

  /**
   * Takes note of a crash.
   *
   * @param committed - how many of the trial's reports are committed
   * @returns after how many milliseconds it starts again; undefined if it has failed
   */
  delayMs(trialIndex: number, committed: number): number | undefined {
    const record = this.#records.get(trialIndex) ?? { crashes: 0, committed: -1 }
    this.#records.set(trialIndex, record)
    if (committed > record.committed) record.crashes = 0
    record.committed = committed
    record.crashes += 1
    if (record.crashes > maxCrashes) return undefined
    return Math.min(maxDelayMs, firstDelayMs * 2 ** (record.crashes - 1))
  }

  /** Forgets a trial that has ended. */
  forget(trialIndex: number): void {
    this.#records.delete(trialIndex)
  }
}
