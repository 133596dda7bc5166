import { setTimeout as sleep } from 'node:timers/promises'

/** How often a full disk is tried again, in milliseconds. */
const retryMs = 500

/** What {@link waitForRoom} may do while it waits. */
export interface Patience {
  /** Called once when the disk turns out to be full. */
  onFull(): void
  /** Called when there is room again. */
  onRoom(): void
  /** Whether it is to wait no longer. */
  isOver(): boolean
  /** @defaultValue half a second's sleep */
  wait?(): Promise<unknown>
}

/**
 * Does something that needs room on a disk, and does it again for as long as the disk is full.
 *
 * @throws what the action throws for any other reason, and for this one once waiting is over
 */
export async function waitForRoom<T>(action: () => Promise<T>, patience: Patience): Promise<T> {
  const { wait = () => sleep(retryMs) } = patience
  for (let isFirst = true; ; isFirst = false) {
    try {
      const result = await action()
      if (!isFirst) patience.onRoom()
      return result
    } catch (error) {
      if (!meansFull(error) || patience.isOver()) throw error
      if (isFirst) patience.onFull()
    }
    await wait()
  }
}

/** Whether an error means that a disk, or a user's share of it, is full. */
export function meansFull(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT')) return true
  }
  return false
}
