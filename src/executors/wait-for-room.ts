import { setTimeout as sleep } from 'node:timers/promises'
import { meansFull } from '../disk-full.js'

/** How often a full disk is tried again, in milliseconds. */
const retryMs = 500

/** What {@link waitForRoom} may do while it waits. */
interface Waiting {
  /** Whether it is to wait no longer. */
  isOver(): boolean
  onNotice(text: string): void
}

/**
 * Does something that needs room on a disk, and does it again for as long as the disk is full.
 *
 * @throws what the action throws for any other reason, and for this one once waiting is over
 */
export async function waitForRoom<T>(action: () => Promise<T>, { isOver, onNotice }: Waiting): Promise<T> {
  for (let isFirst = true; ; isFirst = false) {
    try {
      const result = await action()
      if (!isFirst) onNotice('has saved its checkpoint: there is room on the disk again')
      return result
    } catch (error) {
      if (!meansFull(error) || isOver()) throw error
      if (isFirst) onNotice('waits to save a checkpoint until there is room on the disk, which is full')
    }
    await sleep(retryMs)
  }
}
