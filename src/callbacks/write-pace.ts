import type { Clock } from '../clock.js'
import type { Timer } from './progress/timer.js'

/** Bytes or characters that are gathered before they are written, whatever the time. */
const maxBuffered = 2 ** 20

/** When a callback writes what it gathered: every so often, and earlier where it is much. */
export class WritePace {
  readonly #writeEveryMs: number
  readonly #clock: Clock
  readonly #timer: Timer
  #stopTimer: (() => void) | undefined
  #writtenAt = 0
  #buffered = 0

  constructor(options: { readonly writeEveryMs: number; readonly clock: Clock; readonly timer: Timer }) {
    this.#writeEveryMs = options.writeEveryMs
    this.#clock = options.clock
    this.#timer = options.timer
  }

  /** Calls back as often as is to be written. */
  start(write: () => void): void {
    this.#writtenAt = this.#clock.monotonic()
    this.stop()
    this.#stopTimer = this.#timer.every(this.#writeEveryMs, write)
  }

  /** Calls back no more. */
  stop(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
  }

  /** Whether it is time to write, in case that timers are late. */
  get isDue(): boolean {
    return this.#clock.monotonic() - this.#writtenAt >= this.#writeEveryMs
  }

  /** Notes that more was gathered. @returns whether it is so much that it is to be written now */
  add(size: number): boolean {
    this.#buffered += size
    return this.#buffered > maxBuffered
  }

  /** Notes that all that was gathered is written. */
  noteWritten(): void {
    this.#writtenAt = this.#clock.monotonic()
    this.#buffered = 0
  }
}
