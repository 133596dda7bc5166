import { IndexedHeap } from '../math/indexed-heap.js'
import type { CommitOrder } from './events.js'

/**
 * Decides which of the messages that have come in is committed next.
 *
 * A trial is opened when it takes a place and closed when it gives it up; its own messages stay in their order.
 */
export interface MessageOrder<T> {
  /** @param clock - the trial's logical clock as it takes its place */
  open(trialIndex: number, clock: number): void
  close(trialIndex: number): void
  /** Takes a message in; of a trial that is closed it is dropped. */
  offer(trialIndex: number, message: T): void
  /** The next message to commit, if it is certain which one that is. */
  take(): { readonly trialIndex: number; readonly message: T } | undefined
}

/** Makes the order that a study is defined with. @param timeOf - the logical time of a trial's next message */
export function createOrder<T>(kind: CommitOrder, timeOf: (trialIndex: number, message: T) => number): MessageOrder<T> {
  return kind === 'logical' ? new LogicalOrder(timeOf) : new ArrivalOrder()
}

/**
 * Commits in the order of (logical time, trial index), whatever the order of arrival.
 *
 * Each open trial has a place in a heap: at the time of its first waiting message or, if none waits, at its clock, before which none
 * can come. So when the least of them has a message, no other message can come in front of it; and when it has none, it is the one to
 * wait for. Each operation is O(log n) in the number of open trials.
 */
class LogicalOrder<T> implements MessageOrder<T> {
  readonly #timeOf: (trialIndex: number, message: T) => number
  readonly #lanes = new Map<number, T[]>()
  readonly #heap = new IndexedHeap()
  /** The trial whose message was taken last. */
  #taken: number | undefined

  constructor(timeOf: (trialIndex: number, message: T) => number) {
    this.#timeOf = timeOf
  }

  open(trialIndex: number, clock: number): void {
    this.#lanes.set(trialIndex, [])
    this.#heap.set(trialIndex, clock)
  }

  close(trialIndex: number): void {
    this.#lanes.delete(trialIndex)
    this.#heap.delete(trialIndex)
  }

  offer(trialIndex: number, message: T): void {
    const lane = this.#lanes.get(trialIndex)
    if (lane === undefined) return
    lane.push(message)
    if (lane.length === 1 && trialIndex !== this.#taken) this.#heap.set(trialIndex, this.#timeOf(trialIndex, message))
  }

  take(): { readonly trialIndex: number; readonly message: T } | undefined {
    this.#settle()
    const first = this.#heap.peek()
    if (first === undefined) return undefined
    const message = this.#lanes.get(first.id)?.shift()
    if (message === undefined) return undefined
    this.#taken = first.id
    return { trialIndex: first.id, message }
  }

  /** Once the message that was taken is committed, the time of the one behind it is known. */
  #settle(): void {
    const next = this.#taken === undefined ? undefined : this.#lanes.get(this.#taken)?.[0]
    if (this.#taken !== undefined && next !== undefined) this.#heap.set(this.#taken, this.#timeOf(this.#taken, next))
    this.#taken = undefined
  }
}

/** Commits as messages come in. */
class ArrivalOrder<T> implements MessageOrder<T> {
  readonly #open = new Set<number>()
  #queue: { readonly trialIndex: number; readonly message: T }[] = []
  #first = 0

  open(trialIndex: number): void {
    this.#open.add(trialIndex)
  }

  close(trialIndex: number): void {
    this.#open.delete(trialIndex)
  }

  offer(trialIndex: number, message: T): void {
    if (this.#open.has(trialIndex)) this.#queue.push({ trialIndex, message })
  }

  take(): { readonly trialIndex: number; readonly message: T } | undefined {
    while (this.#first < this.#queue.length) {
      const next = this.#queue[this.#first]
      this.#first += 1
      if (next !== undefined && this.#open.has(next.trialIndex)) return next
    }
    this.#queue = []
    this.#first = 0
    return undefined
  }
}
