import { Writable } from 'node:stream'
import type { Timer } from '../../src/callbacks/progress/timer.js'
import type { Clock } from '../../src/clock.js'

/** Time that passes only when a test says so; timers fire on the way. */
export class ManualTime implements Clock, Timer {
  #ms = 0
  readonly #timers = new Set<{ readonly intervalMs: number; readonly callback: () => void; dueMs: number }>()

  now(): number {
    return Date.UTC(2026, 0, 2, 3, 4, 5) + this.#ms
  }

  monotonic(): number {
    return this.#ms
  }

  every(intervalMs: number, callback: () => void): () => void {
    const timer = { intervalMs, callback, dueMs: this.#ms + intervalMs }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  get timers(): number {
    return this.#timers.size
  }

  advance(ms: number): void {
    const end = this.#ms + ms
    for (;;) {
      const [next] = [...this.#timers].sort((a, b) => a.dueMs - b.dueMs)
      if (next === undefined || next.dueMs > end) break
      this.#ms = next.dueMs
      next.dueMs += next.intervalMs
      next.callback()
    }
    this.#ms = end
  }
}

/** A stream that keeps what is written, a terminal if it is given a size. */
export class FakeStream extends Writable {
  readonly isTTY: boolean
  readonly columns: number | undefined
  readonly rows: number | undefined
  readonly writes: string[] = []

  constructor(size?: { readonly columns: number; readonly rows: number }) {
    super({ decodeStrings: false })
    this.isTTY = size !== undefined
    this.columns = size?.columns
    this.rows = size?.rows
  }

  override _write(chunk: unknown, _encoding: string, done: () => void): void {
    this.writes.push(String(chunk))
    done()
  }

  get text(): string {
    return this.writes.join('')
  }
}
