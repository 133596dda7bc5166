/** How many of the latest ends the pace is measured over. */
const windowSize = 64

/**
 * Estimates when a study will be done from how fast trials have been ending lately. Trials that are running count as half done, so
 * that the first ends of many trials that started together are not taken for the pace of one after the other; trials that a scheduler
 * stops early count as any other end, at the rate at which it stops them.
 */
export class Pace {
  readonly #startMs: number
  readonly #ends: number[] = []
  #count = 0

  constructor(startMs: number) {
    this.#startMs = startMs
  }

  end(nowMs: number): void {
    this.#count++
    if (this.#ends.push(nowMs) > windowSize) this.#ends.shift()
  }

  elapsedS(nowMs: number): number {
    return (nowMs - this.#startMs) / 1000
  }

  /**
   * @param open - how many trials have not ended, those not made yet included
   * @param running - how many of them run now
   * @returns seconds; undefined until three trials have ended, and where no end is known
   */
  remainingS(open: number, running: number, nowMs: number): number | undefined {
    if (!Number.isFinite(open) || this.#count < 3) return undefined
    const half = running / 2
    // once the window is full, what runs now and what ran at its beginning cancel out
    const isFull = this.#count > windowSize
    const done = isFull ? this.#ends.length : this.#ends.length + half
    const since = isFull ? (this.#ends[0] ?? this.#startMs) : this.#startMs
    const perTrialMs = (nowMs - since) / done
    return (Math.max(0, open - half) * perTrialMs) / 1000
  }
}
