import { setImmediate } from 'node:timers/promises'

/** Other work of the thread waits no longer than this while a trainable computes. */
const breathMs = 50

/**
 * Makes a function that a loop calls between its steps: about every 50 ms it lets the thread's event loop have its turn.
 *
 * It resolves to whether the work is to go on: false once the signal is aborted.
 */
export function breathing(signal: AbortSignal): () => boolean | Promise<boolean> {
  let lastBreath = performance.now()
  return () => {
    if (performance.now() - lastBreath <= breathMs) return !signal.aborted
    return setImmediate().then(() => {
      lastBreath = performance.now()
      return !signal.aborted
    })
  }
}
