/** Calls something again and again; injected, so that tests decide when time passes. */
export interface Timer {
  /**
   * Calls back about every so many milliseconds, without keeping the process alive.
   *
   * @returns ends the calls
   */
  every(intervalMs: number, callback: () => void): () => void
}

/** The machine's own timer. */
export const systemTimer: Timer = {
  every(intervalMs, callback) {
    const interval = setInterval(callback, intervalMs).unref()
    return () => clearInterval(interval)
  },
}
