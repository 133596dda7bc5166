import { setTimeout as sleep } from 'node:timers/promises'
import { meansFull } from '../disk-full.js'
import type { Journal } from '../study/journal.js'

/** How often a full disk is tried again, in milliseconds. */
const retryMs = 1000

/** What {@link flushPatiently} may do while it waits. */
export interface Patience {
  /** Called once when the disk turns out to be full. */
  onFull(): void
  /** Called when there is room again. */
  onRoom(): void
  /** Whether it is to wait no longer. */
  isOver(): boolean
  /** @defaultValue a second's sleep */
  wait?(): Promise<unknown>
}

/**
 * Makes a journal durable. A full disk is waited for, with everything that was appended kept: the study stands still meanwhile.
 *
 * @throws what the journal's `flush` throws for any other reason, and for this one once waiting is over
 */
export async function flushPatiently(journal: Journal, patience: Patience): Promise<void> {
  const { wait = () => sleep(retryMs) } = patience
  let isFull = false
  for (;;) {
    try {
      await journal.flush()
      if (isFull) patience.onRoom()
      return
    } catch (error) {
      if (!meansFull(error) || patience.isOver()) throw error
      if (!isFull) patience.onFull()
      isFull = true
    }
    await wait()
  }
}
