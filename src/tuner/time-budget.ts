/** How long the trials of a study whose time budget is spent may take to end, before they are ended by force. */
const graceMs = 30_000

/** Counts a session's share of the time budget. */
export class TimeBudget {
  #isSpent = false
  #isGraceOver = false
  readonly #timers: readonly NodeJS.Timeout[]

  /**
   * @param seconds - what is left of the budget, Infinity for no limit
   * @param onChange - called when one of the getters changes
   */
  constructor(seconds: number, onChange: () => void) {
    if (!Number.isFinite(seconds)) {
      this.#timers = []
      return
    }
    const after = (ms: number, note: () => void) =>
      setTimeout(
        () => {
          note()
          onChange()
        },
        // longer ones than a timer can hold end no study that anybody waits for
        Math.min(Math.max(0, ms), 2 ** 31 - 1),
      )
    this.#timers = [
      after(seconds * 1000, () => {
        this.#isSpent = true
      }),
      after(seconds * 1000 + graceMs, () => {
        this.#isGraceOver = true
      }),
    ]
  }

  /** Whether the study is to be halted. */
  get isSpent(): boolean {
    return this.#isSpent
  }

  /** Whether trials that were told to end have had time enough. */
  get isGraceOver(): boolean {
    return this.#isGraceOver
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
  }
}
