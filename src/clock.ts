/** Where time comes from: injected wherever it is read, so that tests and simulations bring their own. */
export interface Clock {
  /** Wall-clock time in milliseconds since 1970-01-01 UTC. */
  now(): number
  /** Monotonic time in milliseconds from an arbitrary origin, for durations. */
  monotonic(): number
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
}
